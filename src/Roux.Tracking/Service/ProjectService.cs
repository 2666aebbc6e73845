using Roux.Tracking.Accounts;

namespace Roux.Tracking.Service;

/// <summary>Which project a thing lies in; <c>null</c> for what is not there.</summary>
internal sealed class ProjectService(Tracker tracker)
{
    private const string OfExperimentKey = "coalesce((SELECT t.value FROM experiment_tags t WHERE t.experiment = {0} AND t.name = '" + Project.Tag + "'), '" + Project.Default + "')";
    private const string OfModelKey = "coalesce((SELECT t.value FROM model_tags t WHERE t.model = {0} AND t.name = '" + Project.Tag + "'), '" + Project.Default + "')";

    private static readonly string Experiment = $"SELECT {Of(OfExperimentKey, "e.id")} FROM experiments e WHERE e.id = $id";
    private static readonly string ExperimentName = $"SELECT {Of(OfExperimentKey, "e.id")} FROM experiments e WHERE e.name = $id";
    private static readonly string Run = $"SELECT {Of(OfExperimentKey, "r.experiment")} FROM runs r WHERE r.run_id = $id";
    private static readonly string LoggedModel = $"SELECT {Of(OfExperimentKey, "m.experiment")} FROM logged_models m WHERE m.model_id = $id AND m.deleted IS NULL";
    private static readonly string Model = $"SELECT {Of(OfModelKey, "m.id")} FROM models m WHERE m.name = $id";
    private static readonly string Copy = $"SELECT {Of(OfModelKey, "v.model")} FROM model_versions v WHERE v.folder = $id";

    public string? OfExperiment(string id) => ExperimentService.TryKey(id) is { } key ? Find(Experiment, key) : null;

    public string? OfExperimentName(string name) => Find(ExperimentName, name);

    public string? OfRun(string runId) => Find(Run, runId);

    public string? OfLoggedModel(string modelId) => Find(LoggedModel, modelId);

    public string? OfEvaluationDataset(string datasetId) => Find("SELECT d.project FROM evaluation_datasets d WHERE d.dataset_id = $id", datasetId);

    public string? OfModel(string name) => Find(Model, name);

    public string? OfReport(string reportId) => Find("SELECT r.project FROM reports r WHERE r.report_id = $id", reportId);

    /// <summary>The projects that hold an experiment, a model or a report, or that a role is given in, and the default one, by name.</summary>
    public IReadOnlyList<string> Names(Reach reach) => tracker.Database.Read(session => session.Rows(
        """
        SELECT value FROM experiment_tags WHERE name = $tag UNION SELECT value FROM model_tags WHERE name = $tag
        UNION SELECT project FROM reports UNION SELECT project FROM user_roles ORDER BY 1
        """,
        row => row.Text(0), ("$tag", Project.Tag))).Append(Project.Default).Distinct(StringComparer.Ordinal).Where(reach.Covers).Order(StringComparer.Ordinal).ToList();

    /// <summary>The project of the model that a registry's copy belongs to.</summary>
    public string? OfCopy(string folder) => Find(Copy, folder);

    private static string Of(string project, string key) => project.Replace("{0}", key, StringComparison.Ordinal);

    private string? Find(string sql, object id) => tracker.Database.Read(session => session.Rows(sql, row => row.Text(0), ("$id", id))) is [var project, ..] ? project : null;
}
