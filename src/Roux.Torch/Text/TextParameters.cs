using System.Globalization;
using TorchSharp.Modules;

namespace Roux.Torch.Text;

/// <summary>Which parameters of a network are trained, and how fast.</summary>
internal static class TextParameters
{
    /// <summary>
    /// Groups of parameters with their rates: lower layers learn slower by <c>layer_decay</c> a layer (Howard and Ruder, "Universal language model
    /// fine-tuning", 2018, section 3.2); biases and LayerNorms do not decay; what is frozen is in no group and asks for no gradient.
    /// </summary>
    public static IReadOnlyList<(AdamW.ParamGroup Parameters, double Rate)> Groups(TextNetwork network, TransformerSettings settings)
    {
        var groups = new SortedDictionary<(int Depth, bool Decays), List<Parameter>>();
        foreach (var (name, parameter) in network.named_parameters())
        {
            var depth = Depth(name, network.Config.Layers);
            if (depth <= settings.Freeze)
            {
                parameter.requires_grad_(false);
                continue;
            }

            var decays = !name.EndsWith("bias", StringComparison.Ordinal) && !name.Contains("LayerNorm", StringComparison.Ordinal);
            if (!groups.TryGetValue((depth, decays), out var group))
            {
                groups.Add((depth, decays), group = []);
            }

            group.Add(parameter);
        }

        return
        [
            .. groups.Select(group =>
            {
                var rate = settings.Rate * Math.Pow(settings.LayerDecay, network.Config.Layers + 1 - group.Key.Depth);
                return (new AdamW.ParamGroup(group.Value, rate, weight_decay: group.Key.Decays ? settings.WeightDecay : 0), rate);
            }),
        ];
    }

    /// <summary>0 for the embeddings, 1 for the first layer, and one above the last for pooler and classes.</summary>
    private static int Depth(string name, int layers)
    {
        const string Layer = "bert.encoder.layer.";
        return name.StartsWith("bert.embeddings.", StringComparison.Ordinal) ? 0
            : name.StartsWith(Layer, StringComparison.Ordinal) ? 1 + int.Parse(name.AsSpan(Layer.Length, name.IndexOf('.', Layer.Length) - Layer.Length), CultureInfo.InvariantCulture)
            : layers + 1;
    }
}
