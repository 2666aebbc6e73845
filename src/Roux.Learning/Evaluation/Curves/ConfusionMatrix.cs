using System.Globalization;
using Roux.Learning.Data;

namespace Roux.Learning.Evaluation;

/// <summary>How often each class was taken for each.</summary>
public sealed class ConfusionMatrix
{
    private readonly int[] counts;

    private ConfusionMatrix(string[] classes, int[] counts) => (Classes, this.counts) = (classes, counts);

    /// <summary>Names of rows and columns.</summary>
    public string[] Classes { get; }

    /// <summary>Rows of class <paramref name="actual"/> that were predicted as <paramref name="predicted"/>.</summary>
    public int this[int actual, int predicted] => counts[actual * Classes.Length + predicted];

    /// <summary>Number of rows of a class.</summary>
    public int Actual(int k) => counts.AsSpan(k * Classes.Length, Classes.Length).ToArray().Sum();

    /// <summary>Counts a binary or multiclass target against the most probable classes.</summary>
    /// <param name="y">The known answers.</param>
    /// <param name="p">Probabilities for the same rows.</param>
    /// <param name="maxClasses">With more classes than this (at least 2), the most frequent keep their own row and the rest share one, named <c>other (N classes)</c>, the last.</param>
    public static ConfusionMatrix Of(Target y, Predictions p, int maxClasses = int.MaxValue)
    {
        if (y.Task is not (TaskKind.Binary or TaskKind.Multiclass) || y.Count != p.Rows || y.Width != p.Width)
        {
            throw new ArgumentException($"a confusion matrix needs one class per row on both sides: given a {Metrics.Describe(y.Task)} target of {y.Count} rows and predictions of {p.Rows} rows");
        }

        ArgumentOutOfRangeException.ThrowIfLessThan(maxClasses, 2);
        var (names, place) = Fold(y, maxClasses);
        var labels = p.Labels();
        var counts = new int[names.Length * names.Length];
        for (var row = 0; row < labels.Length; row++)
        {
            counts[place[y.Labels[row]] * names.Length + place[labels[row]]]++;
        }

        return new ConfusionMatrix(names, counts);
    }

    private static (string[] Names, int[] Place) Fold(Target y, int maxClasses)
    {
        var classes = y.Classes.Length;
        if (classes <= maxClasses)
        {
            return (y.Classes, [.. Enumerable.Range(0, classes)]);
        }

        var sizes = new int[classes];
        foreach (var label in y.Labels)
        {
            sizes[label]++;
        }

        int[] kept = [.. Enumerable.Range(0, classes).OrderByDescending(k => sizes[k]).Take(maxClasses - 1).Order()];
        var place = new int[classes];
        Array.Fill(place, kept.Length);
        for (var i = 0; i < kept.Length; i++)
        {
            place[kept[i]] = i;
        }

        var rest = string.Create(CultureInfo.InvariantCulture, $"other ({classes - kept.Length} classes)");
        return ([.. kept.Select(k => y.Classes[k]), rest], place);
    }
}
