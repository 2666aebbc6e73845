using Roux.Tracking.Accounts;
using Roux.Tracking.Storage;

namespace Roux.Tracking.Service;

/// <summary>The projects whose things a list may show.</summary>
internal sealed class Reach
{
    private readonly IReadOnlySet<string>? projects;

    private Reach(IReadOnlySet<string>? projects) => this.projects = projects;

    /// <summary>Every project.</summary>
    public static Reach All { get; } = new(null);

    /// <summary>Some projects by name.</summary>
    public static Reach Of(IReadOnlySet<string> projects) => new(projects);

    /// <summary>Whether every project is inside.</summary>
    public bool IsAll => projects is null;

    public bool Covers(string project) => projects is null || projects.Contains(project);

    /// <summary>Conditions that keep a search inside, given a SELECT of the tags of one thing as <c>t.name, t.value</c>; none where everything is shown.</summary>
    public IReadOnlyList<string> Conditions(ConditionSql sql, string tags) => projects switch
    {
        null => [],
        { Count: 0 } => ["1 = 0"],
        _ => [$"coalesce(({tags.Replace("SELECT 1", "SELECT t.value", StringComparison.Ordinal)} AND t.name = {sql.Bind(Project.Tag)}), {sql.Bind(Project.Default)}) IN ({string.Join(", ", projects.Select(project => sql.Bind(project)))})"],
    };

    /// <summary>Conditions that keep a search inside, given the column of the project; none where everything is shown.</summary>
    public IReadOnlyList<string> ConditionsOn(ConditionSql sql, string column) => projects switch
    {
        null => [],
        { Count: 0 } => ["1 = 0"],
        _ => [$"{column} IN ({string.Join(", ", projects.Select(project => sql.Bind(project)))})"],
    };

    /// <summary>Those of some experiments that are inside.</summary>
    public IReadOnlyList<long> Of(StoreSession session, IReadOnlyList<long> experiments)
    {
        if (projects is null || experiments.Count == 0)
        {
            return experiments;
        }

        var tagged = session.Rows("SELECT t.experiment, t.value FROM experiment_tags t WHERE t.name = $tag", row => (Key: row.Int64(0), Project: row.Text(1)), ("$tag", Project.Tag))
            .ToDictionary(row => row.Key, row => row.Project);
        return [.. experiments.Where(key => projects.Contains(tagged.GetValueOrDefault(key, Project.Default)))];
    }
}
