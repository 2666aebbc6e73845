using Roux.Tracking.Registry;

namespace Roux.Tracking.Transfer.Mlflow;

/// <summary>Takes what MLflow keeps into a store. Ids stay, so that it may run again, and go on after it broke off.</summary>
internal sealed class MlflowImport(Tracker tracker, MlflowSource source, IReadOnlyList<string> roots, TransferReport report, IProgress<string>? progress)
{
    // The file store makes ids of experiments of 18 digits; the ones that follow here should stay short.
    private const long LargestId = int.MaxValue;
    private const int RecordsAtOnce = 500;

    private readonly StoreImport imported = new(tracker, report, LargestId);
    private readonly MlflowArtifacts artifacts = new(tracker, roots, report);
    private readonly Dictionary<string, string> places = new(StringComparer.Ordinal);

    public void Run(CancellationToken cancellation)
    {
        source.Experiments(imported.Experiment);
        var links = Runs(cancellation);
        imported.LinkParents();
        var models = new ModelImport(tracker, imported, report);
        source.LoggedModels(model =>
        {
            Try(ModelImport.LoggedModels, () => models.LoggedModel(model.Item));
            Note($"logged-models/{model.Item.ModelId}", model.ArtifactUri);
        });
        links.ForEach(link => imported.LinkModels(link.RunId, link.Models));
        Metrics(cancellation);
        CopyArtifacts(cancellation);
        source.Models(model => models.Model(model.Item with { Versions = [.. model.Versions.Select(version => Version(model.Item.Name, version, cancellation)).OfType<VersionItem>()] }));
        source.Datasets(item => Try(ModelImport.Datasets, () => models.Dataset(item)));
        Records(models);
        foreach (var left in source.Leftovers())
        {
            report.Left(left.Kind, $"{left.Count} {left.Kind}: this store has no place for them", left.Count);
        }
    }

    private List<(string RunId, IReadOnlyList<ModelLinkItem> Models)> Runs(CancellationToken cancellation)
    {
        var links = new List<(string, IReadOnlyList<ModelLinkItem>)>();
        var count = 0;
        source.Runs(batch =>
        {
            cancellation.ThrowIfCancellationRequested();
            var orphans = batch.Where(run => imported.KeyOf(run.Item.ExperimentId) is null).ToList();
            orphans.ForEach(run => report.Left(StoreImport.Runs, $"run {run.Item.RunId}: its experiment {run.Item.ExperimentId} is not there"));
            var sound = batch.Except(orphans).ToList();
            imported.AddRuns([.. sound.Select(run => run.Item)]);
            links.AddRange(sound.Where(run => run.Item.Models.Count > 0).Select(run => (run.Item.RunId, run.Item.Models)));
            sound.ForEach(run => Note(run.Item.RunId, run.ArtifactUri));
            progress?.Report($"{count += batch.Count} runs");
        });
        return links;
    }

    private void Metrics(CancellationToken cancellation)
    {
        var metrics = new MetricImport(tracker, report);
        var points = 0L;
        source.Metrics(item =>
        {
            cancellation.ThrowIfCancellationRequested();
            metrics.Add(item);
            points += item.Values.Length;
            progress?.Report($"{points:N0} metric points");
        });
        metrics.Flush();
    }

    private void Records(ModelImport models)
    {
        var records = new List<EvaluationRecordItem>();
        source.Records(item =>
        {
            records.Add(item);
            if (records.Count == RecordsAtOnce)
            {
                models.AddRecords(records);
                records.Clear();
            }
        });
        if (records.Count > 0)
        {
            models.AddRecords(records);
        }
    }

    private void Note(string owner, string? uri)
    {
        if (!string.IsNullOrEmpty(uri))
        {
            places[owner] = uri;
        }
    }

    private void CopyArtifacts(CancellationToken cancellation)
    {
        var elsewhere = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var (owner, uri) in places)
        {
            cancellation.ThrowIfCancellationRequested();
            progress?.Report($"artifacts of {owner}");
            if (artifacts.Locate(uri) is { } folder)
            {
                if (Directory.Exists(folder))
                {
                    artifacts.Copy(owner, folder, cancellation);
                }
            }
            else if (IsElsewhere(uri))
            {
                var kind = KindOf(uri);
                elsewhere[kind] = elsewhere.GetValueOrDefault(kind) + 1;
            }
        }

        foreach (var (kind, count) in elsewhere)
        {
            report.Left(MlflowArtifacts.Kind, $"artifacts of {count} runs or models are said to be at {kind}…, which is not below a folder named with --artifacts", count);
        }
    }

    /// <summary>Whether artifacts lie where nobody has looked: a run without any has no folder, and that is no loss.</summary>
    private bool IsElsewhere(string uri) => roots.Count == 0 || (!uri.StartsWith("mlflow-artifacts:", StringComparison.OrdinalIgnoreCase)
        && (uri.Contains("://", StringComparison.Ordinal) && !uri.StartsWith("file:", StringComparison.OrdinalIgnoreCase)));

    private static string KindOf(string uri)
    {
        var scheme = uri.IndexOf(':', StringComparison.Ordinal);
        return scheme > 1 ? uri[..scheme] + ":" : "/";
    }

    private VersionItem? Version(string model, MlflowVersion version, CancellationToken cancellation)
    {
        var source = version.Sources.Select(text => (Text: text, Location: Resolve(text))).FirstOrDefault(found => found.Location is not null);
        if (source.Location is null)
        {
            report.Left(ModelImport.Versions, $"model {model}, version {version.Item.Version}: its files are not below a folder named with --artifacts, and a version without them is none");
            return null;
        }

        var path = PathOf(source.Location);
        var (digest, bytes) = artifacts.CopyToRegistry(version.Item.Copy, source.Location, Path.GetFileName(path), cancellation);
        return version.Item with { ArtifactPath = path, Digest = digest, Bytes = bytes, Signature = SignatureReader.Read(source.Location)?.ToJson().ToJsonString() };
    }

    /// <summary>The files of a source: a place, or <c>runs:/RUN/PATH</c> or <c>models:/m-ID</c>.</summary>
    private string? Resolve(string text)
    {
        if (text.StartsWith("runs:/", StringComparison.Ordinal) && text["runs:/".Length..].Split('/', 2) is [var run, var path])
        {
            return places.TryGetValue(MlflowIds.Run(run), out var uri) ? artifacts.Locate(uri.TrimEnd('/') + "/" + path) : null;
        }

        if (text.StartsWith("models:/", StringComparison.Ordinal))
        {
            return places.TryGetValue($"logged-models/{MlflowIds.LoggedModel(text["models:/".Length..])}", out var uri) ? artifacts.Locate(uri) : null;
        }

        return artifacts.Locate(text);
    }

    /// <summary>The path below the artifacts of the run or logged model that a location lies in; else its name.</summary>
    private static string PathOf(string location)
    {
        const string folder = "/artifacts";
        var at = location.LastIndexOf(folder + "/", StringComparison.Ordinal);
        return at >= 0 ? location[(at + folder.Length + 1)..] : location.EndsWith(folder, StringComparison.Ordinal) ? "" : Path.GetFileName(location);
    }

    private void Try(string kind, Action work)
    {
        try
        {
            work();
        }
        catch (InvalidDataException exception)
        {
            report.Left(kind, exception.Message);
        }
    }
}
