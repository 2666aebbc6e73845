using Roux.Debugging.Signals;
using Roux.Learning.Learners;
using Roux.Torch.Probes;
using TorchSharp;
using TorchSharp.Modules;

namespace Roux.Torch.Training;

/// <summary>
/// Trains a network. Everything follows from the seed: the order of rows, and what the network draws at random while it learns. Initial weights are
/// the caller's: make the module within <see cref="GlobalRandom.From{T}"/>, or set them from numbers of your own.
/// <code>
/// var module = GlobalRandom.From(seed, () => new Net());
/// var loop = new TrainingLoop(module, batch => module.forward(batch.Input), Losses.CrossEntropy(), new TrainingOptions { Patience = 10 })
/// {
///     Validation = new TensorSource(xHeld, yHeld),
/// };
/// var result = loop.Run(new TensorSource(x, y), new FitContext(seed, threads));
/// </code>
/// All tensors that are made during a step are disposed when it ends, those of the network's forward included.
/// </summary>
/// <param name="module">The network. It is left in evaluation mode, with the weights of the best pass where rows are held out.</param>
/// <param name="forward">What the network answers to a batch, in the form that the loss wants.</param>
/// <param name="loss">The mean loss of a batch.</param>
/// <param name="options">How it is trained.</param>
public sealed class TrainingLoop(torch.nn.Module module, Func<Batch, torch.Tensor> forward, Loss loss, TrainingOptions options)
{
    private const int MostBatchesTried = 16;

    /// <summary>Held-out rows, whose loss decides about the best weights, early stopping and plateaus; <c>null</c> for none.</summary>
    public BatchSource? Validation { get; init; }

    /// <summary>Another judgement of the network after each pass, lower is better, in place of the loss of <see cref="Validation"/>; called in evaluation mode without gradients. <c>null</c> for that loss.</summary>
    public Func<double>? Validate { get; init; }

    /// <summary>Who is told how it goes.</summary>
    public IReadOnlyList<ITrainingObserver> Observers { get; init; } = [];

    /// <summary>The generator that the network draws from while it learns (dropout), and nobody else. <c>null</c>: libtorch's own, which the whole process shares, so that such trainings wait for each other.</summary>
    public torch.Generator? Generator { get; init; }

    /// <summary>Trains, or goes on where the file <see cref="TrainingOptions.Checkpoint"/> says that it was.</summary>
    /// <param name="training">Rows to learn from.</param>
    /// <param name="context">Seed; threads of one operation; told (pass from 1, validation or else training loss); a wish to stop is heard before each batch, and the result says so.</param>
    /// <exception cref="LearnerException">An option is out of range, there are no rows, or nothing learns.</exception>
    /// <exception cref="InvalidDataException">The checkpoint is damaged, or of another network or training.</exception>
    /// <exception cref="TorchUnavailableException">libtorch does not load.</exception>
    public TrainingResult Run(BatchSource training, FitContext context)
    {
        ArgumentNullException.ThrowIfNull(training);
        ArgumentNullException.ThrowIfNull(context);
        options.Check();
        if (training.Rows == 0)
        {
            throw new LearnerException("there are no rows to learn from");
        }

        TorchLibrary.Threads = Math.Max(1, context.Threads);
        using var hold = Generator is null ? new GlobalRandom.Hold(context.Seed, context.Cancellation) : null;
        using var device = options.Device is null ? null : module.to(options.Device);
        using var optimizer = options.Optimizer.Create(module);
        using var progress = new TrainingProgress();
        using var run = new Passes(this, training, context, optimizer, progress);
        return run.All();
    }

    /// <summary>The network as it is before its first step, with its loss, its optimiser and some batches of its data, for checks that try things.</summary>
    /// <param name="training">Rows to learn from.</param>
    /// <param name="seed">Gives the order of rows, that of the first pass of a training.</param>
    /// <param name="facts">What is known of the loss.</param>
    internal TorchTrainable Untrained(BatchSource training, int seed, TrainingFacts facts)
    {
        var device = options.Device ?? module.parameters().First().device;
        var batches = training.Order(seed, 0, options.BatchSize).Chunk(options.BatchSize).Take(MostBatchesTried).Select(rows => training.Take(rows, device)).ToList();
        return new TorchTrainable(module, inputs => forward(new Batch(inputs, batches[0].Targets, [])), loss, network => options.Optimizer.Create(network), batches)
        {
            Facts = facts with { BatchSize = batches[0].Rows.Length, LearningRate = options.Optimizer.LearningRate, WeightDecay = options.Optimizer.WeightDecay },
            Owned = module,
        };
    }

