using Roux.Debugging.Checks;
using Roux.Debugging.Checks.Training;
using Roux.Debugging.Findings;
using Roux.Debugging.Signals;
using Roux.Torch.Probes;
using Roux.Torch.Training;
using Roux.Torch.Watch;
using Roux.Tracking;
using TorchSharp;
using static TorchSharp.torch;

namespace Roux.Torch.Tests.BugBank;

/// <summary>A small network, trained for a moment while it is watched, and tried before.</summary>
internal sealed record TrainingCase
{
    public required Func<nn.Module<Tensor, Tensor>> Net { get; init; }

    public required Func<(Tensor X, Tensor Y)> Data { get; init; }

    public LossKind Kind { get; init; } = LossKind.CrossEntropy;

    public int? Classes { get; init; } = 3;

    public Loss? Loss { get; init; }

    public Func<nn.Module, optim.Optimizer> Optimizer { get; init; } = module => optim.Adam(module.parameters(), 3e-3);

    public int BatchSize { get; init; } = 64;

    public int Steps { get; init; } = 200;

    public double Smoothing { get; init; }

    public bool IsPretrained { get; init; }

    /// <summary>Labels of the training rows as the program sees them.</summary>
    public Func<Tensor, Tensor> Labels { get; init; } = labels => labels;

    public Func<nn.Module, optim.Optimizer, Batch, double>? OwnStep { get; init; }

    public Func<nn.Module, IReadOnlyList<Tensor>, Tensor>? OwnEvaluation { get; init; }

    /// <summary>Findings, ranked and merged.</summary>
    public IReadOnlyList<Finding> Findings(int seed) => GlobalRandom.From(seed, () =>
    {
        TorchLibrary.Threads = 1;
        using var scope = NewDisposeScope();
        using var net = Net();
        var (x, y) = Data();
        var held = x.shape[0] / 3;
        var (trainX, trainY) = (x.narrow(0, 0, x.shape[0] - held), Labels(y.narrow(0, 0, y.shape[0] - held)));
        var (heldX, heldY) = (x.narrow(0, x.shape[0] - held, held), y.narrow(0, y.shape[0] - held, held));
        var loss = Loss ?? (Kind switch
        {
            LossKind.Squared => Losses.SquaredError(),
            LossKind.BinaryCrossEntropy => Losses.BinaryCrossEntropy(),
            _ => Losses.CrossEntropy(Smoothing),
        });
        var facts = new TrainingFacts { Loss = Kind, Classes = Kind == LossKind.CrossEntropy ? Classes : null, BatchSize = BatchSize, LabelSmoothing = Smoothing, IsPretrained = IsPretrained };
        var batches = Enumerable.Range(0, (int)(trainX.shape[0] / BatchSize)).Select(index => Take(trainX, trainY, index)).ToList();
        using var network = new TorchTrainable(net, inputs => net.call(inputs[0]), loss, Optimizer, batches) { Facts = facts, OwnStep = OwnStep, OwnEvaluation = OwnEvaluation };
        var context = new CheckContext { Seed = seed };
        var found = TrainingReview.Of(new TrainingSubject { Network = network }, context).ToList();
        found.AddRange(TrainingReview.Of(new TrainingSubject { Signals = Train(net, loss, batches, (heldX, heldY), facts) }, context, TrainingChecks.OfCurves));
        return FindingList.Of(found, TrainingReview.Cards);
    });

    private TrainingSignals Train(nn.Module<Tensor, Tensor> net, Loss loss, List<Batch> batches, (Tensor X, Tensor Y) held, TrainingFacts facts)
    {
        using var optimizer = Optimizer(net);
        using var watch = TrainingWatch.Attach(net, null, optimizer, new WatchOptions { Every = 5, Judge = false }, facts);
        for (var step = 0; step < Steps; step++)
        {
            using var inner = NewDisposeScope();
            net.train();
            var batch = batches[step % batches.Count];
            if (OwnStep is null)
            {
                optimizer.zero_grad();
            }

            var value = loss(net.call(batch.Input), batch);
            value.backward();
            watch.Step(value);
            optimizer.step();
            if (step % 10 == 9)
            {
                using var still = no_grad();
                net.eval();
                var outputs = net.call(held.X);
                var accuracy = Kind == LossKind.CrossEntropy ? outputs.argmax(1).eq(held.Y).to(ScalarType.Float32).mean().ToDouble() : (double?)null;
                watch.Validation(loss(outputs, new Batch([held.X], held.Y, [])).ToDouble(), accuracy);
            }
        }

        return watch.Signals();
    }

    private Batch Take(Tensor x, Tensor y, int index) => new([x.narrow(0, index * BatchSize, BatchSize)], y.narrow(0, index * BatchSize, BatchSize), [.. Enumerable.Range(index * BatchSize, BatchSize)]);
}
