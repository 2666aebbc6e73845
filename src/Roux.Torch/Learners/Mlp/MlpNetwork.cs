using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch.nn;

namespace Roux.Torch.Learners.Mlp;

/// <summary>The network while it learns. What it draws at random, initial weights and dropout, comes from a generator of its own.</summary>
internal sealed class MlpNetwork : Module<torch.Tensor, torch.Tensor?, torch.Tensor>
{
    /// <summary>Deviation of the initial frequencies of periodic embeddings (Gorishniy and others 2022 search it from 0.01 to 10).</summary>
    private const double FrequencyDeviation = 0.3;

    private readonly MlpShape shape;
    private readonly int plain;
    private readonly int numeric;
    private readonly double dropout;
    private readonly torch.Generator generator;

    // Held here, since TorchSharp hands the address of a scalar to libtorch without keeping the scalar from being collected meanwhile.
    private readonly Scalar one = 1.0.ToScalar();
    private readonly Scalar kept;
    private readonly Scalar turn = (2 * Math.PI).ToScalar();

    private readonly Parameter? frequencies;
    private readonly Parameter? numericWeights;
    private readonly Parameter? numericBiases;
    private readonly ParameterList embeddings = new();
    private readonly ModuleList<SeededLinear> dense = new();
    private readonly ModuleList<Module<torch.Tensor, torch.Tensor>> norms = new();
    private readonly ModuleList<Module<torch.Tensor, torch.Tensor>> activations = new();
    private readonly SeededLinear head;

    /// <param name="shape">Its form.</param>
    /// <param name="inputs">What it is given.</param>
    /// <param name="dropout">Share of units left out at random while it learns.</param>
    /// <param name="generator">What it draws from; the caller's.</param>
    public MlpNetwork(MlpShape shape, MlpInputs inputs, double dropout, torch.Generator generator) : base("mlp")
    {
        (this.shape, this.dropout, this.generator, plain, numeric) = (shape, dropout, generator, inputs.Plain, inputs.Numeric);
        kept = (1 - dropout).ToScalar();
        if (numeric > 0 && shape.Embedding == NumericEmbedding.Periodic)
        {
            frequencies = Parameter(torch.zeros(numeric, shape.Encoded / 2));
        }

        if (numeric > 0 && shape.EmbeddingSize > 0)
        {
            numericWeights = Parameter(torch.zeros(numeric, shape.Encoded, shape.EmbeddingSize));
            numericBiases = Parameter(torch.zeros(numeric, 1, shape.EmbeddingSize));
        }

        foreach (var levels in inputs.Levels)
        {
            embeddings.Add(Parameter(torch.zeros(levels, MlpInputs.EmbeddingOf(levels))));
        }

        var first = plain + numeric * shape.PerNumeric + inputs.Levels.Sum(MlpInputs.EmbeddingOf);
        AddLayers(first);
        head = new SeededLinear(shape.Width, shape.Outputs, generator);
        RegisterComponents();
        Initialise();
    }

    /// <param name="numbers">[rows, <see cref="MlpInputs.Width"/>].</param>
    /// <param name="codes">[rows, categories], int64; <c>null</c> where there are none.</param>
    /// <returns>Scores, [rows, outputs].</returns>
    public override torch.Tensor forward(torch.Tensor numbers, torch.Tensor? codes)
    {
        var h = Embedded(numbers, codes);
        if (!shape.Residual)
        {
            for (var i = 0; i < shape.Layers; i++)
            {
                h = Dropped(activations[i].forward(Normal(i, dense[i].forward(h))));
            }

            return head.forward(h);
        }

        h = dense[0].forward(h);
        for (var i = 0; i < shape.Layers; i++)
        {
            var inner = Dropped(activations[i].forward(dense[1 + 2 * i].forward(Normal(i, h))));
            h = h.add(dense[2 + 2 * i].forward(inner), one);
        }

        return head.forward(activations[shape.Layers].forward(Normal(shape.Layers, h)));
    }

