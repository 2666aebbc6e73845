using Roux.Torch.Text;

namespace Roux.Torch.Tests.Text;

/// <summary>
/// BERT written down once more, in plain loops over doubles and from the paper's formulas alone, on tensors named as in the files. Knows no
/// padding: it is given one text at a time.
/// </summary>
internal sealed class ReferenceBert(BertConfig config, IReadOnlyDictionary<string, float[]> weights, string prefix = "bert.")
{
    /// <summary>The scores of a text.</summary>
    public double[] Scores(int[] ids, byte[] segments)
    {
        var x = Embed(ids, segments);
        for (var layer = 0; layer < config.Layers; layer++)
        {
            x = Layer(x, $"{prefix}encoder.layer.{layer}.");
        }

        var pooled = Linear(x[0], $"{prefix}pooler.dense", config.Hidden).Select(Math.Tanh).ToArray();
        return Linear(pooled, "classifier", weights["classifier.bias"].Length);
    }

    private double[][] Embed(int[] ids, byte[] segments)
    {
        var x = new double[ids.Length][];
        for (var place = 0; place < ids.Length; place++)
        {
            var sum = new double[config.Hidden];
            for (var i = 0; i < config.Hidden; i++)
            {
                sum[i] = (double)weights[$"{prefix}embeddings.word_embeddings.weight"][ids[place] * config.Hidden + i]
                    + weights[$"{prefix}embeddings.position_embeddings.weight"][place * config.Hidden + i]
                    + weights[$"{prefix}embeddings.token_type_embeddings.weight"][segments[place] * config.Hidden + i];
            }

            x[place] = Norm(sum, $"{prefix}embeddings.LayerNorm");
        }

        return x;
    }

    private double[][] Layer(double[][] x, string name)
    {
        var attended = Attention(x, $"{name}attention.self.");
        var y = new double[x.Length][];
        for (var place = 0; place < x.Length; place++)
        {
            var middle = Norm(Sum(Linear(attended[place], $"{name}attention.output.dense", config.Hidden), x[place]), $"{name}attention.output.LayerNorm");
            var wide = Linear(middle, $"{name}intermediate.dense", config.Intermediate).Select(value => value * 0.5 * (1 + Erf(value / Math.Sqrt(2)))).ToArray();
            y[place] = Norm(Sum(Linear(wide, $"{name}output.dense", config.Hidden), middle), $"{name}output.LayerNorm");
        }

        return y;
    }

    private double[][] Attention(double[][] x, string name)
    {
        var (q, k, v) = (Each(x, $"{name}query"), Each(x, $"{name}key"), Each(x, $"{name}value"));
        var width = config.Hidden / config.Heads;
        var result = x.Select(_ => new double[config.Hidden]).ToArray();
        for (var head = 0; head < config.Heads; head++)
        {
            for (var from = 0; from < x.Length; from++)
            {
                var weight = new double[x.Length];
                for (var to = 0; to < x.Length; to++)
                {
                    for (var i = head * width; i < (head + 1) * width; i++)
                    {
                        weight[to] += q[from][i] * k[to][i] / Math.Sqrt(width);
                    }
                }

                var largest = weight.Max();
                var total = weight.Sum(value => Math.Exp(value - largest));
                for (var to = 0; to < x.Length; to++)
                {
                    for (var i = head * width; i < (head + 1) * width; i++)
                    {
                        result[from][i] += Math.Exp(weight[to] - largest) / total * v[to][i];
                    }
                }
            }
        }

        return result;
    }

    private double[][] Each(double[][] x, string name) => [.. x.Select(row => Linear(row, name, config.Hidden))];

    private double[] Linear(double[] x, string name, int outputs)
    {
        var (matrix, bias) = (weights[$"{name}.weight"], weights[$"{name}.bias"]);
        var y = new double[outputs];
        for (var o = 0; o < outputs; o++)
        {
            y[o] = bias[o];
            for (var i = 0; i < x.Length; i++)
            {
                y[o] += x[i] * matrix[o * x.Length + i];
            }
        }

        return y;
    }

    private double[] Norm(double[] x, string name)
    {
        var mean = x.Average();
        var variance = x.Sum(value => (value - mean) * (value - mean)) / x.Length;
        return [.. x.Select((value, i) => (value - mean) / Math.Sqrt(variance + config.NormEpsilon) * weights[$"{name}.weight"][i] + weights[$"{name}.bias"][i])];
    }

    private static double[] Sum(double[] a, double[] b) => [.. a.Zip(b, (x, y) => x + y)];

    /// <summary>The error function by its Taylor series, exact to 1e-14 for |x| below 4, beyond which it is 1 to 1.6e-8.</summary>
    private static double Erf(double x)
    {
        if (Math.Abs(x) > 4)
        {
            return Math.Sign(x);
        }

        var (term, sum) = (x, x);
        for (var n = 1; n < 120; n++)
        {
            term *= -x * x / n;
            sum += term / (2 * n + 1);
        }

        return 2 / Math.Sqrt(Math.PI) * sum;
    }
}