    /// <summary>One call of <see cref="Run"/>.</summary>
    private sealed class Passes : IDisposable
    {
        private readonly TrainingLoop loop;
        private readonly TrainingOptions options;
        private readonly torch.nn.Module module;
        private readonly BatchSource training;
        private readonly FitContext context;
        private readonly OptimizerHelper optimizer;
        private readonly TrainingProgress progress;
        private readonly TrainingStep step;
        private readonly IReadOnlyList<ITrainingObserver> observers;
        private readonly List<Parameter> parameters;
        private readonly torch.optim.ILearningRateController[] groups;
        private readonly double[] rates;
        private readonly torch.Device device;
        private readonly Checkpoint? checkpoint;
        private readonly int batches;

        public Passes(TrainingLoop loop, BatchSource training, FitContext context, OptimizerHelper optimizer, TrainingProgress progress)
        {
            (this.loop, this.training, this.context, this.optimizer, this.progress) = (loop, training, context, optimizer, progress);
            (options, module, observers) = (loop.Settings, loop.Network, loop.Observers);
            step = new TrainingStep(module, optimizer);
            parameters = [.. optimizer.parameters()];
            groups = [.. optimizer.ParamGroups];
            rates = [.. groups.Select(group => group.LearningRate)];
            device = options.Device ?? parameters[0].device;
            batches = (training.Rows + options.BatchSize - 1) / options.BatchSize;
            checkpoint = options.Checkpoint is null ? null : new Checkpoint(options.Checkpoint, module, optimizer, loop.Generator, $"{training.Rows} rows, batch size {options.BatchSize}, accumulation {options.Accumulation}, seed {context.Seed}");
        }

        private long StepsPerEpoch => (batches + options.Accumulation - 1) / options.Accumulation;

        public TrainingResult All()
        {
            checkpoint?.Restore(progress);
            step.Epoch = progress.Epoch;
            Tell(observer => observer.Started(step));
            try
            {
                var end = Loop();
                progress.Best?.CopyTo(module);
                return new TrainingResult(end, progress.Step, [.. progress.Epochs], progress.BestEpoch, progress.BestEpoch < 0 ? double.NaN : progress.BestLoss);
            }
            finally
            {
                module.eval();
                Clear();
                Tell(observer => observer.Ended(step));
            }
        }

        public void Dispose()
        {
            foreach (var parameter in parameters)
            {
                parameter.grad = null; // as large as the network, and of no more use
            }
        }

        private TrainingEnd Loop()
        {
            while (progress.Epoch < options.Epochs)
            {
                if (options.Patience > 0 && progress.Waited >= options.Patience)
                {
                    return TrainingEnd.Stopped;
                }

                module.train();
                step.Epoch = progress.Epoch;
                var order = training.Order(context.Seed, progress.Epoch, options.BatchSize);
                while (progress.Batch < batches)
                {
                    if (context.Cancellation.IsCancellationRequested)
                    {
                        checkpoint?.Save(progress);
                        return TrainingEnd.Cancelled;
                    }

                    if (!Step(order))
                    {
                        return TrainingEnd.Diverged;
                    }

                    if (checkpoint is not null && options.CheckpointEvery > 0 && progress.Step % options.CheckpointEvery == 0)
                    {
                        checkpoint.Save(progress);
                    }
                }

                Finish();
            }

            return TrainingEnd.Completed;
        }