    /// <summary>The weights as plain arrays.</summary>
    public MlpWeights Weights()
    {
        using var none = torch.no_grad();
        using var scope = torch.NewDisposeScope();
        return new MlpWeights
        {
            Frequencies = Floats(frequencies),
            NumericWeights = Floats(numericWeights),
            NumericBiases = Floats(numericBiases),
            Embeddings = [.. embeddings.Select(Floats)],
            Dense = [.. dense.Append(head).Select(layer => Floats(layer.Weight.t()))],
            DenseBiases = [.. dense.Append(head).Select(layer => Floats(layer.Bias))],
            Gains = [.. norms.Select(norm => Scale(norm).Gain)],
            Shifts = [.. norms.Select(norm => Scale(norm).Shift)],
        };
    }

    private void AddLayers(int first)
    {
        var layers = shape.Residual ? 1 + 2 * shape.Layers : shape.Layers;
        for (var i = 0; i < layers; i++)
        {
            dense.Add(new SeededLinear(i == 0 ? first : shape.Width, shape.Width, generator));
        }

        for (var i = 0; i < shape.Layers + (shape.Residual ? 1 : 0); i++)
        {
            activations.Add(ReLU());
            if (shape.Normalization != Normalization.None)
            {
                norms.Add(shape.Normalization == Normalization.Layer ? LayerNorm(shape.Width) : BatchNorm1d(shape.Width));
            }
        }
    }

    private torch.Tensor Embedded(torch.Tensor numbers, torch.Tensor? codes)
    {
        if (codes is null && shape.EmbeddingSize == 0)
        {
            return numbers;
        }

        var parts = new List<torch.Tensor>();
        if (shape.EmbeddingSize == 0 || numeric == 0)
        {
            parts.Add(numbers);
        }
        else
        {
            if (plain > 0)
            {
                parts.Add(numbers.narrow(1, 0, plain));
            }

            parts.Add(EmbeddedNumbers(numbers.narrow(1, plain, numbers.shape[1] - plain)));
        }

        for (var i = 0; i < embeddings.Count; i++)
        {
            parts.Add(embeddings[i].index_select(0, codes!.select(1, i)));
        }

        return parts.Count == 1 ? parts[0] : torch.cat(parts, 1);
    }

    private torch.Tensor EmbeddedNumbers(torch.Tensor numbers)
    {
        var rows = numbers.shape[0];
        torch.Tensor encoded;
        if (frequencies is null)
        {
            encoded = numbers.reshape(rows, numeric, shape.Encoded);
        }
        else
        {
            var angles = numbers.unsqueeze(2) * frequencies.mul(turn);
            encoded = torch.cat([angles.cos(), angles.sin()], 2);
        }

        var mapped = torch.bmm(encoded.transpose(0, 1), numericWeights!).add(numericBiases!, one).relu();
        return mapped.transpose(0, 1).reshape(rows, numeric * shape.EmbeddingSize);
    }

    private torch.Tensor Normal(int layer, torch.Tensor h) => shape.Normalization == Normalization.None ? h : norms[layer].forward(h);

    private torch.Tensor Dropped(torch.Tensor h) => training && dropout > 0 ? h * torch.empty_like(h).bernoulli_(1 - dropout, generator).div_(kept) : h;

    private void Initialise()
    {
        using var none = torch.no_grad();
        if (frequencies is not null)
        {
            frequencies.normal_(0, FrequencyDeviation, generator);
        }

        if (numericWeights is not null)
        {
            SeededLinear.Uniform(numericWeights, shape.Encoded, generator);
            SeededLinear.Uniform(numericBiases!, shape.Encoded, generator);
        }

        foreach (var embedding in embeddings)
        {
            SeededLinear.Uniform(embedding, 1, generator);
            embedding[0].zero_(); // a level that was never seen says nothing
        }
    }

    /// <summary>By what a normalised number is multiplied and moved; batch norm in use is nothing but that.</summary>
    private (float[] Gain, float[] Shift) Scale(Module<torch.Tensor, torch.Tensor> norm)
    {
        if (norm is LayerNorm layer)
        {
            return (Floats(layer.weight), Floats(layer.bias));
        }

        var batch = (BatchNorm1d)norm;
        var epsilon = torch.full_like(batch.running_var!, 1e-5);
        var gain = batch.weight! / batch.running_var!.add(epsilon, one).sqrt();
        return (Floats(gain), Floats(batch.bias! - batch.running_mean! * gain));
    }

    private static float[] Floats(torch.Tensor? tensor) => tensor is null ? [] : tensor.detach().contiguous().data<float>().ToArray();
}
