namespace Roux.Tracking.Search;

/// <summary>A <see cref="RunQuery"/>, understood.</summary>
internal sealed record RunSearch(Filter Filter, IReadOnlyList<OrderKey> Order, RunQuery Query)
{
    private const int MostResults = 50_000;

    /// <summary>Keys of experiments to look in, known or not, instead of <see cref="RunQuery.Experiments"/>; <c>null</c>: as the query says.</summary>
    public IReadOnlyList<long>? ExperimentKeys { get; init; }

    /// <summary>Find deleted runs only.</summary>
    public bool OnlyDeleted { get; init; }

    public static RunSearch Parse(RunQuery query)
    {
        if (query.MaxResults is < 1 or > MostResults)
        {
            throw new TrackingException($"Invalid value {query.MaxResults} for parameter 'max_results' supplied; give 1 to {MostResults:N0}");
        }

        if (query.Offset < 0)
        {
            throw new TrackingException($"offset {query.Offset}: give 0 or more");
        }

        return new RunSearch(FilterParser.ParseFilter(query.Filter), [.. query.OrderBy.Select(FilterParser.ParseOrder)], query);
    }
}
