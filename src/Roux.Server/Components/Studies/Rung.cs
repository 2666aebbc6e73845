using Roux.Tuning;

namespace Roux.Server.Components.Studies;

/// <summary>A rung of a schedule and the trials that came to it.</summary>
/// <param name="Steps">How far trials are trained there.</param>
/// <param name="Reached">How many came to it.</param>
/// <param name="Survived">How many of them were trained further.</param>
/// <param name="Best">The best value there; NaN where none came.</param>
/// <param name="Median">The value in the middle.</param>
/// <param name="IsLast">Whether trials are complete there.</param>
internal sealed record Rung(long Steps, int Reached, int Survived, double Best, double Median, bool IsLast)
{
    /// <summary>The rungs of a study. Steps count from 0, so a trial that reported step s has had s + 1 of them.</summary>
    public static IReadOnlyList<Rung> Of(IReadOnlyList<long> steps, IReadOnlyList<Trial> trials, bool minimises)
    {
        var all = new List<Rung>();
        for (var index = 0; index < steps.Count; index++)
        {
            var at = steps[index];
            var came = trials.Where(trial => trial.Reports.Count > 0 && Last(trial) + 1 >= at).ToList();
            double[] values = [.. came.Select(trial => trial.Reports.Where(report => report.Step < at).Select(report => report.Value).DefaultIfEmpty(double.NaN).Last()).Where(double.IsFinite).Select(value => minimises ? value : -value).Order()];
            all.Add(new Rung(at, came.Count, came.Count(trial => Last(trial) + 1 > at || trial.Resource > at), Value(values, 0), Value(values, values.Length / 2), index == steps.Count - 1));
        }

        return all;

        double Value(double[] values, int index) => values.Length == 0 ? double.NaN : minimises ? values[index] : -values[index];
    }

    private static long Last(Trial trial) => trial.Reports.Max(report => report.Step);
}
