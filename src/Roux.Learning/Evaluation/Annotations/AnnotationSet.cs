namespace Roux.Learning.Evaluation.Annotations;

/// <summary>What several people said of the same items: one class or number per item and annotator, or nothing. Immutable.</summary>
public sealed class AnnotationSet
{
    /// <param name="items">Names of the items, distinct.</param>
    /// <param name="annotators">Names of the annotators, distinct, at least 1.</param>
    /// <param name="classes">Names of the classes, in order; empty where ratings are numbers.</param>
    /// <param name="ratings">Items x annotators, row-major: the index of a class, or a number; NaN where an annotator said nothing. Held, not copied.</param>
    /// <param name="rows">The row (0-based) of the table where each item stands first; <c>null</c>: 0, 1, ….</param>
    /// <exception cref="ArgumentException">Lengths do not fit together.</exception>
    public AnnotationSet(IReadOnlyList<string> items, IReadOnlyList<string> annotators, string[] classes, double[] ratings, int[]? rows = null)
    {
        if (annotators.Count == 0 || ratings.Length != items.Count * annotators.Count || (rows is not null && rows.Length != items.Count))
        {
            throw new ArgumentException($"{ratings.Length} ratings do not fit {items.Count} items x {annotators.Count} annotators", nameof(ratings));
        }

        (Items, Annotators, Classes, Ratings, Rows) = (items, annotators, classes, ratings, rows ?? [.. Enumerable.Range(0, items.Count)]);
    }

    /// <summary>Names of the items.</summary>
    public IReadOnlyList<string> Items { get; }

    /// <summary>Names of the annotators.</summary>
    public IReadOnlyList<string> Annotators { get; }

    /// <summary>Names of the classes, in order; empty where ratings are numbers.</summary>
    public string[] Classes { get; }

    /// <summary>Items x annotators, row-major: the index of a class, or a number; NaN where an annotator said nothing.</summary>
    public double[] Ratings { get; }

    /// <summary>The row (0-based) of the table where each item stands first.</summary>
    public int[] Rows { get; }

    /// <summary>Whether ratings are numbers rather than classes.</summary>
    public bool IsNumeric => Classes.Length == 0;

    /// <summary>Number of ratings given.</summary>
    public int Count => Ratings.Count(rating => !double.IsNaN(rating));

    /// <summary>The rating: the index of a class, or a number; NaN for none.</summary>
    public double this[int item, int annotator] => Ratings[item * Annotators.Count + annotator];

    /// <summary>The class that an annotator gave an item; -1 for none.</summary>
    public int Label(int item, int annotator) => this[item, annotator] is var rating && double.IsNaN(rating) ? -1 : (int)rating;

    /// <summary>The ratings of one item.</summary>
    public ReadOnlySpan<double> Of(int item) => Ratings.AsSpan(item * Annotators.Count, Annotators.Count);

    /// <summary>A rating in words.</summary>
    public string Text(double rating) => double.IsNaN(rating) ? "" : IsNumeric ? rating.ToString("G6", System.Globalization.CultureInfo.InvariantCulture) : Classes[(int)rating];

    /// <summary>The same items without one annotator, who must not be the only one.</summary>
    public AnnotationSet Without(int annotator)
    {
        int[] kept = [.. Enumerable.Range(0, Annotators.Count).Where(other => other != annotator)];
        var ratings = new double[Items.Count * kept.Length];
        for (var i = 0; i < ratings.Length; i++)
        {
            ratings[i] = this[i / kept.Length, kept[i % kept.Length]];
        }

        return new AnnotationSet(Items, [.. kept.Select(other => Annotators[other])], Classes, ratings, Rows);
    }

    /// <summary>The given items, in the given order, with the rows they are now to stand for.</summary>
    public AnnotationSet Take(ReadOnlySpan<int> items, int[] rows)
    {
        var names = new string[items.Length];
        var ratings = new double[items.Length * Annotators.Count];
        for (var i = 0; i < items.Length; i++)
        {
            names[i] = Items[items[i]];
            Of(items[i]).CopyTo(ratings.AsSpan(i * Annotators.Count));
        }

        return new AnnotationSet(names, Annotators, Classes, ratings, rows);
    }
}
