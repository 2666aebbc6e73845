using Roux.Learning.Evaluation.Statistics;

namespace Roux.Learning.Evaluation.Annotations;

/// <summary>How far annotators agree.</summary>
/// <param name="Alpha">Krippendorff's alpha at each level that suits the ratings, the stated one first, with 95% intervals over items.</param>
/// <param name="Fleiss">Fleiss's kappa over the items that every annotator labelled, with its 95% interval over items; NaN for numbers or without such items.</param>
/// <param name="FleissItems">Number of those items.</param>
/// <param name="Pairs">Cohen's kappa of each pair with an item in common; empty for numbers.</param>
/// <param name="Percent">Share of the pairs of labels of an item that are equal, from 0 to 1; NaN for numbers.</param>
public sealed record AgreementFigures(
    IReadOnlyList<(MeasurementLevel Level, Interval Alpha)> Alpha, Interval Fleiss, int FleissItems, IReadOnlyList<PairAgreement> Pairs, double Percent)
{
    private const int MostPairs = 5000;
    private const int MostPairIntervals = 28;
    private static readonly Interval Nothing = new(double.NaN, double.NaN, double.NaN, "none");

    /// <summary>Measures it.</summary>
    /// <param name="set">The annotations.</param>
    /// <param name="level">What a difference means: decides the alpha told first and the weights of kappa.</param>
    /// <param name="seed">Decides the resamples.</param>
    /// <param name="cancellation">Asks to stop.</param>
    public static AgreementFigures Of(AnnotationSet set, MeasurementLevel level, int seed = 0, CancellationToken cancellation = default)
    {
        var values = Values(set);
        var levels = set.IsNumeric ? [MeasurementLevel.Interval, MeasurementLevel.Ordinal]
            : level == MeasurementLevel.Nominal ? [MeasurementLevel.Nominal] : new[] { level, MeasurementLevel.Nominal, level == MeasurementLevel.Ordinal ? MeasurementLevel.Interval : MeasurementLevel.Ordinal };
        var alpha = levels.Select(kind => (kind, KrippendorffAlpha.IntervalOf(kind == MeasurementLevel.Interval ? values : set.Ratings, set.Annotators.Count, kind, seed, cancellation))).ToList();
        if (set.IsNumeric)
        {
            return new AgreementFigures(alpha, Nothing, 0, [], double.NaN);
        }

        var complete = Enumerable.Range(0, set.Items.Count).Where(item => !set.Of(item).Contains(double.NaN)).Select(item => Array.ConvertAll(set.Of(item).ToArray(), rating => (int)rating)).ToList();
        return new AgreementFigures(alpha, complete.Count == 0 || set.Annotators.Count < 2 ? Nothing : AgreementIntervals.Fleiss(complete, seed, cancellation), complete.Count, [.. PairsOf(set, level, seed, cancellation)], PercentOf(set));
    }

    /// <summary>Ratings as numbers: classes that are numbers by their value, others by their place.</summary>
    private static double[] Values(AnnotationSet set)
    {
        if (set.IsNumeric)
        {
            return set.Ratings;
        }

        var culture = System.Globalization.CultureInfo.InvariantCulture;
        var numbers = new double[set.Classes.Length];
        var numeric = Enumerable.Range(0, numbers.Length).All(k => double.TryParse(set.Classes[k], System.Globalization.NumberStyles.Float, culture, out numbers[k]) && double.IsFinite(numbers[k]));
        return numeric ? Array.ConvertAll(set.Ratings, rating => double.IsNaN(rating) ? rating : numbers[(int)rating]) : set.Ratings;
    }

    private static IEnumerable<PairAgreement> PairsOf(AnnotationSet set, MeasurementLevel level, int seed, CancellationToken cancellation)
    {
        var labels = Enumerable.Range(0, set.Annotators.Count).Select(annotator => Enumerable.Range(0, set.Items.Count).Select(item => set.Label(item, annotator)).ToArray()).ToArray();
        var told = 0;
        var measured = labels.Length * (labels.Length - 1) / 2 <= MostPairIntervals;
        for (var a = 0; a < labels.Length; a++)
        {
            for (var b = a + 1; b < labels.Length && told < MostPairs; b++)
            {
                var shared = Enumerable.Range(0, set.Items.Count).Count(item => labels[a][item] >= 0 && labels[b][item] >= 0);
                if (shared > 0)
                {
                    told++;
                    yield return new PairAgreement(set.Annotators[a], set.Annotators[b], shared,
                        measured ? AgreementIntervals.Cohen(labels[a], labels[b], set.Classes.Length, KappaWeights.None, seed, cancellation) : Nothing with { Estimate = Agreement.CohenKappa(labels[a], labels[b], set.Classes.Length) },
                        level == MeasurementLevel.Nominal ? double.NaN : Agreement.CohenKappa(labels[a], labels[b], set.Classes.Length, KappaWeights.Quadratic));
                }
            }
        }
    }

    private static double PercentOf(AnnotationSet set)
    {
        double equal = 0, pairs = 0;
        for (var item = 0; item < set.Items.Count; item++)
        {
            double given = 0;
            foreach (var group in set.Of(item).ToArray().Where(rating => !double.IsNaN(rating)).GroupBy(rating => rating))
            {
                var size = group.Count();
                given += size;
                equal += size * (size - 1.0);
            }

            pairs += given * (given - 1);
        }

        return pairs == 0 ? double.NaN : equal / pairs;
    }
}

/// <summary>How far two annotators agree.</summary>
/// <param name="First">One of them.</param>
/// <param name="Second">The other.</param>
/// <param name="Items">Items that both labelled.</param>
/// <param name="Kappa">Cohen's kappa, with its 95% interval over items where there are no more than 28 pairs; NaN when both use one class only.</param>
/// <param name="Weighted">The same with quadratic weights; NaN where classes have no order.</param>
public sealed record PairAgreement(string First, string Second, int Items, Interval Kappa, double Weighted);
