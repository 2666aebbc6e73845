using System.IO.Compression;
using System.Text.Json.Nodes;
using Roux.Learning.Data;
using Roux.Learning.Features;
using Roux.Learning.Learners;

namespace Roux.Learning.Pipelines;

/// <summary>The file form of a pipeline, described in docs/model-format.md.</summary>
internal static class PipelineFile
{
    /// <summary>The newest form; read are all from 1 to this. A file without calibration and rule is written as version 1, which older programs read, too.</summary>
    public const int Version = 2;

    private const string Format = "roux-pipeline";
    private const long MaxTotalBytes = 4_000_000_000;
    private const int MaxEntries = 100_000;

    /// <summary>Writes to a file beside the path, then renames it.</summary>
    public static void Save(Pipeline pipeline, string path)
    {
        var full = Path.GetFullPath(path);
        Directory.CreateDirectory(Path.GetDirectoryName(full)!);
        var temporary = $"{full}.{Environment.ProcessId}-{Environment.CurrentManagedThreadId}.tmp";
        try
        {
            using (var file = new FileStream(temporary, FileMode.Create, FileAccess.ReadWrite))
            {
                using (var zip = new ZipArchive(file, ZipArchiveMode.Create, leaveOpen: true))
                {
                    Write(pipeline, zip);
                }

                file.Flush(flushToDisk: true);
            }

            File.Move(temporary, full, overwrite: true);
        }
        catch
        {
            File.Delete(temporary);
            throw;
        }
    }

    /// <summary>Reads a file.</summary>
    public static Pipeline Load(string path)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read);
        try
        {
            using var zip = new ZipArchive(file, ZipArchiveMode.Read);
            CheckSizes(zip, file.Length);
            var pipeline = Read(zip);
            Try(pipeline);
            return pipeline;
        }
        catch (Exception e) when (e is not (OutOfMemoryException or OperationCanceledException))
        {
            // Whatever a damaged file makes of a reader, the caller learns one thing: the file is no good, and why.
            throw new InvalidDataException($"{path}: not a model file that this version can read: {e.Message}", e);
        }
    }

    private static void Write(Pipeline pipeline, ZipArchive zip)
    {
        var archive = new ArchiveWriter(zip);
        var featurizers = pipeline.Members.Select(member => member.Featurizer).Distinct().ToList();
        var members = new JsonArray();
        for (var i = 0; i < featurizers.Count; i++)
        {
            featurizers[i].Write(archive.In($"featurizers/{i}"));
        }

        for (var i = 0; i < pipeline.Members.Count; i++)
        {
            var member = pipeline.Members[i];
            member.Model.Write(archive.In($"models/{i}"));
            members.Add(new JsonObject
            {
                ["weight"] = member.Weight,
                ["featurizer"] = featurizers.IndexOf(member.Featurizer),
                ["kind"] = member.Model.Kind,
                ["targetTransform"] = member.TargetTransform.ToString(),
            });
        }

        var json = new JsonObject
        {
            ["name"] = pipeline.Name,
            ["task"] = pipeline.Task.ToString(),
            ["target"] = pipeline.TargetColumn,
            ["classes"] = ArchiveJson.ToJson(pipeline.Classes),
            ["columns"] = new JsonArray([.. pipeline.Columns.Select(ColumnSpecJson.Write)]),
            ["members"] = members,
            ["metadata"] = new JsonObject(pipeline.Metadata.OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => KeyValuePair.Create(pair.Key, (JsonNode?)pair.Value))),
        };
        DecisionFile.Write(pipeline, json, archive);
        archive.WriteJson("pipeline", json);
        archive.WriteJson("manifest", new JsonObject
        {
            ["format"] = Format,
            ["version"] = pipeline.Calibrator is null && pipeline.Rule is null ? 1 : Version,
            ["sha256"] = new JsonObject(archive.Digests.Select(pair => KeyValuePair.Create(pair.Key, (JsonNode?)pair.Value))),
        });
    }

    private static Pipeline Read(ZipArchive zip)
    {
        var manifest = new ArchiveReader(zip).ReadJson("manifest");
        ArchiveJson.Require(manifest.Text("format") == Format, $"its format is '{manifest.Text("format")}', not '{Format}'");
        var version = manifest.Int("version");
        ArchiveJson.Require(version is >= 1 and <= Version, $"it was written in version {version} of the format, and this program reads versions 1 to {Version}: use a newer Roux");
        var archive = new ArchiveReader(zip, "", Texts(manifest, "sha256"));
        var json = archive.ReadJson("pipeline");
        var featurizers = new Dictionary<int, FittedFeaturizer>();
        var members = new List<PipelineMember>();
        foreach (var node in json.List("members"))
        {
            var member = node.AsObjectOf("a member");
            var number = member.Int("featurizer");
            if (!featurizers.TryGetValue(number, out var featurizer))
            {
                featurizers.Add(number, featurizer = FittedFeaturizer.Read(archive.In($"featurizers/{number}")));
            }

            var model = ModelCatalog.Read(member.Text("kind"), archive.In($"models/{members.Count}"));
            members.Add(new PipelineMember(member.Double("weight"), featurizer, model, member.Named<TargetTransform>("targetTransform")));
        }

        ColumnSpec[] columns = [.. json.List("columns").Select(column => ColumnSpecJson.Read(column.AsObjectOf("a column")))];
        return new Pipeline(json.Text("name"), json.Named<TaskKind>("task"), json.Text("target"), json.Texts("classes"), columns, members, Texts(json, "metadata"), DecisionFile.ReadCalibrator(json, archive), DecisionFile.ReadRule(json));
    }

    private static Dictionary<string, string> Texts(JsonNode json, string name) =>
        json.Field(name).AsObjectOf(name).ToDictionary(pair => pair.Key, pair => json.Field(name).Text(pair.Key), StringComparer.Ordinal);

    /// <summary>Refuses archives that would unpack to more than memory can take, or whose entries overlap (Fifield 2019, "A better zip bomb").</summary>
    private static void CheckSizes(ZipArchive zip, long fileLength)
    {
        var (compressed, unpacked) = (0L, 0L);
        ArchiveJson.Require(zip.Entries.Count <= MaxEntries, $"it has {zip.Entries.Count} entries, more than {MaxEntries}");
        foreach (var entry in zip.Entries)
        {
            compressed += entry.CompressedLength;
            unpacked += entry.Length;
            ArchiveJson.Require(entry.CompressedLength >= 0 && entry.Length >= 0 && compressed <= fileLength, "its entries are larger than the file");
            ArchiveJson.Require(unpacked <= MaxTotalBytes, $"it would unpack to more than {MaxTotalBytes} bytes");
        }
    }

    /// <summary>Predicts one row without values: parts that do not belong together show here rather than in use.</summary>
    private static void Try(Pipeline pipeline)
    {
        var names = pipeline.Members.SelectMany(member => member.Featurizer.Columns).Select(column => column.Name).Distinct(StringComparer.Ordinal);
        var predictions = pipeline.Predict(new Table("a row without values", [.. names.Select(name => new TextColumn(name, [-1], []))]));
        ArchiveJson.Require(predictions.Rows == (names.Any() ? 1 : 0), "it does not give one prediction a row");
    }
}
