namespace Roux.Learning.Existing;

/// <summary>How long an existing system took to answer.</summary>
/// <param name="Requests">Whole requests, of <paramref name="RowsPerRequest"/> rows at most.</param>
/// <param name="Rows">Per row: the time of its request over the rows in it.</param>
/// <param name="Single">Requests of one row each, one after another; <c>null</c> where they were not made.</param>
/// <param name="RowsPerRequest">Most rows in a request.</param>
/// <param name="Concurrency">Requests under way at once.</param>
/// <param name="Retries">Requests that were made again; waits and failed tries are not in the figures.</param>
public sealed record ExistingLatency(LatencyFigures Requests, LatencyFigures Rows, LatencyFigures? Single, int RowsPerRequest, int Concurrency, int Retries)
{
    /// <summary>Figures of requests.</summary>
    /// <param name="requests">Milliseconds and rows of each.</param>
    /// <param name="rowsPerRequest">Most rows in one.</param>
    /// <param name="concurrency">Requests under way at once.</param>
    /// <param name="retries">Requests that were made again.</param>
    /// <param name="single">Milliseconds of requests of one row; may be <c>null</c>.</param>
    internal static ExistingLatency Of(IReadOnlyList<(double Milliseconds, int Rows)> requests, int rowsPerRequest, int concurrency, int retries, IReadOnlyList<double>? single) => new(
        LatencyFigures.Of([.. requests.Select(request => (request.Milliseconds, 1))]),
        LatencyFigures.Of([.. requests.Select(request => (request.Milliseconds / request.Rows, request.Rows))]),
        single is { Count: > 0 } ? LatencyFigures.Of([.. single.Select(milliseconds => (milliseconds, 1))]) : null,
        rowsPerRequest, concurrency, retries);
}

/// <summary>Percentiles of times in milliseconds, by nearest rank.</summary>
/// <param name="Count">How many were timed.</param>
/// <param name="P50">The median.</param>
/// <param name="P95">Nineteen in twenty were as fast.</param>
/// <param name="P99">Ninety-nine in a hundred were as fast.</param>
public sealed record LatencyFigures(int Count, double P50, double P95, double P99)
{
    /// <param name="times">Milliseconds, each with how often it counts.</param>
    internal static LatencyFigures Of(IReadOnlyList<(double Milliseconds, int Weight)> times)
    {
        var sorted = times.OrderBy(time => time.Milliseconds).ToArray();
        var total = sorted.Sum(time => (long)time.Weight);
        double At(double share)
        {
            var rank = (long)Math.Ceiling(share * total);
            foreach (var (milliseconds, weight) in sorted)
            {
                rank -= weight;
                if (rank <= 0)
                {
                    return milliseconds;
                }
            }

            return double.NaN;
        }

        return new LatencyFigures((int)Math.Min(total, int.MaxValue), At(0.5), At(0.95), At(0.99));
    }
}
