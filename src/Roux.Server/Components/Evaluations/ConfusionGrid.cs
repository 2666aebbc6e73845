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
    internal static ConfusionGrid Of(StoredPredictions predictions) => Of(predictions, Layout(predictions));

    /// <summary>Counts them in the rows and columns of another, which has the same classes.</summary>
    internal static ConfusionGrid Of(StoredPredictions predictions, ConfusionGrid like)
    {
        var counts = new int[like.Size, like.Size];
        for (var row = 0; row < predictions.Count; row++)
        {
            counts[like.Places[predictions.Target.Labels[row]], like.Places[predictions.Decided[row]]]++;
        }

        return like with { Counts = counts };
    }

    private static ConfusionGrid Layout(StoredPredictions predictions)
    {
        var names = predictions.Target.Classes;
        var sizes = new int[names.Length];
        foreach (var label in predictions.Target.Labels.Concat(predictions.Decided))
        {
            sizes[label]++;
        }

        int[] kept = [.. Enumerable.Range(0, names.Length).Where(label => sizes[label] > 0 || names.Length <= MostClasses).OrderByDescending(label => sizes[label]).Take(names.Length <= MostClasses ? names.Length : MostClasses - 1).Order()];
        var places = new int[names.Length];
        Array.Fill(places, kept.Length);
        for (var place = 0; place < kept.Length; place++)
        {
            places[kept[place]] = place;
        }

        List<string> classes = [.. kept.Select(label => names[label])];
        if (kept.Length < names.Length)
        {
            classes.Add($"{names.Length - kept.Length} others");
        }

        return new ConfusionGrid(classes, places, new int[classes.Count, classes.Count]);
    }
}
