namespace Roux.Learning.Evaluation;

/// <summary>An estimate with the range in which the true value may well lie.</summary>
/// <param name="Estimate">The value computed from all rows; NaN where undefined.</param>
/// <param name="Low">Lower end; NaN where no interval can be given.</param>
/// <param name="High">Upper end; NaN where no interval can be given.</param>
/// <param name="Method">How the ends were found, such as <c>bootstrap BCa (2000 resamples)</c>.</param>
public sealed record Interval(double Estimate, double Low, double High, string Method)
{
    /// <summary>Whether a value lies between the ends, which belong to the interval.</summary>
    public bool Contains(double value) => value >= Low && value <= High;
}

/// <summary>How a bootstrap is run. The result depends on the seed and these settings, never on time or on the number of threads.</summary>
public sealed record BootstrapOptions
{
    /// <summary>Most resamples drawn, at least 100. Fewer (never below 500 by itself) are drawn when one costs much.</summary>
    public int MaxResamples { get; init; } = 2000;

    /// <summary>
    /// Whether every resample keeps the size of every class. <c>null</c>: only where more than a tenth of plain resamples lose a class without which the metric
    /// has no value. Plain resamples are the default because they also carry the chance in the sizes of the classes; keeping the sizes made intervals too narrow
    /// (macro F1 of 300 rows in four classes: 91 % of 95 % intervals held the truth, against 95 %).
    /// </summary>
    public bool? Stratified { get; init; }

    /// <summary>Threads that may work at once; 0 for as many as there are processors.</summary>
    public int Threads { get; init; }
}
