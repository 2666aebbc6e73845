using Roux.Debugging.Signals;
using Roux.Learning.Data;
using Roux.Learning.Learners;
using Roux.Learning.Learners.Boosting;
using Roux.Torch.Probes;
using Roux.Torch.Training;
using Roux.Torch.Training.Optimizers;
using Roux.Torch.Training.Schedules;
using TorchSharp;

namespace Roux.Torch.Learners.Mlp;

/// <summary>Fits one or more networks, each with early stopping on its own part of the rows held out.</summary>
internal sealed class MlpFit
{
    /// <summary>Fewer rows than this cannot spare any for early stopping.</summary>
    private const int MinRowsToHoldOut = 40;

    /// <summary>Passes where there are too few rows for early stopping.</summary>
    private const int BlindEpochs = 60;

    private const int MaxHeldOut = 20_000;

    private readonly TrainingSet training;
    private readonly MlpSettings settings;
    private readonly FitContext context;
    private readonly MlpInputs inputs;
    private readonly RegressionScale scale;
    private readonly float[] answers;
    private readonly float[]? weights;

    /// <param name="training">The rows.</param>
    /// <param name="rowWeights">One per row.</param>
    /// <param name="settings">Hyperparameters.</param>
    /// <param name="context">The circumstances.</param>
    public MlpFit(TrainingSet training, double[] rowWeights, MlpSettings settings, FitContext context)
    {
        (this.training, this.context) = (training, context);
        inputs = MlpInputs.Of(training.X, settings.Bins);
        if (inputs.Width + inputs.Levels.Count == 0)
        {
            throw new LearnerException("no column became a feature: there is nothing to learn from");
        }

        // The encoding can have fewer numbers than bins were asked for, where values repeat.
        this.settings = settings.Bins == 0 ? settings : settings with { Shape = settings.Shape with { Encoded = inputs.Encoded } };
        weights = Array.TrueForAll(rowWeights, weight => weight == rowWeights[0]) ? null : Array.ConvertAll(rowWeights, weight => (float)weight);
        var y = training.Y;
        scale = y.Task == TaskKind.Regression ? RegressionScale.Of(y.Values, weights, log: false) : RegressionScale.Identity;
        answers = y.Task == TaskKind.Regression ? Array.ConvertAll(y.Values, scale.ToBoosted) : Array.ConvertAll(y.Labels, label => (float)label);
    }

    /// <exception cref="OperationCanceledException">Asked to stop before a pass was whole.</exception>
    /// <exception cref="LearnerException">It did not converge.</exception>
    public MlpModel Run()
    {
        var members = new MlpWeights?[settings.Members];
        Loops.For(members.Length, context.Threads, CancellationToken.None, member => members[member] = context.Cancellation.IsCancellationRequested ? null : Member(member));
        MlpWeights[] whole = [.. members.OfType<MlpWeights>()];
        return whole.Length > 0
            ? new MlpModel(ModelHead.Of(training), settings.Shape, inputs, scale, whole)
            : throw new OperationCanceledException(context.Cancellation);
    }

    /// <summary>The first network before its first step.</summary>
    public TorchTrainable Untrained()
    {
        var generator = new torch.Generator((ulong)(uint)context.Seed);
        var network = new MlpNetwork(settings.Shape, inputs, settings.Dropout, generator);
        return Loop(network, Options(stopsEarly: false)).Untrained(Source([.. Enumerable.Range(0, training.Y.Count)]), context.Seed, new TrainingFacts
        {
            Loss = training.Y.Task switch { TaskKind.Binary => LossKind.BinaryCrossEntropy, TaskKind.Multiclass => LossKind.CrossEntropy, _ => LossKind.Squared },
            Classes = training.Y.Task == TaskKind.Multiclass ? training.Y.Width : null,
            LabelSmoothing = settings.LabelSmoothing,
        });
    }

    private TrainingLoop Loop(MlpNetwork network, TrainingOptions options, torch.Generator? generator = null, BatchSource? validation = null) =>
        new(network, batch => network.forward(batch.Inputs[0], batch.Inputs.Count > 1 ? batch.Inputs[1] : null), Loss(), options) { Generator = generator, Validation = validation };

    /// <summary>One network; <c>null</c> when asked to stop before it was of use.</summary>
    private MlpWeights? Member(int member)
    {
        var seed = (int)SplitMix64.For(context.Seed, member).Next();
        var (inside, outside) = Split(member);
        using var generator = new torch.Generator((ulong)(uint)seed);
        using var scope = torch.NewDisposeScope();
        using var network = new MlpNetwork(settings.Shape, inputs, settings.Dropout, generator);
        var loop = Loop(network, Options(outside.Length > 0), generator, outside.Length > 0 ? Source(outside) : null);

        // One thread: networks of this size gain little from more, and sums of several threads need not be the same to the last bit.
        var result = loop.Run(Source(inside), new FitContext(seed, 1, member == 0 ? context.Progress : null, context.Cancellation));
        if (result.End == TrainingEnd.Diverged && result.BestEpoch < 0)
        {
            throw new LearnerException($"the network did not converge: its loss became infinite in pass {result.Epochs.Count + 1}; a lower learning_rate than {settings.LearningRate} may help");
        }

        return result.Epochs.Count == 0 ? null : network.Weights();
    }

    private (int[] Inside, int[] Outside) Split(int member)
    {
        var rows = training.Y.Count;
        if (rows < MinRowsToHoldOut)
        {
            return ([.. Enumerable.Range(0, rows)], []);
        }

        // At least a tenth, at most a fifth, and no more rows than it takes to tell two passes apart.
        var parts = Math.Max(rows < 10_000 ? 5 : 10, (rows + MaxHeldOut - 1) / MaxHeldOut);
        return InnerSplit.Hold(InnerSplit.Deal(training.Y, parts, context.Seed), member % parts);
    }

    private MlpSource Source(int[] rows) => new(training, inputs, answers, weights, rows);

    private TrainingOptions Options(bool stopsEarly) => new()
    {
        Epochs = stopsEarly ? settings.Epochs : Math.Min(settings.Epochs, BlindEpochs),
        BatchSize = settings.BatchSize,
        Optimizer = new AdamWOptions { LearningRate = settings.LearningRate, WeightDecay = settings.WeightDecay },
        Schedule = new PlateauSchedule { Patience = Math.Max(1, settings.Patience * 2 / 5), Cut = 0.3 },
        ClipNorm = 1,
        Patience = stopsEarly ? settings.Patience : 0,
        MinImprovement = 1e-4,
    };

    private Loss Loss() => training.Y.Task switch
    {
        TaskKind.Binary => Losses.BinaryCrossEntropy(settings.LabelSmoothing),
        TaskKind.Multiclass => Losses.CrossEntropy(settings.LabelSmoothing),
        _ => Losses.SquaredError(),
    };
}
