using System.Numerics.Tensors;

namespace Roux.Tuning.Benchmarks.Live;

/// <summary>
/// A small multilayer perceptron in plain C#, trained by stochastic gradient descent with Nesterov's momentum (Sutskever et al. 2013),
/// weight decay and inverted dropout (Srivastava et al. 2014). Its whole state can be copied, which is what population based training needs.
/// </summary>
internal sealed class Network
{
    private readonly int[] sizes;
    private readonly bool tanh;
    private readonly float[][] weights;
    private readonly float[][] velocities;
    private readonly float[][] gradients;
    private readonly float[][] outputs;
    private readonly float[][] errors;
    private readonly bool[][] kept;

    /// <param name="sizes">Units of each layer, inputs first, outputs last.</param>
    /// <param name="tanh">Hyperbolic tangent instead of rectified units.</param>
    /// <param name="random">Draws the weights (He et al. 2015).</param>
    public Network(int[] sizes, bool tanh, Random random)
    {
        (this.sizes, this.tanh) = (sizes, tanh);
        weights = new float[sizes.Length - 1][];
        for (var layer = 0; layer < weights.Length; layer++)
        {
            // A row an output: its weights, then its bias.
            var (inputs, count) = (sizes[layer], sizes[layer + 1]);
            weights[layer] = new float[count * (inputs + 1)];
            for (var i = 0; i < weights[layer].Length; i++)
            {
                weights[layer][i] = i % (inputs + 1) == inputs ? 0 : (float)(Math.Sqrt(2.0 / inputs) * Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble()));
            }
        }

        velocities = [.. weights.Select(layer => new float[layer.Length])];
        gradients = [.. weights.Select(layer => new float[layer.Length])];
        outputs = [.. sizes.Select(size => new float[size])];
        errors = [.. sizes.Select(size => new float[size])];
        kept = [.. sizes.Select(size => new bool[size])];
    }

    private Network(Network other)
    {
        (sizes, tanh) = (other.sizes, other.tanh);
        weights = [.. other.weights.Select(layer => (float[])layer.Clone())];
        velocities = [.. other.velocities.Select(layer => (float[])layer.Clone())];
        gradients = [.. other.gradients.Select(layer => (float[])layer.Clone())];
        outputs = [.. sizes.Select(size => new float[size])];
        errors = [.. sizes.Select(size => new float[size])];
        kept = [.. sizes.Select(size => new bool[size])];
    }

    /// <summary>The same weights and momentum, to be trained apart from this.</summary>
    public Network Copy() => new(this);

    /// <summary>The outputs of the last layer (no softmax) for a row.</summary>
    public ReadOnlySpan<float> Predict(ReadOnlySpan<float> row)
    {
        Forward(row, 0, null);
        return outputs[^1];
    }

    /// <summary>Adds a row to the gradients of the next <see cref="Step"/>.</summary>
    /// <param name="row">Features.</param>
    /// <param name="error">Overwrites the outputs by the derivative of the loss with respect to them.</param>
    /// <param name="dropout">Share of hidden units left out.</param>
    /// <param name="random">Which ones.</param>
    public void Learn(ReadOnlySpan<float> row, Action<Span<float>> error, double dropout, Random random)
    {
        Forward(row, dropout, random);
        outputs[^1].CopyTo(errors[^1], 0);
        error(errors[^1]);
        var scale = (float)(1 / (1 - dropout));
        for (var layer = weights.Length - 1; layer >= 0; layer--)
        {
            var inputs = sizes[layer];
            var below = outputs[layer].AsSpan();
            var back = errors[layer].AsSpan();
            back.Clear();
            for (var j = 0; j < sizes[layer + 1]; j++)
            {
                var wrong = errors[layer + 1][j];
                if (wrong != 0)
                {
                    var at = j * (inputs + 1);
                    var slope = gradients[layer].AsSpan(at, inputs);
                    TensorPrimitives.MultiplyAdd(below, wrong, slope, slope);
                    gradients[layer][at + inputs] += wrong;
                    if (layer > 0)
                    {
                        TensorPrimitives.MultiplyAdd(weights[layer].AsSpan(at, inputs), wrong, back, back);
                    }
                }
            }

            for (var i = 0; layer > 0 && i < inputs; i++)
            {
                var plain = below[i] / (dropout > 0 ? scale : 1);
                back[i] *= !kept[layer][i] ? 0 : (dropout > 0 ? scale : 1) * (tanh ? 1 - plain * plain : plain > 0 ? 1 : 0);
            }
        }
    }

    /// <summary>Moves the weights against the gradients of the rows learned since the last step.</summary>
    public void Step(int rows, double rate, double momentum, double decay)
    {
        for (var layer = 0; layer < weights.Length; layer++)
        {
            var w = weights[layer].AsSpan();
            var v = velocities[layer].AsSpan();
            var g = gradients[layer].AsSpan();
            TensorPrimitives.Multiply(g, 1f / rows, g);
            TensorPrimitives.MultiplyAdd(w, (float)decay, g, g);
            TensorPrimitives.MultiplyAdd(v, (float)momentum, g, v);
            TensorPrimitives.MultiplyAdd(v, (float)momentum, g, g);
            TensorPrimitives.MultiplyAdd(g, (float)-rate, w, w);
            g.Clear();
        }
    }

    private void Forward(ReadOnlySpan<float> row, double dropout, Random? random)
    {
        row.CopyTo(outputs[0]);
        var scale = (float)(1 / (1 - dropout));
        for (var layer = 0; layer < weights.Length; layer++)
        {
            var (inputs, hidden) = (sizes[layer], layer + 1 < weights.Length);
            var below = outputs[layer].AsSpan();
            for (var j = 0; j < sizes[layer + 1]; j++)
            {
                var at = j * (inputs + 1);
                var sum = TensorPrimitives.Dot<float>(weights[layer].AsSpan(at, inputs), below) + weights[layer][at + inputs];
                if (hidden)
                {
                    sum = tanh ? MathF.Tanh(sum) : Math.Max(0, sum);
                    kept[layer + 1][j] = random is null || dropout == 0 || random.NextDouble() >= dropout;
                    sum = kept[layer + 1][j] ? random is null || dropout == 0 ? sum : sum * scale : 0;
                }

                outputs[layer + 1][j] = sum;
            }
        }
    }
}
