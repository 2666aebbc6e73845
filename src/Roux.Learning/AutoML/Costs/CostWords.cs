using System.Globalization;
using Roux.Learning.Evaluation;

namespace Roux.Learning.AutoML;

/// <summary>Costs and limits in plain words.</summary>
internal static class CostWords
{
    /// <summary>What the winner's quality costs beside the simplest candidate that is as good; <c>null</c> where there is nothing to weigh.</summary>
    public static string? Buys(DevelopCosts costs, Metric metric)
    {
        if (costs.Simplest is null || costs.Find(costs.Winner) is not { } winner || costs.Find(costs.Simplest) is not { } other)
        {
            return null;
        }

        var (dearer, cheaper) = (new List<string>(), new List<string>());
        if (winner.Measured is { } mine && other.Measured is { } theirs)
        {
            Add(mine.P50Microseconds, theirs.P50Microseconds, $"the latency ({Time(mine.P50Microseconds / 1e6)} a row against {Time(theirs.P50Microseconds / 1e6)})");
        }

        var files = winner.FileBytes is not null && other.FileBytes is not null;
        Add(files ? winner.FileBytes!.Value : winner.ModelBytes, files ? other.FileBytes!.Value : other.ModelBytes, "the size");
        Add(winner.FoldCpuSeconds, other.FoldCpuSeconds, "the processor time to fit");
        if (dearer.Count + cheaper.Count == 0)
        {
            return null;
        }

        var gain = metric.HigherIsBetter ? winner.Quality - other.Quality : other.Quality - winner.Quality;
        var (points, sign) = ($"{DevelopVerdict.Figure(Math.Abs(gain))} {metric.Title}", metric.HigherIsBetter ? "+" : "−");
        return gain < 0 ? $"{winner.Name} gives up {points} against {other.Name}, at {List([.. cheaper, .. dearer])}."
            : dearer.Count == 0 ? $"{winner.Name} scores {sign}{points} against {other.Name} and costs less: {List(cheaper)}."
            : $"{winner.Name} buys {sign}{points} over {other.Name} for {List(dearer)}{(cheaper.Count == 0 ? "" : $", at {List(cheaper)}")}.";

        void Add(double a, double b, string what)
        {
            if (a > 0 && b > 0)
            {
                (a > b ? dearer : cheaper).Add($"{Times(a / b)} {what}");
            }
        }
    }

    private static string List(List<string> parts) => parts.Count == 1 ? parts[0] : $"{string.Join(", ", parts[..^1])} and {parts[^1]}";

    /// <summary>What the limits did; <c>null</c> where they changed nothing.</summary>
    public static string? Limited(DevelopCosts costs, Metric metric)
    {
        if (!costs.WithinLimits)
        {
            var misses = costs.Find(costs.Winner)?.Misses ?? [];
            return $"No candidate keeps to the limits ({Limits(costs)}). {costs.Winner} comes nearest: {string.Join(", ", misses.Select(miss => Miss(miss, costs.Rates)))}. It is stored with the run, but not registered.";
        }

        var passed = costs.Candidates.TakeWhile(candidate => candidate.Name != costs.Winner).Where(candidate => candidate.Misses.Count > 0).ToList();
        return passed.Count == 0 ? null
            : $"{costs.Winner} is the best that keeps to the limits ({Limits(costs)}); {passed[0].Name} ({DevelopVerdict.Figure(passed[0].Quality)} {metric.Title}) does not: {string.Join(", ", passed[0].Misses.Select(miss => Miss(miss, costs.Rates)))}.";
    }

    /// <summary>The limits that were given.</summary>
    public static string Limits(DevelopCosts costs)
    {
        var limits = costs.Limits;
        var words = new List<string>();
        Say(words, limits.LatencySeconds, most => $"a row within {Time(most)} 95 times of 100");
        Say(words, limits.SizeBytes, most => $"file up to {Bytes(most)}");
        Say(words, limits.FitSeconds, most => $"fit up to {Time(most)}");
        Say(words, limits.MemoryBytes, most => $"memory up to {Bytes(most)}");
        Say(words, limits.MonthlyCost, most => $"up to {Money(most, costs.Rates)} a month");
        return string.Join(", ", words);
    }

    /// <summary>A limit that is missed.</summary>
    public static string Miss(LimitMiss miss, Rates? rates) => miss.Limit switch
    {
        "latency" => $"95th percentile {Time(miss.Value)} a row, limit {Time(miss.Most)}",
        "size" => $"file {Bytes(miss.Value)}, limit {Bytes(miss.Most)}",
        "fit_time" => $"fit {Time(miss.Value)}, limit {Time(miss.Most)}",
        "fit_memory" => $"fit adds {Bytes(miss.Value)} of memory, limit {Bytes(miss.Most)}",
        "memory" => $"serving process {Bytes(miss.Value)}, limit {Bytes(miss.Most)}",
        _ => $"{Money(miss.Value, rates)} a month, limit {Money(miss.Most, rates)}",
    };

    /// <summary>A time in the unit that suits it.</summary>
    public static string Time(double seconds) => seconds switch
    {
        < 1e-5 => Format($"{seconds * 1e6:0.0} µs"),
        < 1e-3 => Format($"{seconds * 1e6:0} µs"),
        < 0.1 => Format($"{seconds * 1e3:0.##} ms"),
        < 1 => Format($"{seconds * 1e3:0} ms"),
        < 120 => Format($"{seconds:0.##} s"),
        _ => Format($"{seconds / 60:0.#} min"),
    };

    /// <summary>A size in decimal units.</summary>
    public static string Bytes(double bytes) => bytes switch
    {
        < 1e3 => Format($"{bytes:0} B"),
        < 1e6 => Format($"{bytes / 1e3:0.#} kB"),
        < 1e9 => Format($"{bytes / 1e6:0.#} MB"),
        _ => Format($"{bytes / 1e9:0.##} GB"),
    };

    /// <summary>An amount of money, with as many decimals as it takes to see it.</summary>
    public static string Money(double amount, Rates? rates) => $"{(amount is 0 or >= 1 ? Format($"{amount:0.##}") : Format($"{amount:0.####}"))}{(string.IsNullOrEmpty(rates?.Currency) ? "" : " " + rates.Currency)}";

    private static void Say(List<string> words, double? most, Func<double, string> say)
    {
        if (most is { } given)
        {
            words.Add(say(given));
        }
    }

    private static string Times(double ratio) => Format($"{(ratio >= 10 ? ratio.ToString("N0", CultureInfo.InvariantCulture) : ratio.ToString(ratio >= 0.95 ? "0.#" : "0.##", CultureInfo.InvariantCulture))} times");

    private static string Format(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
