using System.IO.Compression;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Roux.Tracking.Artifacts;
using Roux.Tracking.Capture.Lineage;

namespace Roux.Tracking.Registry;

/// <summary>Reads a model's signature from its own description: <c>pipeline.json</c> in a Roux model file, or an <c>MLmodel</c> file. Both are untrusted: sizes are bounded, nothing is run.</summary>
internal static class SignatureReader
{
    private const int LargestDescription = 4 << 20;
    private const int MostFields = 100_000;
    private const int LongestType = 500;
    private const string LocalHeader = "PK\u0003\u0004";

    private static readonly JsonDocumentOptions Rules = new() { MaxDepth = 32 };
    private static readonly string[] UnusedRoles = ["Id", "Constant", "Target", "Ignore"];

    /// <summary>The signature of the model in a file or folder; <c>null</c> where it says none that can be read.</summary>
    public static ModelSignature? Read(string path)
    {
        try
        {
            return File.Exists(path) ? OfFile(path) : Directory.Exists(path) ? OfFolder(path) : null;
        }
        catch (Exception exception) when (exception is JsonException or FormatException or InvalidDataException or IOException or InvalidOperationException or KeyNotFoundException or UnauthorizedAccessException)
        {
            // A model may be anything. What cannot be read has no signature; registering it is no error.
            return null;
        }
    }

    private static ModelSignature? OfFolder(string folder)
    {
        var description = Path.Combine(folder, "MLmodel");
        if (File.Exists(description) && !ArtifactPath.IsLink(description) && new FileInfo(description).Length <= LargestDescription)
        {
            return OfMlmodel(File.ReadAllText(description));
        }

        string[] models = [.. Directory.EnumerateFiles(folder, "*.roux").Where(file => !ArtifactPath.IsLink(file)).Take(2)];
        return models is [var model] ? OfFile(model) : null;
    }

    private static ModelSignature? OfFile(string path)
    {
        if (Path.GetFileName(path) == "MLmodel")
        {
            return new FileInfo(path).Length <= LargestDescription ? OfMlmodel(File.ReadAllText(path)) : null;
        }

        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read);
        Span<byte> head = stackalloc byte[LocalHeader.Length];
        if (file.ReadAtLeast(head, head.Length, throwOnEndOfStream: false) < head.Length || !head.SequenceEqual(Encoding.Latin1.GetBytes(LocalHeader)))
        {
            return null;
        }

        file.Position = 0;
        using var zip = new ZipArchive(file, ZipArchiveMode.Read);
        return zip.GetEntry("pipeline.json") is { } entry && zip.GetEntry("manifest.json") is not null ? OfPipeline(JsonNode.Parse(ReadText(entry), documentOptions: Rules)!) : null;
    }

    private static ModelSignature OfPipeline(JsonNode pipeline)
    {
        var (task, target) = (pipeline["task"]!.GetValue<string>(), pipeline["target"]!.GetValue<string>());
        var inputs = pipeline["columns"]!.AsArray()
            .Where(column => column!["name"]!.GetValue<string>() != target && !UnusedRoles.Contains(column["role"]!.GetValue<string>()))
            .Select(column => new SignatureField(column!["name"]!.GetValue<string>(), column["type"]!.GetValue<string>()));
        var classes = pipeline["classes"]!.AsArray().Select(name => new SignatureField("p_" + name!.GetValue<string>(), "Number"));
        return new ModelSignature([.. inputs.Take(MostFields)], [new SignatureField("prediction", task == "Regression" ? "Number" : "Text"), .. classes.Take(MostFields)]);
    }

    private static ModelSignature? OfMlmodel(string text)
    {
        var signature = (text.TrimStart().StartsWith('{') ? JsonNode.Parse(text, documentOptions: Rules) : YamlSubset.Parse(text)) is JsonObject model ? model["signature"] as JsonObject : null;
        return signature is null ? null : new ModelSignature(Fields(signature["inputs"]), Fields(signature["outputs"]));
    }

    // MLflow writes each side as a JSON text within the YAML.
    private static SignatureField[] Fields(JsonNode? side)
    {
        var list = side is JsonValue value && value.TryGetValue<string>(out var json) ? JsonNode.Parse(json, documentOptions: Rules) : side;
        return list is not JsonArray fields ? [] : [.. fields.OfType<JsonObject>().Take(MostFields).Select(field => new SignatureField(
            Text(field["name"]), TypeOf(field), field["optional"] is not JsonValue && (field["required"] is not JsonValue required || !required.TryGetValue<bool>(out var must) || must)))];
    }

    private static string TypeOf(JsonObject field)
    {
        var type = field["tensor-spec"] is JsonObject tensor ? $"tensor({Text(tensor["dtype"])}, {tensor["shape"]?.ToJsonString()})" : Text(field["type"]) ?? "unknown";
        return type.Length <= LongestType ? type : type[..LongestType] + "…";
    }

    private static string? Text(JsonNode? node) => node is null ? null : node is JsonValue value && value.TryGetValue<string>(out var text) ? text : node.ToJsonString();

    private static string ReadText(ZipArchiveEntry entry)
    {
        if (entry.Length > LargestDescription)
        {
            throw new InvalidDataException("the description is too large");
        }

        // The length that an archive states need not be true.
        using var content = entry.Open();
        var bytes = new byte[LargestDescription + 1];
        var read = content.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
        return read <= LargestDescription ? Encoding.UTF8.GetString(bytes, 0, read) : throw new InvalidDataException("the description is too large");
    }
}