        /// <summary>Some batches and one step of the optimiser; <c>false</c> when the loss is no number any more.</summary>
        private bool Step(int[] order)
        {
            using var scope = torch.NewDisposeScope();
            var last = Math.Min(batches, progress.Batch + options.Accumulation);
            var whole = last - progress.Batch == 1;
            using var share = (1.0 / (last - progress.Batch)).ToScalar();
            using var one = 1.0.ToScalar();
            step.Step = progress.Step + 1;
            step.LearningRate = SetRate();
            optimizer.zero_grad();
            torch.Tensor? sum = null;
            for (; progress.Batch < last; progress.Batch++)
            {
                var batch = training.Take(RowsOf(order, progress.Batch), device);
                step.Batch = batch;
                Tell(static (observer, step) => observer.StepStarting(step));
                step.Outputs = loop.Forward(batch);
                var loss = loop.LossOf(step.Outputs, batch);
                (whole ? loss : loss.mul(share)).backward();
                var value = loss.item<float>();
                if (!float.IsFinite(value))
                {
                    step.Loss = loss;
                    Tell(static (observer, step) => observer.GradientsReady(step));
                    Clear();
                    return false;
                }

                progress.LossSum += (double)value * batch.Rows.Length;
                progress.LossRows += batch.Rows.Length;
                var part = whole ? loss : loss.detach().mul(share);
                sum = sum is null ? part : sum.add(part, one);
            }

            step.Loss = sum;
            Tell(static (observer, step) => observer.GradientsReady(step));
            step.GradientNorm = options.ClipNorm > 0 ? Optimizers.GradientClipping.Clip(parameters, options.ClipNorm) : double.NaN;
            optimizer.step();
            progress.Step++;
            Tell(static (observer, step) => observer.StepDone(step));
            Clear();
            return true;
        }

        private void Finish()
        {
            var validation = ValidationLoss();
            var summary = progress.Finish(validation, step.LearningRate, module, options);
            context.Progress?.Invoke(summary.Epoch + 1, double.IsNaN(validation) ? summary.TrainingLoss : validation);
            foreach (var observer in observers)
            {
                observer.EpochDone(step, summary);
            }

            checkpoint?.Save(progress);
        }

        private double ValidationLoss()
        {
            if (loop.Validate is null && (loop.Validation is null || loop.Validation.Rows == 0))
            {
                return double.NaN;
            }

            module.eval();
            using var none = torch.no_grad();
            return loop.Validate is not null ? loop.Validate() : HeldOutLoss(loop.Validation!);
        }

        private double HeldOutLoss(BatchSource held)
        {
            var size = Math.Max(options.BatchSize, 1024);
            var (sum, total) = (0.0, 0.0);
            for (var first = 0; first < held.Rows; first += size)
            {
                using var scope = torch.NewDisposeScope();
                var batch = held.Take([.. Enumerable.Range(first, Math.Min(size, held.Rows - first))], device);
                var weight = batch.Weights is null ? batch.Rows.Length : batch.Weights.sum().item<float>();
                sum += loop.LossOf(loop.Forward(batch), batch).item<float>() * weight;
                total += weight;
            }

            return sum / Math.Max(total, double.Epsilon);
        }

        /// <summary>The rows of one of the batches, whose sizes differ by one at most.</summary>
        private int[] RowsOf(int[] order, int batch)
        {
            var first = (int)((long)order.Length * batch / batches);
            return order[first..(int)((long)order.Length * (batch + 1) / batches)];
        }

        private double SetRate()
        {
            var factor = options.Schedule.Factor(progress.Step, StepsPerEpoch * options.Epochs) * progress.PlateauFactor;
            for (var i = 0; i < groups.Length; i++)
            {
                groups[i].LearningRate = rates[i] * factor;
            }

            return rates[0] * factor;
        }

        /// <summary>What belongs to the step that is over.</summary>
        private void Clear() => (step.Batch, step.Outputs, step.Loss, step.GradientNorm) = (null, null, null, double.NaN);

        private void Tell(Action<ITrainingObserver, TrainingStep> what)
        {
            for (var i = 0; i < observers.Count; i++)
            {
                what(observers[i], step);
            }
        }

        private void Tell(Action<ITrainingObserver> what) => Tell((observer, _) => what(observer));
    }

    private TrainingOptions Settings => options;

    private torch.nn.Module Network => module;

    private torch.Tensor Forward(Batch batch) => forward(batch);

    private torch.Tensor LossOf(torch.Tensor outputs, Batch batch) => loss(outputs, batch);
}
