using Roux.Learning.Learners;
using Roux.Torch.Training;
using Roux.Torch.Training.Optimizers;
using Roux.Torch.Training.Schedules;
using Shouldly;
using TorchSharp;
using Xunit;

namespace Roux.Torch.Tests.Training;

public sealed class TrainingLoopTests : IDisposable
{
    private readonly Blobs blobs = new();
    private readonly string folder = Directory.CreateTempSubdirectory("roux-training-").FullName;

    private static TrainingOptions Quick => new() { Epochs = 15, BatchSize = 32, Optimizer = new AdamWOptions { LearningRate = 0.02 } };

    public void Dispose()
    {
        blobs.Dispose();
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public void A_network_learns_to_tell_clouds_apart()
    {
        using var network = Blobs.Network(1);
        var told = new List<(int, double)>();
        var result = Loop(network, Quick).Run(blobs.Source, new FitContext(1, Progress: (pass, loss) => told.Add((pass, loss))));
        result.End.ShouldBe(TrainingEnd.Completed);
        result.Steps.ShouldBe(15 * 10);
        result.Epochs.Count.ShouldBe(15);
        result.Epochs[^1].TrainingLoss.ShouldBeLessThan(result.Epochs[0].TrainingLoss);
        told.Select(pair => pair.Item1).ShouldBe(Enumerable.Range(1, 15));
        blobs.Accuracy(network).ShouldBeGreaterThan(0.85);
        network.training.ShouldBeFalse();
    }

    [Fact]
    public void The_same_seed_gives_the_same_weights_and_another_seed_others()
    {
        float[] Train(int seed)
        {
            using var network = Blobs.Network(3);
            Loop(network, Quick).Run(blobs.Source, new FitContext(seed));
            return Blobs.Weights(network);
        }

        var first = Train(7);
        torch.rand(5).Dispose(); // what others draw meanwhile does not matter
        Train(7).ShouldBe(first);
        Train(8).ShouldNotBe(first);
    }

    [Theory]
    [InlineData(false, 0)]
    [InlineData(false, 7)]
    [InlineData(true, 7)]
    public void A_resumed_training_ends_bit_for_bit_like_one_that_was_never_interrupted(bool sgd, int every)
    {
        var options = Quick with
        {
            Epochs = 6,
            Accumulation = 2,
            ClipNorm = 0.5,
            Optimizer = sgd ? new SgdOptions { LearningRate = 0.05, WeightDecay = 0.01 } : new AdamWOptions { LearningRate = 0.02, WeightDecay = 0.01 },
            Schedule = new CosineSchedule { Warmup = 0.1 },
        };
        using var whole = Blobs.Network(4, dropout: 0.3);
        var expected = Loop(whole, options, blobs.Source).Run(blobs.Source, new FitContext(11));

        var path = Path.Combine(folder, "training.zip");
        var interrupted = options with { Checkpoint = path, CheckpointEvery = every };
        for (var stop = 8; stop < 24; stop += 8)
        {
            using var cancel = new CancellationTokenSource();
            using var part = Blobs.Network(99, dropout: 0.3); // other weights: all must come from the file
            if (stop == 8)
            {
                using var start = ModuleState.Of(part);
                using var same = Blobs.Network(4, dropout: 0.3);
                start.CopyFrom(same);
                start.CopyTo(part);
            }

            Loop(part, interrupted, blobs.Source, new StopAt(stop, cancel)).Run(blobs.Source, new FitContext(11, Cancellation: cancel.Token)).End.ShouldBe(TrainingEnd.Cancelled);
        }

        using var last = Blobs.Network(100, dropout: 0.3);
        var result = Loop(last, interrupted, blobs.Source).Run(blobs.Source, new FitContext(11));
        Blobs.Weights(last).ShouldBe(Blobs.Weights(whole));
        result.Epochs.ShouldBe(expected.Epochs);
        (result.Steps, result.BestEpoch, result.BestLoss).ShouldBe((expected.Steps, expected.BestEpoch, expected.BestLoss));
    }

    [Fact]
    public void A_checkpoint_of_another_training_is_refused()
    {
        var path = Path.Combine(folder, "training.zip");
        var options = Quick with { Epochs = 1, Checkpoint = path };
        using var network = Blobs.Network(1);
        Loop(network, options).Run(blobs.Source, new FitContext(1));
        Should.Throw<InvalidDataException>(() => Loop(network, options).Run(blobs.Source, new FitContext(2))).Message.ShouldContain("seed 1");
        using var other = torch.nn.Linear(2, Blobs.Classes);
        Should.Throw<InvalidDataException>(() => new TrainingLoop(other, batch => other.forward(batch.Input), Losses.CrossEntropy(), options).Run(blobs.Source, new FitContext(1)))
            .Message.ShouldContain("tensors");
        File.WriteAllText(path, "PK, but not really");
        Should.Throw<InvalidDataException>(() => Loop(network, options).Run(blobs.Source, new FitContext(1))).Message.ShouldContain("Delete the file");
    }

    [Fact]
    public void Early_stopping_brings_the_best_weights_back()
    {
        using var network = Blobs.Network(1);
        var losses = new Queue<double>([5, 3, 4, 4, 4, 1]);
        var atBest = Array.Empty<float>();
        var loop = new TrainingLoop(network, batch => network.forward(batch.Input), Losses.CrossEntropy(), Quick with { Patience = 3 })
        {
            Validate = () =>
            {
                network.training.ShouldBeFalse();
                atBest = losses.Count == 5 ? Blobs.Weights(network) : atBest;
                return losses.Dequeue();
            },
        };
        var result = loop.Run(blobs.Source, new FitContext(1));
        (result.End, result.BestEpoch, result.BestLoss, result.Epochs.Count).ShouldBe((TrainingEnd.Stopped, 1, 3.0, 5));
        Blobs.Weights(network).ShouldBe(atBest);
    }

    [Fact]
    public void Accumulated_batches_step_like_one_large_batch()
    {
        float[] Train(int batch, int accumulation)
        {
            using var network = Blobs.Network(2, dropout: 0);
            Loop(network, Quick with { Epochs = 2, BatchSize = batch, Accumulation = accumulation }).Run(blobs.Source, new FitContext(1)).Steps.ShouldBe(10);
            return Blobs.Weights(network);
        }

        var (large, small) = (Train(60, 1), Train(30, 2));
        large.Zip(small).Max(pair => Math.Abs(pair.First - pair.Second)).ShouldBeLessThan(1e-4f);
    }

    [Fact]
    public void Rows_of_weight_zero_do_not_matter()
    {
        using var weights = torch.ones(300);
        using var y = blobs.Y.clone();
        for (var row = 0; row < 300; row += 3)
        {
            weights[row] = 0;
            y[row] = 1; // wrong, and of no weight
        }

        using var network = Blobs.Network(1);
        Loop(network, Quick).Run(new TensorSource(blobs.X, y, weights), new FitContext(1));
        using var scope = torch.NewDisposeScope();
        var right = network.forward(blobs.X).argmax(1).eq(blobs.Y).to(torch.float32);
        ((right * weights).sum() / weights.sum()).item<float>().ShouldBeGreaterThan(0.85f);
    }

    [Fact]
    public void A_training_whose_loss_is_no_number_ends()
    {
        using var network = Blobs.Network(1);
        var result = Loop(network, Quick with { Optimizer = new SgdOptions { LearningRate = 1e30 } }).Run(blobs.Source, new FitContext(1));
        result.End.ShouldBe(TrainingEnd.Diverged);
    }

    [Fact]
    public void Observers_hear_of_every_step_in_order_and_of_the_end_when_something_is_thrown()
    {
        using var network = Blobs.Network(1);
        var log = new Log();
        Loop(network, Quick with { Epochs = 2, BatchSize = 100, ClipNorm = 1e-3 }, null, log).Run(blobs.Source, new FitContext(1));
        log.Words.ShouldBe(["started", .. Enumerable.Repeat<string[]>(["1", "gradients", "done"], 3).SelectMany(words => words), "epoch", .. Enumerable.Repeat<string[]>(["1", "gradients", "done"], 3).SelectMany(words => words), "epoch", "ended"]);
        log.Norms.ShouldAllBe(norm => norm > 1e-3);
        log.Words.Clear();
        var throwing = new TrainingLoop(network, _ => throw new InvalidOperationException("no"), Losses.CrossEntropy(), Quick) { Observers = [log] };
        Should.Throw<InvalidOperationException>(() => throwing.Run(blobs.Source, new FitContext(1)));
        log.Words.ShouldBe(["started", "1", "ended"]);
    }

    [Fact]
    public void No_tensor_stays_behind()
    {
        using var network = Blobs.Network(1);
        Loop(network, Quick with { Epochs = 1, ClipNorm = 1 }, blobs.Source).Run(blobs.Source, new FitContext(1)); // parameters make their gradients once
        var before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        Loop(network, Quick with { Epochs = 3, ClipNorm = 1, Accumulation = 3, Checkpoint = Path.Combine(folder, "c.zip") }, blobs.Source).Run(blobs.Source, new FitContext(1));
        (DisposeScopeManager.Statistics.ThreadTotalLiveCount - before).ShouldBeLessThanOrEqualTo(0);
    }

    [Fact]
    public void Wrong_options_are_named()
    {
        using var network = Blobs.Network(1);
        Should.Throw<LearnerException>(() => Loop(network, Quick with { BatchSize = 0 }).Run(blobs.Source, new FitContext(1))).Message.ShouldContain("batch size 0");
        Should.Throw<LearnerException>(() => Loop(network, Quick with { Optimizer = new AdamWOptions { LearningRate = -1 } }).Run(blobs.Source, new FitContext(1))).Message.ShouldContain("-1");
        foreach (var parameter in network.parameters())
        {
            parameter.requires_grad = false;
        }

        Should.Throw<LearnerException>(() => Loop(network, Quick).Run(blobs.Source, new FitContext(1))).Message.ShouldContain("frozen");
    }

    private static TrainingLoop Loop(torch.nn.Module<torch.Tensor, torch.Tensor> network, TrainingOptions options, BatchSource? validation = null, params ITrainingObserver[] observers) =>
        new(network, batch => network.forward(batch.Input), Losses.CrossEntropy(labelSmoothing: 0.02), options) { Validation = validation, Observers = observers };

    private sealed class StopAt(long step, CancellationTokenSource cancel) : ITrainingObserver
    {
        public void StepDone(TrainingStep at)
        {
            if (at.Step == step)
            {
                cancel.Cancel();
            }
        }
    }

    private sealed class Log : ITrainingObserver
    {
        public List<string> Words { get; } = [];

        public List<double> Norms { get; } = [];

        public void Started(TrainingStep step) => Words.Add("started");

        public void StepStarting(TrainingStep step) => Words.Add(step.Batch is null ? "0" : "1");

        public void GradientsReady(TrainingStep step)
        {
            double.IsFinite(step.LossValue).ShouldBeTrue();
            step.Outputs.ShouldNotBeNull().shape.ShouldBe([100, Blobs.Classes]);
            Words.Add("gradients");
        }

        public void StepDone(TrainingStep step)
        {
            Norms.Add(step.GradientNorm);
            Words.Add("done");
        }

        public void EpochDone(TrainingStep step, EpochSummary epoch) => Words.Add("epoch");

        public void Ended(TrainingStep step) => Words.Add("ended");
    }
}
