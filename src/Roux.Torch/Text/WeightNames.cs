using System.Text.RegularExpressions;

namespace Roux.Torch.Text;

/// <summary>The names that the tensors of a file have in <see cref="TextNetwork"/>.</summary>
internal static partial class WeightNames
{
    private static readonly (string Old, string New)[] DistilBert =
    [
        ("attention.q_lin.", "attention.self.query."), ("attention.k_lin.", "attention.self.key."), ("attention.v_lin.", "attention.self.value."),
        ("attention.out_lin.", "attention.output.dense."), ("sa_layer_norm.", "attention.output.LayerNorm."), ("ffn.lin1.", "intermediate.dense."),
        ("ffn.lin2.", "output.dense."), ("output_layer_norm.", "output.LayerNorm."),
    ];

    /// <summary>
    /// With or without the prefix <c>bert.</c> (files of the bare encoder have none), with the LayerNorm names of TensorFlow's times
    /// (<c>gamma</c>, <c>beta</c>), or those of DistilBERT.
    /// </summary>
    public static string InNetwork(string name)
    {
        name = OldNorm().Replace(name, match => match.Groups[1].Value == "gamma" ? "LayerNorm.weight" : "LayerNorm.bias");
        if (name.StartsWith("classifier.", StringComparison.Ordinal))
        {
            return name;
        }

        if (name.StartsWith("pre_classifier.", StringComparison.Ordinal))
        {
            return $"bert.pooler.dense.{name["pre_classifier.".Length..]}";
        }

        var inside = name.StartsWith("distilbert.", StringComparison.Ordinal) ? name["distilbert.".Length..] : name.StartsWith("bert.", StringComparison.Ordinal) ? name["bert.".Length..] : name;
        if (inside.StartsWith("transformer.layer.", StringComparison.Ordinal))
        {
            inside = $"encoder{inside["transformer".Length..]}";
            foreach (var (old, now) in DistilBert)
            {
                inside = inside.Replace($".{old}", $".{now}", StringComparison.Ordinal);
            }
        }

        return $"bert.{inside}";
    }

    /// <summary>Parts of a file that the network has no use for: the heads of pre-training, and places that are counted, not learned.</summary>
    public static bool IsKnownExtra(string name) =>
        name.StartsWith("cls.", StringComparison.Ordinal) || name.StartsWith("vocab_", StringComparison.Ordinal) || name.EndsWith("position_ids", StringComparison.Ordinal);

    /// <summary>Parts of the network that a pre-trained encoder may lack: they are what fine-tuning begins anew.</summary>
    public static bool IsHead(string name) => name.StartsWith("classifier.", StringComparison.Ordinal) || name.StartsWith("bert.pooler.", StringComparison.Ordinal);

    [GeneratedRegex(@"LayerNorm\.(gamma|beta)$")]
    private static partial Regex OldNorm();
}
