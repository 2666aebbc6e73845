namespace Roux.Tracking.Transfer.Mlflow;

/// <summary>A run of MLflow with the place of its artifacts.</summary>
internal sealed record MlflowRun(RunItem Item, string? ArtifactUri);

/// <summary>A logged model of MLflow with the place of its artifacts.</summary>
internal sealed record MlflowLoggedModel(LoggedModelItem Item, string? ArtifactUri);

/// <summary>A version of a registered model of MLflow: where its files are said to be, first the most exact.</summary>
internal sealed record MlflowVersion(VersionItem Item, IReadOnlyList<string> Sources);

/// <summary>A registered model of MLflow.</summary>
internal sealed record MlflowModel(ModelItem Item, IReadOnlyList<MlflowVersion> Versions);

/// <summary>Something of which there are so many, and which a store does not take.</summary>
internal sealed record MlflowLeftover(string Kind, long Count);

/// <summary>What MLflow keeps, wherever it keeps it. Read only; each kind goes by once, item by item.</summary>
internal abstract class MlflowSource : IDisposable
{
    /// <summary>Folders that the source itself stands for, where artifacts may lie.</summary>
    public virtual IReadOnlyList<string> Roots => [];

    public abstract void Experiments(Action<ExperimentItem> take);

    /// <summary>All runs, some at a time.</summary>
    public abstract void Runs(Action<IReadOnlyList<MlflowRun>> take);

    /// <summary>Points series by series, each ordered by step, then time, always the same way.</summary>
    public abstract void Metrics(Action<MetricItem> take);

    public abstract void LoggedModels(Action<MlflowLoggedModel> take);

    public abstract void Models(Action<MlflowModel> take);

    public virtual void Datasets(Action<EvaluationDatasetItem> take)
    {
    }

    public virtual void Records(Action<EvaluationRecordItem> take)
    {
    }

    /// <summary>What is there and not taken.</summary>
    public virtual IReadOnlyList<MlflowLeftover> Leftovers() => [];

    public abstract void Dispose();

    /// <summary>Opens a SQLite file, a PostgreSQL address, or a folder of the file store.</summary>
    /// <exception cref="TrackingException">It is none of MLflow's.</exception>
    public static MlflowSource Open(string source)
    {
        if (source.StartsWith("postgresql", StringComparison.OrdinalIgnoreCase) || source.StartsWith("postgres://", StringComparison.OrdinalIgnoreCase))
        {
            return new MlflowDatabase(PostgresRows.Open(source));
        }

        var path = source.StartsWith("sqlite:///", StringComparison.OrdinalIgnoreCase) ? source["sqlite:///".Length..] : source;
        if (path.Contains("://", StringComparison.Ordinal))
        {
            throw new TrackingException("give a SQLite file, a postgresql:// address or an mlruns folder; other databases are not read");
        }

        if (Directory.Exists(path))
        {
            return MlflowFolder.OpenFolder(Path.GetFullPath(path));
        }

        return File.Exists(path)
            ? new MlflowDatabase(SqliteRows.Open(Path.GetFullPath(path)))
            : throw new TrackingException($"'{source}': no such file or folder; give MLflow's SQLite file, a postgresql:// address or its mlruns folder");
    }
}
