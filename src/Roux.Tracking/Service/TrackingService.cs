namespace Roux.Tracking.Service;

/// <summary>What a server does to a store for its clients: writes go through the store's one queue, so that any number of clients share a commit; reads see a snapshot each.</summary>
internal sealed class TrackingService
{
    /// <summary>MLflow clients log here unless they name an experiment.</summary>
    private const string DefaultExperiment = "Default";

    public TrackingService(Tracker tracker)
    {
        Tracker = tracker;
        Experiments = new ExperimentService(tracker);
        Runs = new RunService(tracker);
        Table = new RunTableService(tracker);
        Metrics = new MetricService(tracker);
        EvaluationDatasets = new EvaluationDatasetService(tracker);
        LoggedModels = new LoggedModelService(tracker);
        Artifacts = new ArtifactService(tracker);
        Projects = new ProjectService(tracker);
        Datasets = new DatasetService(tracker);
        Findings = new FindingService(tracker);
        Lineage = new LineageService(tracker);
        Reports = new ReportService(tracker);
        Views = new SavedViewService(tracker);
        Settings = new SettingService(tracker);
        Storage = new StorageService(tracker);
    }

    public Tracker Tracker { get; }

    public ExperimentService Experiments { get; }

    public RunService Runs { get; }

    public RunTableService Table { get; }

    public MetricService Metrics { get; }

    public LoggedModelService LoggedModels { get; }

    public EvaluationDatasetService EvaluationDatasets { get; }

    public ArtifactService Artifacts { get; }

    public ProjectService Projects { get; }

    public DatasetService Datasets { get; }

    public FindingService Findings { get; }

    public LineageService Lineage { get; }
    public ReportService Reports { get; }

    public SavedViewService Views { get; }

    public SettingService Settings { get; }

    public StorageService Storage { get; }

    /// <summary>The registry in the name of a user.</summary>
    public RegistryService RegistryOf(string actor) => new(Tracker, actor);

    /// <summary>Makes the experiment of id 0 where neither the id nor its name is taken.</summary>
    public Task PrepareAsync() => Tracker.Database.WritesOrThrow().StartAsync(session => session.Sql.Execute(
        "INSERT INTO experiments (id, name, created) VALUES (0, $name, $time) ON CONFLICT DO NOTHING",
        ("$name", DefaultExperiment), ("$time", Tracker.Now())));
}
