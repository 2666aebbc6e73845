using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Roux.Torch.Learners.Mlp;

/// <summary>Y = X W + b for a few rows at once, with vector instructions. A row's result does not depend on the rows beside it.</summary>
internal static class DenseLayer
{
    private const int Strip = 16;

    /// <param name="x">rows x inputs.</param>
    /// <param name="rows">Number of rows.</param>
    /// <param name="weights">inputs x outputs.</param>
    /// <param name="biases">outputs.</param>
    /// <param name="y">rows x outputs; overwritten.</param>
    public static void Apply(ReadOnlySpan<float> x, int rows, ReadOnlySpan<float> weights, ReadOnlySpan<float> biases, Span<float> y)
    {
        var outputs = biases.Length;
        var inputs = x.Length / Math.Max(1, rows);
        var row = 0;
        for (; row <= rows - 4; row += 4)
        {
            Four(x.Slice(row * inputs, 4 * inputs), inputs, weights, biases, y.Slice(row * outputs, 4 * outputs));
        }

        for (; row < rows; row++)
        {
            One(x.Slice(row * inputs, inputs), weights, biases, y.Slice(row * outputs, outputs));
        }
    }

    private static void Four(ReadOnlySpan<float> x, int inputs, ReadOnlySpan<float> weights, ReadOnlySpan<float> biases, Span<float> y)
    {
        var outputs = biases.Length;
        ref var w = ref MemoryMarshal.GetReference(weights);
        ref var b = ref MemoryMarshal.GetReference(biases);
        ref var result = ref MemoryMarshal.GetReference(y);
        var x0 = x[..inputs];
        var x1 = x.Slice(inputs, inputs);
        var x2 = x.Slice(2 * inputs, inputs);
        var x3 = x.Slice(3 * inputs, inputs);
        var j = 0;
        for (; j <= outputs - Strip; j += Strip)
        {
            var at = (nuint)j;
            var a0 = Vector256.LoadUnsafe(ref b, at);
            var b0 = Vector256.LoadUnsafe(ref b, at + 8);
            var (a1, b1, a2, b2, a3, b3) = (a0, b0, a0, b0, a0, b0);
            for (var k = 0; k < x0.Length; k++)
            {
                var place = (nuint)((long)k * outputs + j);
                var left = Vector256.LoadUnsafe(ref w, place);
                var right = Vector256.LoadUnsafe(ref w, place + 8);
                var v0 = Vector256.Create(x0[k]);
                var v1 = Vector256.Create(x1[k]);
                var v2 = Vector256.Create(x2[k]);
                var v3 = Vector256.Create(x3[k]);
                a0 = Vector256.FusedMultiplyAdd(v0, left, a0);
                b0 = Vector256.FusedMultiplyAdd(v0, right, b0);
                a1 = Vector256.FusedMultiplyAdd(v1, left, a1);
                b1 = Vector256.FusedMultiplyAdd(v1, right, b1);
                a2 = Vector256.FusedMultiplyAdd(v2, left, a2);
                b2 = Vector256.FusedMultiplyAdd(v2, right, b2);
                a3 = Vector256.FusedMultiplyAdd(v3, left, a3);
                b3 = Vector256.FusedMultiplyAdd(v3, right, b3);
            }

            Store(ref result, at, a0, b0);
            Store(ref result, at + (nuint)outputs, a1, b1);
            Store(ref result, at + (nuint)(2 * outputs), a2, b2);
            Store(ref result, at + (nuint)(3 * outputs), a3, b3);
        }

        Rest(x0, weights, biases, y[..outputs], j);
        Rest(x1, weights, biases, y.Slice(outputs, outputs), j);
        Rest(x2, weights, biases, y.Slice(2 * outputs, outputs), j);
        Rest(x3, weights, biases, y.Slice(3 * outputs, outputs), j);
    }

    private static void One(ReadOnlySpan<float> x, ReadOnlySpan<float> weights, ReadOnlySpan<float> biases, Span<float> y)
    {
        var outputs = biases.Length;
        ref var w = ref MemoryMarshal.GetReference(weights);
        ref var b = ref MemoryMarshal.GetReference(biases);
        var j = 0;
        for (; j <= outputs - Strip; j += Strip)
        {
            var at = (nuint)j;
            var left = Vector256.LoadUnsafe(ref b, at);
            var right = Vector256.LoadUnsafe(ref b, at + 8);
            for (var k = 0; k < x.Length; k++)
            {
                var place = (nuint)((long)k * outputs + j);
                var value = Vector256.Create(x[k]);
                left = Vector256.FusedMultiplyAdd(value, Vector256.LoadUnsafe(ref w, place), left);
                right = Vector256.FusedMultiplyAdd(value, Vector256.LoadUnsafe(ref w, place + 8), right);
            }

            Store(ref MemoryMarshal.GetReference(y), at, left, right);
        }

        Rest(x, weights, biases, y, j);
    }

    private static void Store(ref float result, nuint at, Vector256<float> left, Vector256<float> right)
    {
        left.StoreUnsafe(ref result, at);
        right.StoreUnsafe(ref result, at + 8);
    }

    /// <summary>The outputs from <paramref name="first"/> on, one by one.</summary>
    private static void Rest(ReadOnlySpan<float> x, ReadOnlySpan<float> weights, ReadOnlySpan<float> biases, Span<float> y, int first)
    {
        for (var j = first; j < biases.Length; j++)
        {
            var sum = biases[j];
            for (var k = 0; k < x.Length; k++)
            {
                sum = MathF.FusedMultiplyAdd(x[k], weights[k * biases.Length + j], sum);
            }

            y[j] = sum;
        }
    }
}
