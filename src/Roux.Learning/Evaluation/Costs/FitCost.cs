namespace Roux.Learning.Evaluation;

/// <summary>What a fit cost.</summary>
/// <param name="Seconds">On the clock, the making of features included.</param>
/// <param name="CpuSeconds">Processor time of the whole process meanwhile; NaN where not known.</param>
/// <param name="PeakBytes">Largest resident memory of the whole process meanwhile, with the data and whatever else it held; 0 where not known.</param>
/// <param name="AddedBytes">How far that lies above the resident memory before, of which garbage had been collected: the fit's own part; <c>null</c> where that was not measured.</param>
/// <param name="Energy">Energy; <c>null</c> where processor time is not known.</param>
/// <param name="Measured">Whether this fit was made; else it is what fits on folds lead to expect.</param>
public sealed record FitCost(double Seconds, double CpuSeconds, long PeakBytes, long? AddedBytes, Energy? Energy, bool Measured);

/// <summary>Energy of a piece of work.</summary>
/// <param name="WattHours">How much.</param>
/// <param name="Source"><c>rapl</c>: read from the processor's counter, everything the machine did meanwhile included; <c>estimate</c>: processor time by watts of a busy core.</param>
public sealed record Energy(double WattHours, string Source)
{
    /// <summary>Watts of one busy core where nothing better is known (Lannelongue, Grealey and Inouye 2021, "Green Algorithms", default for an unlisted processor).</summary>
    public const double DefaultWattsPerCore = 12;

    /// <summary>Energy of processor time.</summary>
    public static Energy? Estimate(double cpuSeconds, double wattsPerCore) =>
        double.IsFinite(cpuSeconds) ? new Energy(cpuSeconds * wattsPerCore / 3600, "estimate") : null;
}
