using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Roux.Tuning;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Roux.Cli.Studies;

/// <summary>Reads a search space from a JSON or YAML file.</summary>
internal static class SpaceFile
{
    private const long MostBytes = 4 << 20;
    private const int MostNodes = 100_000;

    /// <exception cref="UsageException">No such file, too large, or no search space.</exception>
    public static SearchSpace Read(string path)
    {
        try
        {
            var file = new FileInfo(path);
            if (!file.Exists)
            {
                throw new UsageException($"--space '{path}': no such file");
            }

            var text = file.Length <= MostBytes ? File.ReadAllText(path) : throw new UsageException($"--space '{path}': {file.Length:N0} bytes; a search space has at most {MostBytes:N0}");
            return SpaceJson.Read(text.AsSpan().TrimStart() is ['{', ..] ? JsonNode.Parse(text, documentOptions: new JsonDocumentOptions { MaxDepth = 32 }) : Yaml(text));
        }
        catch (Exception e) when (e is FormatException or JsonException or YamlException or ArgumentException or IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"--space '{path}': {e.Message}");
        }
    }

    private static JsonNode? Yaml(string text)
    {
        var stream = new YamlStream();
        stream.Load(new StringReader(text));
        var left = MostNodes;
        return stream.Documents.Count == 1 ? Convert(stream.Documents[0].RootNode, ref left) : throw new FormatException($"{stream.Documents.Count} documents; one is wanted");
    }

    private static JsonNode? Convert(YamlNode node, ref int left)
    {
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
                    json[((YamlScalarNode)key).Value ?? ""] = Convert(value, ref left);
                }

                return json;
            case YamlSequenceNode sequence:
                var list = new JsonArray();
                foreach (var item in sequence.Children)
                {
                    list.Add(Convert(item, ref left));
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
