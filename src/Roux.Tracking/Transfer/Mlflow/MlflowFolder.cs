using System.Text.Json.Nodes;

namespace Roux.Tracking.Transfer.Mlflow;

/// <summary>MLflow's file store, an <c>mlruns</c> folder: a folder for each experiment and run, YAML that describes them, a file for each param, tag and metric.</summary>
internal sealed class MlflowFolder : MlflowSource
{
    private const string Trash = ".trash";
    private const string RegistryFolder = "models";
    private const int RunsAtOnce = 200;

    private readonly string root;
    private readonly List<(string Folder, ExperimentItem Item)> experiments;

    private MlflowFolder(string root)
    {
        this.root = root;
        experiments = [.. new[] { root, Path.Combine(root, Trash) }.SelectMany(MlflowFiles.Folders).Select(folder => (folder.FullName, Read(folder))).Where(entry => entry.Item2 is not null)
            .Select(entry => (entry.FullName, entry.Item2!))];
    }

    public override IReadOnlyList<string> Roots => [root];

    /// <exception cref="TrackingException">It is no file store.</exception>
    public static MlflowFolder OpenFolder(string folder)
    {
        var inner = Path.Combine(folder, "mlruns");
        try
        {
            var store = new MlflowFolder(folder);
            store = store.experiments.Count == 0 && Directory.Exists(inner) ? new MlflowFolder(inner) : store;
            return store.experiments.Count > 0
                ? store
                : throw new TrackingException($"'{folder}': no experiments of MLflow's in it (folders with a meta.yaml); give the mlruns folder");
        }
        catch (FormatException exception)
        {
            throw new TrackingException($"'{folder}': a meta.yaml cannot be read: {exception.Message}", exception);
        }
    }

    public override void Experiments(Action<ExperimentItem> take) => experiments.ForEach(entry => take(entry.Item));

    public override void Runs(Action<IReadOnlyList<MlflowRun>> take)
    {
        foreach (var batch in RunFolders().Chunk(RunsAtOnce))
        {
            take([.. batch.Select(entry => Run(entry.Folder, entry.Experiment, entry.Description))]);
        }
    }

    public override void Metrics(Action<MetricItem> take)
    {
        var series = new MlflowSeries(take);
        foreach (var (folder, _, description) in RunFolders())
        {
            foreach (var (name, file) in MlflowFiles.Names(Path.Combine(folder, "metrics")))
            {
                foreach (var (time, value, step, _) in MlflowFiles.Points(file))
                {
                    series.Add(IdOf(description), name, step, time, value);
                }
            }
        }

        series.Finish();
    }

    public override void LoggedModels(Action<MlflowLoggedModel> take)
    {
        foreach (var (experiment, item) in experiments)
        {
            foreach (var folder in MlflowFiles.Folders(Path.Combine(experiment, RegistryFolder)))
            {
                if (MlflowFiles.Description(folder.FullName) is { } description)
                {
                    take(LoggedModel(folder.FullName, item.Id, description));
                }
            }
        }
    }

    public override void Models(Action<MlflowModel> take)
    {
        foreach (var folder in MlflowFiles.Folders(Path.Combine(root, RegistryFolder)))
        {
            if (MlflowFiles.Description(folder.FullName) is { } description && MlflowFiles.Text(description, "name") is { } name)
            {
                var versions = MlflowFiles.Folders(folder.FullName).Where(version => version.Name.StartsWith("version-", StringComparison.Ordinal))
                    .Select(version => Version(version.FullName, name)).OfType<MlflowVersion>().OrderBy(version => version.Item.Version).ToList();
                var created = MlflowFiles.Whole(description, "creation_timestamp") ?? 0;
                take(new MlflowModel(
                    new ModelItem(
                        name, MlflowFiles.Text(description, "description") ?? "", created, MlflowFiles.Whole(description, "last_updated_timestamp") ?? created,
                        versions.Count == 0 ? 0 : versions[^1].Item.Version)
                    {
                        Tags = MlflowFiles.Pairs(Path.Combine(folder.FullName, "tags")),
                        Aliases = MlflowFiles.Pairs(Path.Combine(folder.FullName, "aliases")).Where(alias => int.TryParse(alias.Value, out _))
                            .ToDictionary(alias => alias.Key, alias => int.Parse(alias.Value, System.Globalization.CultureInfo.InvariantCulture), StringComparer.Ordinal),
                    },
                    versions));
            }
        }
    }

