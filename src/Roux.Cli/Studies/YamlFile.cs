using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Roux.Cli.Studies;

/// <summary>Reads a file that is JSON or YAML as JSON.</summary>
internal static class YamlFile
{
    private const long MostBytes = 4 << 20;
    private const int MostNodes = 100_000;
    private const int Deepest = 32;

    /// <summary>Reads it.</summary>
    /// <param name="option">The option that named it, for errors.</param>
    /// <param name="path">The file.</param>
    /// <exception cref="UsageException">No such file, too large, or neither JSON nor YAML.</exception>
    public static JsonNode? Read(string option, string path)
    {
        try
        {
            var file = new FileInfo(path);
            if (!file.Exists)
            {
                throw new UsageException($"{option} '{path}': no such file");
            }

            var text = file.Length <= MostBytes ? File.ReadAllText(path) : throw new UsageException($"{option} '{path}': {file.Length:N0} bytes; at most {MostBytes:N0} are read");
            return text.AsSpan().TrimStart() is ['{', ..] ? JsonNode.Parse(text, documentOptions: new JsonDocumentOptions { MaxDepth = Deepest }) : Yaml(text);
        }
        catch (Exception e) when (e is FormatException or JsonException or YamlException or ArgumentException or IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"{option} '{path}': {e.Message}");
        }
    }

    private static JsonNode? Yaml(string text)
    {
        var stream = new YamlStream();
        stream.Load(new StringReader(text));
        var left = MostNodes;
        return stream.Documents.Count == 1 ? Convert(stream.Documents[0].RootNode, ref left, 0) : throw new FormatException($"{stream.Documents.Count} documents; one is wanted");
    }

    private static JsonNode? Convert(YamlNode node, ref int left, int depth)
    {
        if (depth > Deepest)
        {
            throw new FormatException($"more than {Deepest} levels");
        }

        if (left-- <= 0)
        {
            throw new FormatException($"more than {MostNodes:N0} values");
        }

        switch (node)
        {
            case YamlMappingNode mapping:
                var json = new JsonObject();
                foreach (var (key, value) in mapping.Children)
                {
                    json[(key as YamlScalarNode)?.Value ?? throw new FormatException("a key is a plain text")] = Convert(value, ref left, depth + 1);
                }

                return json;
            case YamlSequenceNode sequence:
                var list = new JsonArray();
                foreach (var item in sequence.Children)
                {
                    list.Add(Convert(item, ref left, depth + 1));
                }

                return list;
            case YamlScalarNode { Style: ScalarStyle.Plain } scalar:
                return Plain(scalar.Value ?? "");
            default:
                return JsonValue.Create(((YamlScalarNode)node).Value);
        }
    }

    private static JsonValue? Plain(string text) => text switch
    {
        "" or "~" or "null" => null,
        "true" => JsonValue.Create(true),
        "false" => JsonValue.Create(false),
        _ when long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var whole) => JsonValue.Create(whole),
        _ when double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number) => JsonValue.Create(number),
        _ => JsonValue.Create(text),
    };
}
