using Roux.Learning.Data;
using Roux.Learning.Evaluation;
using Roux.Learning.Evaluation.Statistics;

namespace Roux.Server.Components.Evaluations;

/// <summary>Two models on the rows that both have predicted.</summary>
internal sealed class PairedErrors
{
    private readonly int[] places;
    private readonly int[] otherPlaces;

    private PairedErrors(RunEvaluation before, RunEvaluation after, int[] places, int[] otherPlaces) =>
        (Before, After, this.places, this.otherPlaces) = (before, after, places, otherPlaces);

    /// <summary>The model that is compared with.</summary>
    public RunEvaluation Before { get; }

    /// <summary>The model that is looked at.</summary>
    public RunEvaluation After { get; }

    /// <summary>Rows that both have predicted.</summary>
    public int Count => places.Length;

    /// <summary>Whether the target is a number.</summary>
    public bool IsRegression => Before.Predictions.Target.Task == TaskKind.Regression;

    /// <summary>Whether it is told by a digest that both are of the same data.</summary>
    public bool IsSameData => Before.DataDigest.Length > 0 && Before.DataDigest == After.DataDigest;

    /// <summary>Pairs the rows of two models, or says why that cannot be.</summary>
    public static (PairedErrors? Errors, string Reason) Of(RunEvaluation before, RunEvaluation after)
    {
        if (before.DataDigest.Length > 0 && after.DataDigest.Length > 0 && before.DataDigest != after.DataDigest)
        {
            return (null, "They were judged on different data: only predictions for the same rows can be compared.");
        }

        var (a, b) = (before.Predictions, after.Predictions);
        if ((a.Target.Task == TaskKind.Regression) != (b.Target.Task == TaskKind.Regression) || (a.Target.Task == TaskKind.Multilabel) != (b.Target.Task == TaskKind.Multilabel))
        {
            return (null, "They predict different kinds of targets.");
        }

        var places = new Dictionary<string, int>(StringComparer.Ordinal);
        for (var row = 0; row < b.Count; row++)
        {
            places.TryAdd(b.Rows[row], row);
        }

        int[] left = [.. Enumerable.Range(0, a.Count).Where(row => places.ContainsKey(a.Rows[row]))];
        if (left.Length == 0)
        {
            return (null, $"No row was predicted by both: these are {before.Kind} of the one and {after.Kind} of the other.");
        }

        var paired = new PairedErrors(before, after, left, Array.ConvertAll(left, row => places[a.Rows[row]]));
        var contradicted = Enumerable.Range(0, paired.Count).Count(index => paired.Answer(index) != b.Answer(paired.otherPlaces[index]));
        return contradicted == 0 ? (paired, "") : (null, $"The answers of {contradicted} of {paired.Count} rows differ between the two: these are not the same rows.");
    }

    /// <summary>What names a row.</summary>
    public string Row(int index) => Before.Predictions.Rows[places[index]];

    /// <summary>The known answer of a row.</summary>
    public string Answer(int index) => Before.Predictions.Answer(places[index]);

    /// <summary>What each said of a row, and the probability that it gave to that; NaN for none.</summary>
    public ((string Said, double Probability) Before, (string Said, double Probability) After) Said(int index) =>
        ((Before.Predictions.Prediction(places[index]), Before.Predictions.Confidence(places[index])), (After.Predictions.Prediction(otherPlaces[index]), After.Predictions.Confidence(otherPlaces[index])));

    /// <summary>What became of a row; for a number whether it came nearer.</summary>
    public ErrorChange Change(int index)
    {
        if (IsRegression)
        {
            var (was, now) = Misses(index);
            return now < was ? ErrorChange.Fixed : now > was ? ErrorChange.Broken : ErrorChange.BothRight;
        }

        return (Before.Predictions.IsRight(places[index]), After.Predictions.IsRight(otherPlaces[index])) switch
        {
            (true, true) => ErrorChange.BothRight,
            (false, true) => ErrorChange.Fixed,
            (true, false) => ErrorChange.Broken,
            _ => ErrorChange.BothWrong,
        };
    }

    /// <summary>How far off each was, for a number.</summary>
    public (double Before, double After) Misses(int index)
    {
        var answer = Before.Predictions.Target.Values[places[index]];
        return (Math.Abs(Before.Predictions.Predictions.Values[places[index]] - answer), Math.Abs(After.Predictions.Predictions.Values[otherPlaces[index]] - answer));
    }

    /// <summary>Number of rows by what became of them.</summary>
    public Dictionary<ErrorChange, int> Counts()
    {
        var counts = Enum.GetValues<ErrorChange>().ToDictionary(change => change, _ => 0);
        for (var index = 0; index < Count; index++)
        {
            counts[Change(index)]++;
        }

        return counts;
    }

    /// <summary>
    /// The chance of a difference as great if the two were equally good: McNemar's exact test for classes, Wilcoxon's signed-rank test of how far off for numbers.
    /// </summary>
    public double PValue()
    {
        if (IsRegression)
        {
            var misses = Enumerable.Range(0, Count).Select(Misses).ToArray();
            return PairedTests.Wilcoxon(Array.ConvertAll(misses, miss => miss.Before), Array.ConvertAll(misses, miss => miss.After)).PValue;
        }

        var counts = Counts();
        return PairedTests.McNemar(counts[ErrorChange.Broken], counts[ErrorChange.Fixed]).PValue;
    }

    /// <summary>The matrices of both over the same rows and classes; <c>null</c> where a row has no single class.</summary>
    public (ConfusionGrid Before, ConfusionGrid After)? Grids()
    {
        var (a, b) = (Before.Predictions, After.Predictions);
        if (a.Decided.Length == 0 || b.Decided.Length == 0)
        {
            return null;
        }

        string[] names = [.. a.Target.Classes.Concat(b.Target.Classes).Distinct(StringComparer.Ordinal)];
        var index = names.Select((name, place) => (name, place)).ToDictionary(pair => pair.name, pair => pair.place, StringComparer.Ordinal);
        int[] first = Array.ConvertAll(a.Target.Classes, name => index[name]), second = Array.ConvertAll(b.Target.Classes, name => index[name]);
        var actual = Array.ConvertAll(places, row => first[a.Target.Labels[row]]);
        var was = Array.ConvertAll(places, row => first[a.Decided[row]]);
        var now = Array.ConvertAll(otherPlaces, row => second[b.Decided[row]]);
        var layout = ConfusionGrid.Layout(names, actual.Concat(was).Concat(now));
        return (layout.Counted(actual, was), layout.Counted(actual, now));
    }
}