    public override void Dispose()
    {
    }

    private static ExperimentItem? Read(DirectoryInfo folder)
    {
        if (folder.Name is Trash or RegistryFolder || MlflowFiles.Description(folder.FullName) is not { } description || MlflowFiles.Text(description, "name") is not { } name)
        {
            return null;
        }

        var created = MlflowFiles.Whole(description, "creation_time") ?? 0;
        var updated = MlflowFiles.Whole(description, "last_update_time") ?? created;
        return new ExperimentItem(
            MlflowFiles.Text(description, "experiment_id") ?? folder.Name, name, created, updated, MlflowFiles.Text(description, "lifecycle_stage") == "deleted" ? updated : null)
        {
            Tags = MlflowFiles.Pairs(Path.Combine(folder.FullName, "tags")),
        };
    }

    private IEnumerable<(string Folder, string Experiment, JsonObject Description)> RunFolders() => experiments.SelectMany(experiment => MlflowFiles.Folders(experiment.Folder)
        .Where(folder => folder.Name is not (RegistryFolder or "datasets" or "tags" or "traces"))
        .Select(folder => (folder.FullName, experiment.Item.Id, MlflowFiles.Description(folder.FullName)))
        .Where(entry => entry.Item3 is not null && IdOf(entry.Item3).Length > 0)
        .Select(entry => (entry.FullName, entry.Id, entry.Item3!)));

    private static string IdOf(JsonObject description) => MlflowFiles.Text(description, "run_id") ?? MlflowFiles.Text(description, "run_uuid") ?? "";

    private static MlflowRun Run(string folder, string experiment, JsonObject description)
    {
        var tags = MlflowFiles.Pairs(Path.Combine(folder, "tags"));
        var item = MlflowRunItem.Of(
            IdOf(description), experiment, MlflowFiles.Text(description, "run_name"), MlflowFiles.Text(description, "status") ?? "", MlflowFiles.Whole(description, "start_time"), tags);
        var ended = MlflowFiles.Whole(description, "end_time");
        return new MlflowRun(
            item with
            {
                Ended = ended,
                Deleted = MlflowFiles.Text(description, "lifecycle_stage") == "deleted" ? MlflowFiles.Whole(description, "deleted_time") ?? ended ?? item.Started : null,
                User = MlflowFiles.Text(description, "user_id"),
                Params = MlflowFiles.Pairs(Path.Combine(folder, "params")),
                Datasets = [.. Inputs(folder, "inputs").Select(input => Dataset(folder, input)).OfType<DatasetItem>()],
                Models = [.. Links(folder, "inputs", isInput: true), .. Links(folder, "outputs", isInput: false)],
            },
            MlflowFiles.Text(description, "artifact_uri") ?? Path.Combine(folder, "artifacts"));
    }

    private static IEnumerable<JsonObject> Inputs(string folder, string kind) =>
        MlflowFiles.Folders(Path.Combine(folder, kind)).Select(input => MlflowFiles.Description(input.FullName)).OfType<JsonObject>();

    private static DatasetItem? Dataset(string run, JsonObject input)
    {
        if (MlflowFiles.Text(input, "source_type") != "DATASET" || MlflowFiles.Text(input, "source_id") is not { } id || id.Contains('/', StringComparison.Ordinal) || id.StartsWith('.')
            || MlflowFiles.Description(Path.Combine(Path.GetDirectoryName(run)!, "datasets", id)) is not { } dataset)
        {
            return null;
        }

        var item = new DatasetItem(MlflowFiles.Text(dataset, "name") ?? "", MlflowFiles.Text(dataset, "digest") ?? "", MlflowFiles.Text(dataset, "source") ?? "", "")
        {
            SourceType = MlflowFiles.Text(dataset, "source_type"),
            Schema = MlflowFiles.Text(dataset, "schema"),
            Profile = MlflowFiles.Text(dataset, "profile"),
        };
        var tags = input["tags"] is JsonObject given ? given.ToDictionary(tag => tag.Key, tag => tag.Value?.ToString() ?? "", StringComparer.Ordinal) : [];
        return MlflowRunItem.Tagged(item, tags);
    }

