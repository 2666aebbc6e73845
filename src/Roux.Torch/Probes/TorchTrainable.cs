using Roux.Debugging.Checks.Training;
using Roux.Debugging.Signals;
using Roux.Torch.Training;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Roux.Torch.Probes;

/// <summary>
/// Any TorchSharp module with its loss, optimiser and some batches, for the checks that try things. A copy borrows the module: weights, buffers,
/// modes and random state are set back when it is disposed, so that nothing of what was tried remains. One copy at a time.
/// <code>
/// using var network = new TorchTrainable(model, x => model.call(x[0]), Losses.CrossEntropy(), m => optim.Adam(m.parameters(), 1e-3), batches) { Facts = new() { Loss = LossKind.CrossEntropy, Classes = 10 } };
/// var findings = TrainingReview.Of(new TrainingSubject { Network = network }, new CheckContext());
/// </code>
/// </summary>
public sealed class TorchTrainable : ITrainable
{
    private readonly nn.Module module;
    private readonly Func<IReadOnlyList<Tensor>, Tensor> forward;
    private readonly Loss loss;
    private readonly Func<nn.Module, optim.Optimizer> makeOptimizer;
    private readonly IReadOnlyList<Batch> batches;
    private readonly Borrowed? borrowed;
    private optim.Optimizer? optimizer;

    /// <summary>Takes a network. Nothing passed is disposed.</summary>
    /// <param name="module">The network.</param>
    /// <param name="forward">Runs it on a batch's inputs and returns its outputs, [rows, …].</param>
    /// <param name="loss">Its loss.</param>
    /// <param name="optimizer">Makes a new optimiser as the program does.</param>
    /// <param name="batches">At least one batch of training data on the module's device.</param>
    public TorchTrainable(nn.Module module, Func<IReadOnlyList<Tensor>, Tensor> forward, Loss loss, Func<nn.Module, optim.Optimizer> optimizer, IReadOnlyList<Batch> batches)
        : this(module, forward, loss, optimizer, batches, null)
    {
    }

    private TorchTrainable(nn.Module module, Func<IReadOnlyList<Tensor>, Tensor> forward, Loss loss, Func<nn.Module, optim.Optimizer> optimizer, IReadOnlyList<Batch> batches, Borrowed? borrowed)
    {
        ArgumentNullException.ThrowIfNull(module);
        ArgumentNullException.ThrowIfNull(batches);
        if (batches.Count == 0)
        {
            throw new ArgumentException("a network is tried on at least one batch", nameof(batches));
        }

        (this.module, this.forward, this.loss, makeOptimizer, this.batches, this.borrowed) = (module, forward, loss, optimizer, batches, borrowed);
        Modules = ModuleTree.Of(module);
        Facts = new TrainingFacts { BatchSize = Count(batches[0]) };
    }

    /// <inheritdoc/>
    public TrainingFacts Facts { get; init; }

    /// <summary>Disposed with this, and not with its copies; <c>null</c> for nothing.</summary>
    public IDisposable? Owned { get; init; }

    /// <summary>The program's own step, where it has one: forward, backward, optimiser, in whatever way; returns the loss.</summary>
    public Func<nn.Module, optim.Optimizer, Batch, double>? OwnStep { get; init; }

    /// <summary>The program's own evaluation, where it has one: outputs for a batch's inputs.</summary>
    public Func<nn.Module, IReadOnlyList<Tensor>, Tensor>? OwnEvaluation { get; init; }

    /// <inheritdoc/>
    public IReadOnlyList<ModuleNode> Modules { get; }

    /// <inheritdoc/>
    public IReadOnlyList<NetworkParameter> Parameters => parameters ??= FindParameters();

    private IReadOnlyList<NetworkParameter>? parameters;

    /// <inheritdoc/>
    public int Batches => batches.Count;

    /// <inheritdoc/>
    public bool HasClassTargets => batches[0].Targets.dtype is ScalarType.Int64 or ScalarType.Int32 or ScalarType.Int16 or ScalarType.Byte or ScalarType.Int8;

    /// <inheritdoc/>
    public double LearningRate
    {
        get => Optimizer.ParamGroups.First().LearningRate;
        set
        {
            // Groups keep their proportions.
            var before = LearningRate;
            foreach (var group in Optimizer.ParamGroups)
            {
                group.LearningRate = before == 0 ? value : group.LearningRate * value / before;
            }
        }
    }

    private optim.Optimizer Optimizer => optimizer ??= makeOptimizer(module);

    /// <inheritdoc/>
    public ITrainable Copy() => new TorchTrainable(module, forward, loss, makeOptimizer, batches, new Borrowed(module)) { Facts = Facts, OwnStep = OwnStep, OwnEvaluation = OwnEvaluation };

    /// <inheritdoc/>
    public void Reseed(int seed) => manual_seed(seed);

    /// <inheritdoc/>
    public double Step(int batch)
    {
        if (OwnStep is null)
        {
            return CleanStep(batch);
        }

        var own = Optimizer; // outside of the scope, which would take its state along
        using var scope = NewDisposeScope();
        module.train();
        return OwnStep(module, own, batches[batch]);
    }

    /// <inheritdoc/>
    public double CleanStep(int batch, int rows = int.MaxValue, bool withoutDropout = false)
    {
        var own = Optimizer;
        using var scope = NewDisposeScope();
        module.train();
        if (withoutDropout)
        {
            foreach (var (_, part) in module.named_modules())
            {
                if (ModuleTree.KindOf(part) == ModuleKind.Dropout)
                {
                    part.eval();
                }
            }
        }

        own.zero_grad();
        var value = Backward(Part(batches[batch], rows));
        own.step();
        return value;
    }

