using System.Buffers.Text;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Roux.Server.Components.Widgets;
using Roux.Tracking.Notebooks;

namespace Roux.Server.Components.RunDetails;

/// <summary>A result of a cell as it may be shown: a text or a picture, never HTML or a script.</summary>
/// <param name="Text">The text.</param>
/// <param name="Image">Address of a picture that holds it.</param>
/// <param name="IsError">Whether it tells of an error.</param>
internal sealed partial record NotebookOutput(string Text, string? Image = null, bool IsError = false)
{
    private const int MostOutputs = 50;
    private const int LongestText = 20_000;
    private const int LargestImage = 4 << 20;

    /// <summary>The results of a cell. Of a result in several forms the picture is taken, else the plain text.</summary>
    public static IReadOnlyList<NotebookOutput> Of(NotebookCell cell) => [.. cell.Outputs.OfType<JsonObject>().Take(MostOutputs).Select(Of).OfType<NotebookOutput>()];

    private static NotebookOutput? Of(JsonObject output)
    {
        switch (Join(output["output_type"]))
        {
            case "stream":
                return Plain(Join(output["text"]), false);
            case "error":
                return Plain(Join(output["traceback"], '\n') is { Length: > 0 } trace ? trace : $"{Join(output["ename"])}: {Join(output["evalue"])}", true);
        }

        if (output["data"] is not JsonObject data)
        {
            return null;
        }

        foreach (var type in new[] { "image/png", "image/jpeg", "image/gif" })
        {
            if (Join(data[type]) is { Length: > 0 and <= LargestImage } encoded && Whitespace().Replace(encoded, "") is var bytes && Base64.IsValid(bytes))
            {
                return new NotebookOutput("", $"data:{type};base64,{bytes}");
            }
        }

        return Join(data["text/plain"]) is { Length: > 0 } text ? Plain(text, false)
            : data.Count > 0 ? Plain($"({string.Join(", ", data.Select(form => Format.Cut(form.Key, 60)).Take(5))}: not shown)", false) : null;
    }

    private static NotebookOutput Plain(string text, bool isError) => new(Format.Cut(Colours().Replace(text, ""), LongestText), IsError: isError);

    /// <summary>nbformat keeps a text whole or as its lines.</summary>
    private static string Join(JsonNode? node, char? between = null)
    {
        if (node is JsonArray lines)
        {
            var text = new StringBuilder();
            foreach (var line in lines)
            {
                text.Append(text.Length > 0 && between is { } sign ? sign.ToString() : "").Append(Join(line));
            }

            return text.ToString();
        }

        return node is JsonValue value && value.TryGetValue(out string? whole) ? whole : "";
    }

    [GeneratedRegex(@"\u001b\[[0-9;?]*[A-Za-z]")]
    private static partial Regex Colours();

    [GeneratedRegex(@"\s+")]
    private static partial Regex Whitespace();
}