    private static IEnumerable<ModelLinkItem> Links(string run, string kind, bool isInput)
    {
        foreach (var link in Inputs(run, kind))
        {
            var model = new[] { "destination", "source" }
                .Where(end => MlflowFiles.Text(link, end + "_type")?.Contains("MODEL", StringComparison.Ordinal) == true).Select(end => MlflowFiles.Text(link, end + "_id")).FirstOrDefault();
            if (model is not null)
            {
                yield return new ModelLinkItem(MlflowIds.LoggedModel(model), isInput, MlflowFiles.Whole(link, "step") ?? 0);
            }
        }
    }

    private static MlflowLoggedModel LoggedModel(string folder, string experiment, JsonObject description)
    {
        var created = MlflowFiles.Whole(description, "creation_timestamp") ?? 0;
        var updated = MlflowFiles.Whole(description, "last_updated_timestamp") ?? created;
        var metrics = MlflowFiles.Names(Path.Combine(folder, "metrics")).SelectMany(file => MlflowFiles.Points(file.Path).Where(point => point.More.Length > 0).Select(point => new LoggedModelMetricItem(
            file.Name, point.Step, point.Time, MlflowIds.Run(point.More[0]), double.IsNaN(point.Value) ? null : point.Value, point.More.ElementAtOrDefault(1), point.More.ElementAtOrDefault(2))));
        return new MlflowLoggedModel(
            new LoggedModelItem(
                MlflowIds.LoggedModel(MlflowFiles.Text(description, "model_id") ?? Path.GetFileName(folder)), experiment, MlflowFiles.Text(description, "name") ?? Path.GetFileName(folder),
                (int)(MlflowFiles.Whole(description, "status") ?? 2), created, updated)
            {
                RunId = MlflowFiles.Text(description, "source_run_id") is { } run ? MlflowIds.Run(run) : null,
                ModelType = MlflowFiles.Text(description, "model_type"),
                StatusMessage = MlflowFiles.Text(description, "status_message"),
                Deleted = MlflowFiles.Text(description, "lifecycle_stage") == "deleted" ? updated : null,
                Params = MlflowFiles.Pairs(Path.Combine(folder, "params")),
                Tags = MlflowFiles.Pairs(Path.Combine(folder, "tags")),
                Metrics = [.. metrics],
            },
            MlflowFiles.Text(description, "artifact_location") ?? Path.Combine(folder, "artifacts"));
    }

    private static MlflowVersion? Version(string folder, string model)
    {
        if (MlflowFiles.Description(folder) is not { } description || MlflowFiles.Whole(description, "version") is not { } number)
        {
            return null;
        }

        var created = MlflowFiles.Whole(description, "creation_timestamp") ?? 0;
        return new MlflowVersion(
            new VersionItem(
                (int)number, "", MlflowIds.Copy(model, (int)number), "", 0, MlflowRegistry.StageOf(MlflowFiles.Text(description, "current_stage")), MlflowFiles.Text(description, "description") ?? "",
                created, MlflowFiles.Whole(description, "last_updated_timestamp") ?? created)
            {
                RunId = MlflowFiles.Text(description, "run_id") is { } run ? MlflowIds.Run(run) : null,
                RunLink = MlflowFiles.Text(description, "run_link"),
                Tags = MlflowFiles.Pairs(Path.Combine(folder, "tags")),
            },
            [.. new[] { MlflowFiles.Text(description, "storage_location"), MlflowFiles.Text(description, "source") }.OfType<string>().Distinct(StringComparer.Ordinal)]);
    }
}
