namespace Roux.Server.Components.Snippets;

/// <summary>Where the numbers of a chart or a table come from, for code that fetches the same.</summary>
public abstract record ChartSource;

/// <summary>A metric's history in some runs.</summary>
/// <param name="RunIds">Ids of the runs, at most 50.</param>
/// <param name="Key">The metric.</param>
public sealed record MetricSource(IReadOnlyList<string> RunIds, string Key) : ChartSource;

/// <summary>Last metrics, params and tags of some runs.</summary>
/// <param name="RunIds">Ids of the runs.</param>
/// <param name="Fields">What of them, in order.</param>
public sealed record ValuesSource(IReadOnlyList<string> RunIds, IReadOnlyList<ValueField> Fields) : ChartSource;

/// <summary>A file among a run's artifacts.</summary>
/// <param name="RunId">Id of the run.</param>
/// <param name="Path">Its path among the artifacts.</param>
public sealed record FileSource(string RunId, string Path) : ChartSource;

/// <summary>A value of a run.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Key">Its name.</param>
public sealed record ValueField(ValueKind Kind, string Key);

/// <summary>Kinds of values of a run.</summary>
public enum ValueKind
{
    /// <summary>The last value of a metric.</summary>
    Metric,

    /// <summary>A param.</summary>
    Param,

    /// <summary>A tag.</summary>
    Tag,
}
