using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using TorchSharp;
using TorchSharp.Modules;

namespace Roux.Torch.Training.Optimizers;

/// <summary>
/// TorchSharp's AdamW with the step of all float parameters on the processor done in one pass over their memory, instead of a dozen calls of
/// libtorch a parameter. State, groups and saved form are those of the base; on other devices and types its step is taken.
/// </summary>
public sealed class FusedAdamW : AdamW
{
    internal FusedAdamW(IEnumerable<ParamGroup> groups, AdamWOptions options)
        : base(groups, options.LearningRate, options.Beta1, options.Beta2, options.Epsilon, options.WeightDecay)
    {
    }

    /// <inheritdoc/>
    public override torch.Tensor step(Func<torch.Tensor>? closure = null)
    {
        if (closure is not null || !_parameter_groups.All(group => group.Parameters.All(IsPlain)))
        {
            return base.step(closure!);
        }

        using var scope = torch.NewDisposeScope();
        foreach (var group in _parameter_groups)
        {
            var options = (Options)group.Options;
            foreach (var parameter in group.Parameters)
            {
                if (parameter.grad is { } gradient)
                {
                    Update(parameter, gradient.is_contiguous() ? gradient : gradient.contiguous(), (State)_state[parameter.Handle], options);
                }
            }
        }

        return null!;
    }

    private static bool IsPlain(Parameter parameter) =>
        parameter.device_type == DeviceType.CPU && parameter.dtype == torch.ScalarType.Float32 && parameter.is_contiguous();

    private static void Update(Parameter parameter, torch.Tensor gradient, State state, Options options)
    {
        state.step++;
        var (beta1, beta2) = (options.beta1!.Value, options.beta2!.Value);
        var rate = options.LearningRate!.Value;
        var correction1 = 1 - Math.Pow(beta1, state.step);
        var correction2 = Math.Sqrt(1 - Math.Pow(beta2, state.step));
        Update(
            Floats(parameter), Floats(gradient), Floats(state.exp_avg), Floats(state.exp_avg_sq),
            new Numbers((float)beta1, (float)(1 - beta1), (float)beta2, (float)(1 - beta2), (float)(1 - rate * options.weight_decay!.Value), (float)(rate / correction1), (float)(1 / correction2), (float)options.eps!.Value));
    }

    private static Span<float> Floats(torch.Tensor tensor) => MemoryMarshal.Cast<byte, float>(tensor.bytes);

    private static void Update(Span<float> weights, ReadOnlySpan<float> gradients, Span<float> means, Span<float> squares, Numbers n)
    {
        var i = 0;
        ref var w = ref MemoryMarshal.GetReference(weights);
        ref var g = ref MemoryMarshal.GetReference(gradients);
        ref var m = ref MemoryMarshal.GetReference(means);
        ref var v = ref MemoryMarshal.GetReference(squares);
        for (; i <= weights.Length - Vector256<float>.Count; i += Vector256<float>.Count)
        {
            var at = (nuint)i;
            var gradient = Vector256.LoadUnsafe(ref g, at);
            var mean = n.Beta1 * Vector256.LoadUnsafe(ref m, at) + n.Rest1 * gradient;
            var square = n.Beta2 * Vector256.LoadUnsafe(ref v, at) + n.Rest2 * gradient * gradient;
            mean.StoreUnsafe(ref m, at);
            square.StoreUnsafe(ref v, at);
            (n.Shrink * Vector256.LoadUnsafe(ref w, at) - n.Rate * mean / (Vector256.Sqrt(square) * n.Scale + Vector256.Create(n.Epsilon))).StoreUnsafe(ref w, at);
        }

        for (; i < weights.Length; i++)
        {
            means[i] = n.Beta1 * means[i] + n.Rest1 * gradients[i];
            squares[i] = n.Beta2 * squares[i] + n.Rest2 * gradients[i] * gradients[i];
            weights[i] = n.Shrink * weights[i] - n.Rate * means[i] / (MathF.Sqrt(squares[i]) * n.Scale + n.Epsilon);
        }
    }

    /// <summary>What a step multiplies by.</summary>
    private readonly record struct Numbers(float Beta1, float Rest1, float Beta2, float Rest2, float Shrink, float Rate, float Scale, float Epsilon);
}
