namespace Roux.Learning.Evaluation;

/// <summary>What a model may cost. A limit that is <c>null</c> does not hold.</summary>
public sealed record CostLimits
{
    /// <summary>Most seconds for a single row, that 95 of 100 rows must stay within.</summary>
    public double? LatencySeconds { get; init; }

    /// <summary>Most bytes of the model's file.</summary>
    public double? SizeBytes { get; init; }

    /// <summary>Most seconds for a fit on all rows.</summary>
    public double? FitSeconds { get; init; }

    /// <summary>Most bytes of memory: of the process that serves the model, and that a fit adds to what was there before.</summary>
    public double? MemoryBytes { get; init; }

    /// <summary>Most money a month, by <see cref="Rates.Monthly"/>.</summary>
    public double? MonthlyCost { get; init; }

    /// <summary>Whether there is any.</summary>
    public bool Any => LatencySeconds is not null || SizeBytes is not null || FitSeconds is not null || MemoryBytes is not null || MonthlyCost is not null;

    /// <summary>Where figures lie above their limits. A figure that is not known (NaN) does not.</summary>
    public IReadOnlyList<LimitMiss> Misses(CostFigures figures)
    {
        var misses = new List<LimitMiss>();
        Check(misses, "latency", figures.LatencySeconds, LatencySeconds);
        Check(misses, "size", figures.SizeBytes, SizeBytes);
        Check(misses, "fit_time", figures.FitSeconds, FitSeconds);
        Check(misses, "fit_memory", figures.FitMemoryBytes, MemoryBytes);
        Check(misses, "memory", figures.ServingMemoryBytes, MemoryBytes);
        Check(misses, "cost", figures.MonthlyCost, MonthlyCost);
        return misses;
    }

    private static void Check(List<LimitMiss> misses, string limit, double value, double? most)
    {
        if (value > most)
        {
            misses.Add(new LimitMiss(limit, value, most.Value));
        }
    }
}

/// <summary>The figures that limits are about; NaN where not known.</summary>
/// <param name="LatencySeconds">95th percentile of a single row.</param>
/// <param name="SizeBytes">The model's file.</param>
/// <param name="FitSeconds">A fit on all rows.</param>
/// <param name="FitMemoryBytes">What that fit added to the memory in use.</param>
/// <param name="ServingMemoryBytes">Resident memory of a process that serves it.</param>
/// <param name="MonthlyCost">Money a month.</param>
public sealed record CostFigures(double LatencySeconds, double SizeBytes, double FitSeconds, double FitMemoryBytes, double ServingMemoryBytes, double MonthlyCost);

/// <summary>A figure above its limit.</summary>
/// <param name="Limit"><c>latency</c>, <c>size</c>, <c>fit_time</c>, <c>fit_memory</c>, <c>memory</c> or <c>cost</c>.</param>
/// <param name="Value">The figure: seconds, bytes or money.</param>
/// <param name="Most">Its limit.</param>
public sealed record LimitMiss(string Limit, double Value, double Most)
{
    /// <summary>How many times the limit it is.</summary>
    public double Ratio => Most > 0 ? Value / Most : double.PositiveInfinity;
}
