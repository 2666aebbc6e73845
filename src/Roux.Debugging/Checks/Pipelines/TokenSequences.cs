using System.Text.Json.Nodes;
using Roux.Debugging.Findings;
using Roux.Tracking;

namespace Roux.Debugging.Checks.Pipelines;

/// <summary>Whether token sequences carry the text, or mostly filling, holes and cuts.</summary>
public sealed class TokenSequences : Check<InputSubject>
{
    private static readonly Threshold Padding = new("padding", 0.8, "share of the tokens that are padding: at least", "four steps of five are then spent on nothing; SageMaker Debugger's NLPSequenceRatio counts the same");
    private static readonly Threshold Truncated = new("truncated", 0.2, "share of the sequences that fill their length to the last token: at least", "each is likely cut; what follows is not seen");
    private static readonly Threshold Unknown = new("unknown", 0.2, "share of the words that the vocabulary lacks: at least", "sub-word vocabularies of the right language leave well under 1%, word lists 2-5%");

    /// <inheritdoc/>
    public override string Name => "token-sequences";

    /// <inheritdoc/>
    public override string Definition => "Token sequences that are mostly padding (padding-ratio), that are cut (truncated-inputs), that are full of unknown words (unknown-tokens), or hold numbers outside the vocabulary (token-range).";

    /// <inheritdoc/>
    public override IReadOnlyList<Threshold> Thresholds => [Padding, Truncated, Unknown];

    /// <inheritdoc/>
    public override IEnumerable<Finding> Run(InputSubject subject, CheckContext context)
    {
        if (subject.Tokens is not { Rows: > 0 } tokens)
        {
            yield break;
        }

        var lengths = new int[tokens.Rows];
        var (unknown, outside) = (0L, 0L);
        for (var i = 0; i < tokens.Ids.Length; i++)
        {
            var id = tokens.Ids[i];
            lengths[i / tokens.Length] += id == tokens.Padding ? 0 : 1;
            unknown += id == tokens.Unknown && id != tokens.Padding ? 1 : 0;
            outside += id < 0 || id >= (tokens.Vocabulary ?? int.MaxValue) ? 1 : 0;
        }

        var real = lengths.Sum(length => (long)length);
        if (outside > 0)
        {
            yield return Found("token-range", Severity.High, $"{outside:N0} tokens lie outside the vocabulary of {tokens.Vocabulary:N0}.", (double)outside / tokens.Ids.Length, lengths,
                "Tokenizer and model have different vocabularies, or special tokens were added to one of them only.", "Load both from the same folder, and resize the embedding when tokens are added.");
        }

        if (unknown >= context.Value(Name, Unknown) * real && real > 0)
        {
            yield return Found("unknown-tokens", Severity.High, $"{100.0 * unknown / real:0.#}% of the words are unknown to the vocabulary.", (double)unknown / real, lengths,
                "The tokenizer is not the one that the vocabulary belongs to: other language, other case (cased or uncased), other splitting of words.", "Use the tokenizer of the model, with its own settings for case and accents.");
        }

        if (1 - (double)real / tokens.Ids.Length is var padding && padding >= context.Value(Name, Padding))
        {
            yield return Found("padding-ratio", padding >= 1 ? Severity.High : Severity.Medium, $"{100 * padding:0.#}% of the tokens are padding.", padding, lengths,
                "Rows are filled up to a fixed length that few of them reach, or texts came empty.", "Fill up to the longest row of each batch, and put rows of like length into one batch.");
        }

        var full = lengths.Count(length => length >= tokens.Length) / (double)tokens.Rows;
        if (tokens.Rows > 1 && full >= context.Value(Name, Truncated) && lengths.Min() < tokens.Length)
        {
            yield return Found("truncated-inputs", full >= 0.5 ? Severity.Medium : Severity.Low, $"{100 * full:0.#}% of the sequences fill their {tokens.Length:N0} tokens to the end: what follows is cut off.", full, lengths,
                "Texts are longer than the length allowed.", "Allow more tokens, take beginning and end of the text, or split it into pieces and average.");
        }
    }

    private static Finding Found(string check, Severity severity, string message, double share, int[] lengths, string cause, string fix) => new(check, severity, message)
    {
        Evidence = new JsonObject { ["share"] = share, ["sequences"] = lengths.Length, ["mean_length"] = lengths.Average(), [EvidencePlot.Key] = Histogram(lengths).ToJson() },
        Cause = cause,
        Fix = fix,
        Verify = "Count again after the change: the share falls.",
    };

    private static EvidencePlot Histogram(int[] lengths)
    {
        var width = Math.Max(1, (lengths.Max() + 20) / 20);
        var bins = lengths.GroupBy(length => length / width).ToDictionary(group => group.Key, group => group.Count());
        int[] places = [.. Enumerable.Range(0, lengths.Max() / width + 1)];
        return new EvidencePlot(PlotKind.Bar, "Tokens of a sequence without padding", "tokens", "sequences", [new PlotSeries("sequences", [], [.. places.Select(place => (double)bins.GetValueOrDefault(place))])]) { Labels = [.. places.Select(place => $"{place * width}")] };
    }
}
