namespace Roux.Tuning.Numerics;

/// <summary>Sums of numbers that are given by their logarithms.</summary>
internal static class LogSpace
{
    /// <summary>log Σ exp.</summary>
    public static double Sum(ReadOnlySpan<double> logs)
    {
        var most = double.NegativeInfinity;
        foreach (var log in logs)
        {
            most = Math.Max(most, log);
        }

        if (double.IsNegativeInfinity(most))
        {
            return most;
        }

        var sum = 0.0;
        foreach (var log in logs)
        {
            sum += Math.Exp(log - most);
        }

        return most + Math.Log(sum);
    }
}
