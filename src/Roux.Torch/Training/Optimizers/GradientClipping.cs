using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using TorchSharp;
using TorchSharp.Modules;

namespace Roux.Torch.Training.Optimizers;

/// <summary>Shortens the gradient of all parameters together where it is too long (Pascanu, Mikolov and Bengio, On the difficulty of training recurrent neural networks, ICML 2013).</summary>
internal static class GradientClipping
{
    /// <returns>The length before.</returns>
    public static double Clip(IReadOnlyList<Parameter> parameters, double longest)
    {
        using var scope = torch.NewDisposeScope();
        var gradients = new List<torch.Tensor>();
        foreach (var parameter in parameters)
        {
            if (parameter.grad is { } gradient)
            {
                if (gradient.device_type != DeviceType.CPU || gradient.dtype != torch.ScalarType.Float32 || !gradient.is_contiguous())
                {
                    return torch.nn.utils.clip_grad_norm_(parameters, longest);
                }

                gradients.Add(gradient);
            }
        }

        var squares = 0.0;
        foreach (var gradient in gradients)
        {
            squares += TensorPrimitives.SumOfSquares((ReadOnlySpan<float>)Floats(gradient));
        }

        var length = Math.Sqrt(squares);
        if (length > longest)
        {
            var factor = (float)(longest / length);
            foreach (var gradient in gradients)
            {
                var floats = Floats(gradient);
                TensorPrimitives.Multiply(floats, factor, floats);
            }
        }

        return length;
    }

    private static Span<float> Floats(torch.Tensor tensor) => MemoryMarshal.Cast<byte, float>(tensor.bytes);
}
