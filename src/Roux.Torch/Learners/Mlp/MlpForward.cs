using System.Numerics.Tensors;
using Roux.Learning.Features;

namespace Roux.Torch.Learners.Mlp;

/// <summary>Runs a fitted network without libtorch: the same numbers but for rounding, whatever rows come together, on as many threads as call it.</summary>
internal static class MlpForward
{
    /// <summary>Rows that go through the layers together.</summary>
    public const int BlockRows = 64;

    private const float LayerNormEpsilon = 1e-5f;

    /// <summary>Adds the scores of some rows.</summary>
    /// <param name="shape">Form of the network.</param>
    /// <param name="inputs">What it is given.</param>
    /// <param name="weights">Its numbers.</param>
    /// <param name="x">Features.</param>
    /// <param name="first">First row.</param>
    /// <param name="rows">How many, at most <see cref="BlockRows"/>.</param>
    /// <param name="scores">rows x outputs; overwritten.</param>
    public static void Run(MlpShape shape, MlpInputs inputs, MlpWeights weights, FeatureMatrix x, int first, int rows, Span<float> scores)
    {
        var width = weights.Dense[0].Length / shape.Width;
        var start = new float[rows * width];
        var numbers = new float[inputs.Width];
        var codes = new int[inputs.Levels.Count];
        for (var row = 0; row < rows; row++)
        {
            inputs.Fill(x, first + row, numbers, codes);
            Embed(shape, inputs, weights, numbers, codes, start.AsSpan(row * width, width));
        }

        Layers(shape, weights, start, rows, scores);
    }

    private static void Embed(MlpShape shape, MlpInputs inputs, MlpWeights weights, ReadOnlySpan<float> numbers, ReadOnlySpan<int> codes, Span<float> target)
    {
        var at = inputs.Plain;
        numbers[..at].CopyTo(target);
        if (shape.EmbeddingSize == 0)
        {
            numbers[at..].CopyTo(target[at..]);
            at = numbers.Length;
        }
        else
        {
            Span<float> encoded = new float[shape.Encoded];
            for (var i = 0; i < inputs.Numeric; i++)
            {
                Encode(shape, weights, numbers, inputs, i, encoded);
                DenseLayer.Apply(
                    encoded, 1, weights.NumericWeights.AsSpan(i * shape.Encoded * shape.EmbeddingSize, shape.Encoded * shape.EmbeddingSize),
                    weights.NumericBiases.AsSpan(i * shape.EmbeddingSize, shape.EmbeddingSize), target.Slice(at, shape.EmbeddingSize));
                Relu(target.Slice(at, shape.EmbeddingSize));
                at += shape.EmbeddingSize;
            }
        }

        for (var i = 0; i < codes.Length; i++)
        {
            var size = MlpInputs.EmbeddingOf(inputs.Levels[i]);
            weights.Embeddings[i].AsSpan(codes[i] * size, size).CopyTo(target[at..]);
            at += size;
        }
    }

    private static void Encode(MlpShape shape, MlpWeights weights, ReadOnlySpan<float> numbers, MlpInputs inputs, int number, Span<float> encoded)
    {
        if (shape.Embedding != NumericEmbedding.Periodic)
        {
            numbers.Slice(inputs.Plain + number * shape.Encoded, shape.Encoded).CopyTo(encoded);
            return;
        }

        var half = shape.Encoded / 2;
        var value = numbers[inputs.Plain + number];
        for (var k = 0; k < half; k++)
        {
            (encoded[half + k], encoded[k]) = MathF.SinCos(value * (float)(2 * Math.PI * weights.Frequencies[number * half + k]));
        }
    }

    private static void Layers(MlpShape shape, MlpWeights weights, float[] start, int rows, Span<float> scores)
    {
        var (h, next, third) = (new float[rows * shape.Width], new float[rows * shape.Width], shape.Residual ? new float[rows * shape.Width] : []);
        Dense(weights, 0, start, rows, h);
        if (!shape.Residual)
        {
            Normalise(shape, weights, 0, h);
            Relu(h);
            for (var i = 1; i < shape.Layers; i++)
            {
                Dense(weights, i, h, rows, next);
                Normalise(shape, weights, i, next);
                Relu(next);
                (h, next) = (next, h);
            }
        }
        else
        {
            for (var i = 0; i < shape.Layers; i++)
            {
                h.CopyTo(third, 0);
                Normalise(shape, weights, i, third);
                Dense(weights, 1 + 2 * i, third, rows, next);
                Relu(next);
                Dense(weights, 2 + 2 * i, next, rows, third);
                TensorPrimitives.Add(h, third, h);
            }

            Normalise(shape, weights, shape.Layers, h);
            Relu(h);
        }

        DenseLayer.Apply(h, rows, weights.Dense[^1], weights.DenseBiases[^1], scores);
    }

    private static void Dense(MlpWeights weights, int layer, float[] x, int rows, float[] y) => DenseLayer.Apply(x, rows, weights.Dense[layer], weights.DenseBiases[layer], y);

    private static void Normalise(MlpShape shape, MlpWeights weights, int layer, float[] h)
    {
        if (shape.Normalization == Normalization.None)
        {
            return;
        }

        for (var first = 0; first < h.Length; first += shape.Width)
        {
            var row = h.AsSpan(first, shape.Width);
            if (shape.Normalization == Normalization.Layer)
            {
                TensorPrimitives.Subtract(row, TensorPrimitives.Sum<float>(row) / row.Length, row);
                TensorPrimitives.Multiply(row, 1 / MathF.Sqrt(TensorPrimitives.SumOfSquares<float>(row) / row.Length + LayerNormEpsilon), row);
            }

            TensorPrimitives.MultiplyAdd(row, weights.Gains[layer], weights.Shifts[layer], row);
        }
    }

    private static void Relu(Span<float> values) => TensorPrimitives.Max(values, 0f, values);
}
