namespace Roux.Tracking.Search;

/// <summary>What a filter over one kind of thing may name.</summary>
internal sealed record Vocabulary
{
    /// <summary>Attributes, in the order that the message about an unknown one lists them.</summary>
    public required IReadOnlyList<string> Attributes { get; init; }

    /// <summary>Other names of attributes.</summary>
    public IReadOnlyDictionary<string, string> Synonyms { get; init; } = new Dictionary<string, string>(0, StringComparer.Ordinal);

    /// <summary>What else may be named: metrics, params, tags, data sets.</summary>
    public required IReadOnlySet<FieldKind> Kinds { get; init; }

    /// <summary>Whether params and tags take IN and NOT IN, as in Roux's own filters; MLflow refuses them.</summary>
    public bool KeyedLists { get; init; }

    /// <summary>Whether these are runs, whose names and parents MLflow keeps in tags.</summary>
    public bool IsRuns { get; init; }

    /// <summary>Runs, as Roux's own command line and API filter them.</summary>
    public static Vocabulary Runs { get; } = new()
    {
        Attributes = [.. Search.Attributes.Text.Concat(Search.Attributes.Numeric).Order(StringComparer.Ordinal)],
        Kinds = Set(FieldKind.Metric, FieldKind.Param, FieldKind.Tag, FieldKind.Dataset),
        KeyedLists = true,
        IsRuns = true,
    };

    /// <summary>Runs, as MLflow filters them.</summary>
    public static Vocabulary MlflowRuns { get; } = Runs with { KeyedLists = false };

    /// <summary>Experiments.</summary>
    public static Vocabulary Experiments { get; } = new()
    {
        Attributes = ["name", "creation_time", "last_update_time"],
        Kinds = Set(FieldKind.Tag),
    };

    /// <summary>Experiments, for ordering them.</summary>
    public static Vocabulary ExperimentOrder { get; } = Experiments with { Attributes = ["name", "experiment_id", "creation_time", "last_update_time"] };

    /// <summary>Registered models.</summary>
    public static Vocabulary Models { get; } = new() { Attributes = ["name"], Kinds = Set(FieldKind.Tag) };

    /// <summary>Registered models, for ordering them.</summary>
    public static Vocabulary ModelOrder { get; } = Models with
    {
        Attributes = ["name", "creation_timestamp", "last_updated_timestamp"],
        Synonyms = new Dictionary<string, string>(StringComparer.Ordinal) { ["timestamp"] = "last_updated_timestamp" },
    };

    /// <summary>Model versions.</summary>
    public static Vocabulary ModelVersions { get; } = new() { Attributes = ["name", "source_path", "version_number", "run_id"], Kinds = Set(FieldKind.Tag) };

    /// <summary>Model versions, for ordering them.</summary>
    public static Vocabulary ModelVersionOrder { get; } = ModelVersions with { Attributes = ["name", "version_number", "creation_timestamp", "last_updated_timestamp"] };

    /// <summary>Logged models.</summary>
    public static Vocabulary LoggedModels { get; } = new()
    {
        Attributes = ["name", "model_id", "model_type", "status", "source_run_id", "experiment_id", "creation_timestamp", "last_updated_timestamp"],
        Synonyms = new Dictionary<string, string>(StringComparer.Ordinal) { ["creation_time"] = "creation_timestamp", ["last_updated_time"] = "last_updated_timestamp" },
        Kinds = Set(FieldKind.Metric, FieldKind.Param, FieldKind.Tag),
    };

    /// <summary>Evaluation datasets.</summary>
    public static Vocabulary EvaluationDatasets { get; } = new()
    {
        Attributes = ["name", "dataset_id", "created_by", "last_updated_by", "created_time", "last_update_time"],
        Kinds = Set(FieldKind.Tag),
    };

    private static HashSet<FieldKind> Set(params FieldKind[] kinds) => [.. kinds];
}
