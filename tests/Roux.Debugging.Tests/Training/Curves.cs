using Roux.Debugging.Checks;
using Roux.Debugging.Checks.Training;
using Roux.Debugging.Findings;
using Roux.Debugging.Signals;
using Roux.Tracking;

namespace Roux.Debugging.Tests.Training;

/// <summary>Curves as programs in other languages log them.</summary>
internal static class Curves
{
    public static double Normal(Random random) => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());

    /// <summary>A curve of n points with multiplicative noise.</summary>
    public static double[] Noisy(Random random, int n, double noise, Func<double, double> level) =>
        [.. Enumerable.Range(0, n).Select(step => level(step / (double)(n - 1)) * Math.Exp(noise * Normal(random) - noise * noise / 2))];

    /// <summary>From a to b, exponentially.</summary>
    public static Func<double, double> Decay(double from, double to, double speed = 5) => at => to + (from - to) * Math.Exp(-speed * at);

    public static Dictionary<string, SignalSeries> Metrics(params (string Name, double[] Values)[] metrics) => metrics.ToDictionary(metric => metric.Name, metric => SignalSeries.Of(metric.Values));

    public static IReadOnlyList<Finding> Judge(Dictionary<string, SignalSeries> metrics, params (string Key, string Value)[] parameters) =>
        FindingList.Of(TrainingReview.Of(new TrainingSubject { Signals = TrainingSignals.From(metrics.Keys, key => metrics[key], parameters.ToDictionary(pair => pair.Key, pair => pair.Value)) }, new CheckContext()), TrainingReview.Cards);

    public static double[] Constant(int n, double value) => [.. Enumerable.Repeat(value, n)];
}
