using Roux.Debugging.Checks.Training;
using Roux.Debugging.Signals;
using Roux.Torch.Probes;
using TorchSharp;
using static TorchSharp.torch;

namespace Roux.Torch.Watch;

/// <summary>Outputs of the parts of a network, by hooks that do nothing at steps that are not looked at.</summary>
internal sealed class ActivationWatch : IDisposable
{
    private readonly SignalRecorder recorder;
    private readonly int deadRows;
    private readonly List<Action> unhook = [];
    private readonly Dictionary<string, (Tensor Active, int Rows, double? Share)> units = new(StringComparer.Ordinal);
    private readonly List<(string Metric, Tensor Value)> pending = [];
    private bool looking;
    private long step;

    public ActivationWatch(nn.Module module, SignalRecorder recorder, WatchOptions options)
    {
        (this.recorder, deadRows) = (recorder, options.DeadRows);
        var leaves = ModuleTree.Leaves(module).ToList();
        var lastWeighted = leaves.FindLastIndex(leaf => ModuleTree.KindOf(leaf.Module) is ModuleKind.Linear or ModuleKind.Convolution or ModuleKind.Recurrent);
        for (var index = 0; index < leaves.Count; index++)
        {
            var (name, part) = leaves[index];
            var kind = ModuleTree.KindOf(part);
            if (part is nn.Module<Tensor, Tensor> simple && kind is not (ModuleKind.Dropout or ModuleKind.Embedding))
            {
                // An output's own sigmoid may well be at its limits.
                var hidden = index < lastWeighted;
                unhook.Add(simple.register_forward_hook((_, _, output) =>
                {
                    Look(name, kind, hidden, simple.training, output);
                    return output;
                }).remove);
            }
        }
    }

    /// <summary>The next forward pass is looked at.</summary>
    public void Start(long at)
    {
        looking = true;
        step = at;
    }

    /// <summary>Looks no more, and notes what was seen.</summary>
    public void Finish()
    {
        looking = false;
        if (pending.Count == 0)
        {
            return;
        }

        using (NewDisposeScope())
        {
            var values = stack(pending.Select(pair => pair.Value)).cpu().contiguous().data<float>().ToArray();
            for (var index = 0; index < values.Length; index++)
            {
                recorder.Add(pending[index].Metric, values[index], step);
                if (!float.IsFinite(values[index]) && pending[index].Metric.EndsWith(LayerSignals.ActivationDeviation, StringComparison.Ordinal))
                {
                    recorder.Add(pending[index].Metric[..^LayerSignals.ActivationDeviation.Length] + LayerSignals.ActivationNonFinite, 1, step);
                }
            }
        }

        foreach (var (_, value) in pending)
        {
            value.Dispose();
        }

        pending.Clear();
        foreach (var (name, unit) in units)
        {
            if (unit.Share is { } share)
            {
                recorder.Add($"{SignalNames.Watch}{name}/{LayerSignals.DeadFraction}", share, step);
                units[name] = unit with { Share = null };
            }
        }
    }

    public void Dispose()
    {
        foreach (var remove in unhook)
        {
            remove();
        }

        foreach (var (_, value) in pending)
        {
            value.Dispose();
        }

        foreach (var unit in units.Values)
        {
            unit.Active.Dispose();
        }

        pending.Clear();
        units.Clear();
    }

    private void Look(string name, ModuleKind kind, bool hidden, bool training, Tensor output)
    {
        if (!looking || !training || output.numel() == 0 || !output.is_floating_point())
        {
            return;
        }

        using var scope = NewDisposeScope();
        using var still = no_grad();
        var values = output.detach();
        var mean = values.mean();
        Note(name, LayerSignals.ActivationMean, mean);
        Note(name, LayerSignals.ActivationDeviation, linalg.vector_norm(values - mean) / Math.Sqrt(values.numel()));
        if (hidden && kind == ModuleKind.Sigmoid)
        {
            Note(name, LayerSignals.SaturatedFraction, (values - 0.5).abs().gt(0.45).to(ScalarType.Float32).mean());
        }
        else if (hidden && kind == ModuleKind.Tanh)
        {
            Note(name, LayerSignals.SaturatedFraction, values.abs().gt(0.95).to(ScalarType.Float32).mean());
        }
        else if (kind == ModuleKind.Relu && values.dim() >= 2)
        {
            Units(name, values);
        }
    }

    private void Note(string name, string kind, Tensor value) =>
        pending.Add(($"{SignalNames.Watch}{(name.Length == 0 ? "network" : name)}/{kind}", value.to(ScalarType.Float32).DetachFromDisposeScope()));

    // A unit is a column, or a channel of images; it is dead when no row of the last few hundred woke it.
    private void Units(string name, Tensor values)
    {
        var channel = values.dim() >= 4 ? 1 : values.dim() - 1;
        var dimensions = Enumerable.Range(0, (int)values.dim()).Where(dimension => dimension != channel).Select(dimension => (long)dimension).ToArray();
        var active = values.gt(0).to(ScalarType.Float32).sum(dimensions).gt(0);
        var rows = (int)(values.numel() / values.shape[channel]);
        if (units.TryGetValue(name, out var known) && known.Rows > 0)
        {
            active = active.logical_or(known.Active);
            rows += known.Rows;
        }

        known.Active?.Dispose();
        var full = rows >= deadRows;
        units[name] = (active.DetachFromDisposeScope(), full ? 0 : rows, full ? 1 - active.to(ScalarType.Float32).mean().ToDouble() : null);
    }
}
