namespace Roux.Tracking;

/// <summary>Which runs to find, in which order, how many.</summary>
public sealed record RunQuery
{
    /// <summary>
    /// Conditions joined by AND, as in MLflow: <c>metrics.acc &gt; 0.9 AND params.lr = '0.1' AND tags.team LIKE 'a%'</c>. Empty: all runs.
    /// </summary>
    public string Filter { get; init; } = "";

    /// <summary>
    /// Sort keys, the most important first, such as <c>metrics.acc DESC</c> or <c>attributes.start_time ASC</c>. Runs without the
    /// key come last in either direction, after runs whose metric is NaN. Ties: the run that started last comes first.
    /// </summary>
    public IReadOnlyList<string> OrderBy { get; init; } = [];

    /// <summary>At most so many runs, from 1 to 50,000.</summary>
    public int MaxResults { get; init; } = 1000;

    /// <summary>Leave out so many at the beginning.</summary>
    public int Offset { get; init; }

    /// <summary>Names or ids of experiments to look in; <c>null</c>: all.</summary>
    public IReadOnlyList<string>? Experiments { get; init; }

    /// <summary>Find deleted runs as well.</summary>
    public bool IncludeDeleted { get; init; }
}
