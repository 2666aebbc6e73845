using Roux.Debugging.Signals;
using Roux.Torch.Probes;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Roux.Torch.Watch;

/// <summary>Norms of gradients, weights and their changes, by a few kernels a parameter and one transfer a look.</summary>
internal sealed class ParameterWatch : IDisposable
{
    private readonly SignalRecorder recorder;
    private readonly int bins;
    private readonly List<(string Name, Parameter Parameter)> watched;
    private Tensor[]? before;
    private long beforeStep;

    public ParameterWatch(nn.Module module, SignalRecorder recorder, WatchOptions options)
    {
        (this.recorder, bins) = (recorder, options.HistogramBins);
        var all = module.named_parameters().Select(pair => (pair.name, pair.parameter)).ToList();
        watched = all;
        if (all.Count > options.MostParameters)
        {
            var matrices = all.FindAll(pair => pair.parameter.dim() >= 2);
            watched = [.. Enumerable.Range(0, Math.Min(matrices.Count, options.MostParameters)).Select(index => matrices[(int)((long)index * matrices.Count / Math.Min(matrices.Count, options.MostParameters))])];
        }

        var parts = ModuleTree.ByName(module);
        for (var index = 0; index < watched.Count; index++)
        {
            var (name, parameter) = watched[index];
            var shape = parameter.shape;
            // A table's rows are looked up, not added up.
            var isTable = ModuleTree.OwnerOf(parts, name) == Debugging.Checks.Training.ModuleKind.Embedding;
            Constant(name, LayerSignals.Depth, index);
            Constant(name, LayerSignals.Size, parameter.numel());
            Constant(name, LayerSignals.FanIn, shape.Length < 2 || isTable ? 1 : parameter.numel() / shape[0]);
            Constant(name, LayerSignals.Trainable, parameter.requires_grad ? 1 : 0);
        }
    }

    /// <summary>Gradients are there, weights still the old ones.</summary>
    public void Gradients(long step)
    {
        using var scope = NewDisposeScope();
        using var still = no_grad();
        var norms = new List<Tensor>(2 * watched.Count + 1);
        foreach (var (_, parameter) in watched)
        {
            norms.Add(Norm(parameter));
            var gradient = parameter.grad;
            norms.Add(gradient is null ? zeros_like(norms[^1]) : Norm(gradient));
        }

        var values = Values(norms);
        var squares = 0.0;
        for (var index = 0; index < watched.Count; index++)
        {
            var (weight, gradient) = ((double)values[2 * index], (double)values[2 * index + 1]);
            squares += gradient * gradient;
            var (name, parameter) = watched[index];
            recorder.Add(Metric(name, LayerSignals.WeightNorm), weight, step);
            if (parameter.requires_grad)
            {
                recorder.Add(Metric(name, LayerSignals.GradientNorm), gradient, step);
            }

            Bad(name, LayerSignals.WeightNonFinite, parameter, weight, step);
            if (parameter.grad is { } tensor)
            {
                Bad(name, LayerSignals.GradientNonFinite, tensor, gradient, step);
                Histogram(name, LayerSignals.GradientHistogram, tensor, step);
            }

            Histogram(name, LayerSignals.WeightHistogram, parameter, step);
        }

        recorder.Add(SignalNames.GradientNorm, Math.Sqrt(squares), step);
        Forget();
        before = [.. watched.Select(pair => pair.Parameter.detach().clone().DetachFromDisposeScope())];
        beforeStep = step;
    }

    /// <summary>The weights are the new ones.</summary>
    public void Changes()
    {
        if (before is null)
        {
            return;
        }

        using (NewDisposeScope())
        using (no_grad())
        {
            var norms = new List<Tensor>(2 * watched.Count);
            for (var index = 0; index < watched.Count; index++)
            {
                norms.Add(Norm(watched[index].Parameter - before[index]));
                norms.Add(Norm(before[index]));
            }

            var values = Values(norms);
            for (var index = 0; index < watched.Count; index++)
            {
                // What starts at zero has no ratio yet.
                if (values[2 * index + 1] > 0)
                {
                    recorder.Add(Metric(watched[index].Name, LayerSignals.UpdateRatio), values[2 * index] / (double)values[2 * index + 1], beforeStep);
                }
            }
        }

        Forget();
    }

    /// <summary>Share of parameters that hold a gradient other than zero now.</summary>
    /// <param name="optimiser">Whose parameters count; all where it is not known. Those of no optimiser nobody resets.</param>
    public double Carried(optim.Optimizer? optimiser)
    {
        using var scope = NewDisposeScope();
        using var still = no_grad();
        var owned = optimiser?.parameters().Select(parameter => parameter.Handle).ToHashSet();
        var with = watched.Where(pair => pair.Parameter.requires_grad && owned?.Contains(pair.Parameter.Handle) != false).ToList();
        if (with.Count == 0)
        {
            return 0;
        }

        return with.Count(pair => pair.Parameter.grad is { } gradient && gradient.abs().max().ToDouble() > 0) / (double)with.Count;
    }

    public void Dispose() => Forget();

    private void Forget()
    {
        foreach (var tensor in before ?? [])
        {
            tensor.Dispose();
        }

        before = null;
    }

    private void Constant(string name, string kind, double value) => recorder.Add(Metric(name, kind), value, 0);

    private void Bad(string name, string kind, Tensor tensor, double norm, long step)
    {
        // The norm tells whether there is anything to count.
        if (!double.IsFinite(norm))
        {
            recorder.Add(Metric(name, kind), tensor.isfinite().logical_not().sum().ToDouble(), step);
        }
    }

    private void Histogram(string name, string kind, Tensor tensor, long step)
    {
        if (bins <= 0)
        {
            return;
        }

        var counts = Values([tensor.detach().to(ScalarType.Float32).cpu().histc(bins)]);
        for (var bin = 0; bin < counts.Length; bin++)
        {
            recorder.Add(Metric(name, string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{kind}_{bin:00}")), counts[bin], step);
        }
    }

    private static Tensor Norm(Tensor tensor) => linalg.vector_norm(tensor.detach()).to(ScalarType.Float32);

    private static float[] Values(List<Tensor> numbers) => numbers.Count == 0 ? [] : (numbers.Count == 1 ? numbers[0] : stack(numbers)).cpu().contiguous().data<float>().ToArray();

    private static string Metric(string name, string kind) => $"{SignalNames.Watch}{name}/{kind}";
}