    /// <inheritdoc/>
    public double Backward(int batch)
    {
        using var scope = NewDisposeScope();
        module.train();
        module.zero_grad();
        return Backward(batches[batch]);
    }

    /// <inheritdoc/>
    public NetworkOutput Forward(int batch, bool training)
    {
        using var state = borrowed is null ? new Borrowed(module) : null;
        using var scope = NewDisposeScope();
        using var still = no_grad();
        Mode(training);
        return Output(forward(batches[batch].Inputs), Count(batches[batch]));
    }

    /// <inheritdoc/>
    public NetworkOutput Evaluate(int batch, int rows = int.MaxValue)
    {
        using var state = borrowed is null ? new Borrowed(module) : null;
        using var scope = NewDisposeScope();
        using var still = no_grad();
        var part = Part(batches[batch], rows);
        if (OwnEvaluation is null)
        {
            module.eval();
            return Output(forward(part.Inputs), Count(part));
        }

        // As in the program's own course: it comes from training.
        module.train();
        return Output(OwnEvaluation(module, part.Inputs), Count(part));
    }

    /// <inheritdoc/>
    public NetworkOutput? ForwardMixed(int batch, double share)
    {
        if (batches[batch].Inputs.Count != 1 || !batches[batch].Input.is_floating_point())
        {
            return null;
        }

        using var state = borrowed is null ? new Borrowed(module) : null;
        using var scope = NewDisposeScope();
        using var still = no_grad();
        module.eval();
        var input = batches[batch].Input;
        return Output(forward([input * share + input.flip(0) * (1 - share)]), Count(batches[batch]));
    }

    /// <inheritdoc/>
    public (NetworkOutput Filled, NetworkOutput Trimmed)? ForwardTrimmed(int batch)
    {
        using var state = borrowed is null ? new Borrowed(module) : null;
        using var scope = NewDisposeScope();
        using var still = no_grad();
        if (TokenPadding.Of(batches[batch].Inputs) is not { } shorter)
        {
            return null;
        }

        module.eval();
        try
        {
            return (Output(forward(shorter.Filled), shorter.Rows), Output(forward(shorter.Trimmed), shorter.Rows));
        }
        catch (System.Runtime.InteropServices.ExternalException)
        {
            return null; // Made for one length.
        }
    }

    /// <inheritdoc/>
    public NetworkOutput? Inputs(int batch)
    {
        using var scope = NewDisposeScope();
        var input = batches[batch].Input;
        return input.is_floating_point() ? Output(input, Count(batches[batch])) : null;
    }

    /// <inheritdoc/>
    public float[] Targets(int batch)
    {
        using var scope = NewDisposeScope();
        return Values(batches[batch].Targets);
    }

    /// <inheritdoc/>
    public float[] Weights(string parameter)
    {
        using var scope = NewDisposeScope();
        return Values(Find(parameter));
    }

    /// <inheritdoc/>
    public float[]? Gradient(string parameter)
    {
        using var scope = NewDisposeScope();
        return Find(parameter).grad is { } gradient ? Values(gradient) : null;
    }

    /// <summary>Sets the module back to what it was before the copy was made.</summary>
    public void Dispose()
    {
        optimizer?.Dispose();
        borrowed?.Dispose();
        Owned?.Dispose();
    }

    private double Backward(Batch batch)
    {
        var value = loss(forward(batch.Inputs), batch);
        value.backward();
        return value.ToDouble();
    }

    private void Mode(bool training)
    {
        if (training)
        {
            module.train();
        }
        else
        {
            module.eval();
        }
    }

    private Parameter Find(string name) => module.named_parameters().First(parameter => parameter.name == name).parameter;

    private List<NetworkParameter> FindParameters()
    {
        var own = Optimizer;
        using var scope = NewDisposeScope();
        var parts = ModuleTree.ByName(module);
        var optimised = own.parameters().Select(parameter => parameter.Handle).ToHashSet();
        var all = module.named_parameters().ToList();
        // An optimiser in native code hands out new handles of the same arrays: then it is taken to have all.
        var known = all.Exists(parameter => optimised.Contains(parameter.parameter.Handle));
        return [.. all.Select(parameter => new NetworkParameter(parameter.name, parameter.parameter.shape, ModuleTree.OwnerOf(parts, parameter.name), parameter.parameter.requires_grad, !known || optimised.Contains(parameter.parameter.Handle)))];
    }

    private static int Count(Batch batch) => (int)batch.Input.shape[0];

    private static Batch Part(Batch batch, int rows) => rows >= Count(batch) ? batch
        : new Batch([.. batch.Inputs.Select(input => input.narrow(0, 0, rows))], batch.Targets.narrow(0, 0, rows), batch.Rows[..Math.Min(rows, batch.Rows.Length)], batch.Weights?.narrow(0, 0, rows));

    private static NetworkOutput Output(Tensor tensor, int rows)
    {
        var values = Values(tensor);
        return new NetworkOutput(rows, Math.Max(1, values.Length / Math.Max(1, rows)), values);
    }

    private static float[] Values(Tensor tensor) => tensor.detach().to(ScalarType.Float32).cpu().contiguous().data<float>().ToArray();
}
