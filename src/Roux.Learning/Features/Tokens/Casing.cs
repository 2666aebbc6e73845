using System.Text.Json.Nodes;
using Roux.Learning.Pipelines;

namespace Roux.Learning.Features.Tokens;

/// <summary>How a text is prepared for a vocabulary, and the names of its special pieces: what <c>tokenizer_config.json</c> says of a BERT tokenizer.</summary>
internal sealed record Casing(bool Lower, bool StripAccents, bool SplitIdeographs, string Unknown, string Begin, string End)
{
    /// <summary>Lower case without accents, the usual special pieces.</summary>
    public static Casing Uncased { get; } = new(true, true, true, "[UNK]", "[CLS]", "[SEP]");

    /// <summary>The words of a text, joined by single spaces.</summary>
    public string Words(string text) => BertText.Words(text, Lower, StripAccents, SplitIdeographs);

    /// <summary>As Hugging Face reads it: accents go with the capitals unless something else is said.</summary>
    /// <exception cref="InvalidDataException">A field is of another type than it should be.</exception>
    public static Casing OfTokenizerConfig(JsonNode? json)
    {
        var settings = json.AsObjectOf("tokenizer_config.json");
        var lower = !settings.HasField("do_lower_case") || settings.Bool("do_lower_case");
        return new Casing(
            lower, settings.HasField("strip_accents") ? settings.Bool("strip_accents") : lower,
            !settings.HasField("tokenize_chinese_chars") || settings.Bool("tokenize_chinese_chars"),
            Piece(settings, "unk_token", "[UNK]"), Piece(settings, "cls_token", "[CLS]"), Piece(settings, "sep_token", "[SEP]"));
    }

    /// <summary>As JSON.</summary>
    public JsonObject ToJson() => new()
    {
        ["lower"] = Lower, ["stripAccents"] = StripAccents, ["splitIdeographs"] = SplitIdeographs, ["unknown"] = Unknown, ["begin"] = Begin, ["end"] = End,
    };

    /// <summary>Reads what <see cref="ToJson"/> wrote.</summary>
    public static Casing Read(JsonNode json) => new(
        json.Bool("lower"), json.Bool("stripAccents"), json.Bool("splitIdeographs"), json.Text("unknown"), json.Text("begin"), json.Text("end"));

    /// <summary>A special piece is its text, or an object that has it as <c>content</c>.</summary>
    private static string Piece(JsonNode settings, string name, string fallback) =>
        !settings.HasField(name) ? fallback : settings.Field(name) is JsonObject added ? added.Text("content") : settings.Text(name);
}
