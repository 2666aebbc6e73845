using Roux.Learning.Evaluation.Stored;

namespace Roux.Server.Components.Evaluations;

/// <summary>How often each class was taken for each; of very many classes the rarest share one row.</summary>
/// <param name="Classes">Names of rows and columns.</param>
/// <param name="Places">Row of each class of the target.</param>
/// <param name="Counts">Rows of the data by actual class, then predicted class.</param>
public sealed record ConfusionGrid(IReadOnlyList<string> Classes, IReadOnlyList<int> Places, int[,] Counts)
{
    private const int MostClasses = 24;

    /// <summary>Number of classes.</summary>
    public int Size => Classes.Count;

    /// <summary>Rows of the data of a class.</summary>
    public int Actual(int row)
    {
        var sum = 0;
        for (var column = 0; column < Size; column++)
        {
            sum += Counts[row, column];
        }

        return sum;
    }

    /// <summary>Share of the rows of a class that were taken for another; 0 for a class without rows.</summary>
    public double Share(int row, int column) => Actual(row) is > 0 and var all ? (double)Counts[row, column] / all : 0;

    /// <summary>Counts them.</summary>
    internal static ConfusionGrid Of(StoredPredictions predictions) =>
        Layout(predictions.Target.Classes, predictions.Target.Labels.Concat(predictions.Decided)).Counted(predictions.Target.Labels, predictions.Decided);

    /// <summary>Rows and columns for some classes.</summary>
    /// <param name="names">All classes.</param>
    /// <param name="labels">Classes as they occur: of very many the most frequent get a row of their own.</param>
    internal static ConfusionGrid Layout(IReadOnlyList<string> names, IEnumerable<int> labels)
    {
        var sizes = new int[names.Count];
        foreach (var label in labels)
        {
            sizes[label]++;
        }

        int[] met = [.. Enumerable.Range(0, names.Count).Where(label => names.Count <= MostClasses || sizes[label] > 0)];
        int[] kept = met.Length <= MostClasses ? met : [.. met.OrderByDescending(label => sizes[label]).Take(MostClasses - 1).Order()];
        var places = new int[names.Count];
        Array.Fill(places, kept.Length);
        for (var place = 0; place < kept.Length; place++)
        {
            places[kept[place]] = place;
        }

        List<string> classes = [.. kept.Select(label => names[label])];
        if (kept.Length < names.Count)
        {
            classes.Add($"{names.Count - kept.Length} others");
        }

        return new ConfusionGrid(classes, places, new int[classes.Count, classes.Count]);
    }

    /// <summary>The same rows and columns with counts.</summary>
    internal ConfusionGrid Counted(IReadOnlyList<int> actual, IReadOnlyList<int> predicted)
    {
        var counts = new int[Size, Size];
        for (var row = 0; row < actual.Count; row++)
        {
            counts[Places[actual[row]], Places[predicted[row]]]++;
        }

        return this with { Counts = counts };
    }
}
