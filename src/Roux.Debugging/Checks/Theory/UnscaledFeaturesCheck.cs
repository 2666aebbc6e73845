using System.Globalization;
using Roux.Debugging.Findings;
using Roux.Learning.Features;
using Roux.Learning.Learners.Trees;
using Roux.Tracking;

namespace Roux.Debugging.Checks.Theory;

/// <summary>A learner that measures distances or steps down gradients gets columns of very different sizes.</summary>
public sealed class UnscaledFeaturesCheck : TheoryCheck
{
    private static readonly Threshold Ratio = new("ratio", 10, "largest over smallest standard deviation of the numeric features as the learner gets them", "A column of ten times the spread has a hundred times the weight in a squared distance, and slows gradient descent by the same factor (LeCun et al., Efficient BackProp, 1998, section 4.3)");
    private static readonly string[] Families = ["neighbours", "svm", "neural"];
    private static readonly string[] Penalised = ["ridge", "elastic-net", "logistic-regression", "linear-svm"];

    /// <inheritdoc/>
    public override string Name => "unscaled-features";

    /// <inheritdoc/>
    public override string Definition => "Numeric features differ in spread by a factor that lets one of them drown the others, in a learner by distance, gradient or penalty (Hastie, Tibshirani and Friedman 2009, 14.3.3).";

    /// <inheritdoc/>
    public override IReadOnlyList<Threshold> Thresholds => [Ratio];

    /// <inheritdoc/>
    public override IReadOnlyList<string> Explains => ["high-bias", "worse-than-baseline", "ignored-columns", "feature-dominates"];

    /// <inheritdoc/>
    public override IEnumerable<Finding> Run(LearnerSubject subject, CheckContext context)
    {
        ArgumentNullException.ThrowIfNull(subject);
        ArgumentNullException.ThrowIfNull(context);
        if (!Families.Contains(subject.Family) && !Penalised.Contains(subject.Name))
        {
            yield break;
        }

        var x = subject.Features.Dense is null ? TreeData.Densify(subject.Features, 0, subject.Features.Rows) : subject.Features;
        var spreads = Enumerable.Range(0, x.Columns).Where(column => x.Features[column].Kind == FeatureKind.Numeric)
            .Select(column => (x.Features[column].Source, Spread: Spread(x, column))).Where(pair => pair.Spread > 0).OrderByDescending(pair => pair.Spread).ToArray();
        if (spreads.Length < 2 || spreads[0].Spread / spreads[^1].Spread is var ratio && ratio < context.Value(Name, Ratio))
        {
            yield break;
        }

        var middle = spreads[spreads.Length / 2].Spread;
        string[] large = [.. spreads.Where(pair => pair.Spread >= 10 * Math.Min(middle, 10 * spreads[^1].Spread)).Select(pair => pair.Source).Distinct(StringComparer.Ordinal).DefaultIfEmpty(spreads[0].Source)];
        yield return new Finding(Name, Severity.Medium, string.Create(CultureInfo.InvariantCulture,
            $"{subject.Name} gets '{spreads[0].Source}' with a spread {ratio:N0} times that of '{spreads[^1].Source}': it hardly sees the small columns"))
        {
            Columns = large,
            Evidence = Evidence(new EvidencePlot(PlotKind.Bar, "Spread of the features as the learner gets them", "", "standard deviation", [new PlotSeries("standard deviation", [], [.. spreads.Take(30).Select(pair => pair.Spread)])]) { Labels = [.. spreads.Take(30).Select(pair => pair.Source)] },
                ("learner", subject.Name), ("ratio", ratio), ("largest", spreads[0].Spread), ("smallest", spreads[^1].Spread)),
            Cause = "Columns in different units go into the learner as they were measured: the scaling step is missing, or comes after the learner.",
            Fix = "Standardise the numeric columns (mean 0, standard deviation 1), fitted on the training rows alone.",
            Verify = "The standard deviations of the features lie within a factor of ten, and the score rises.",
        };
    }

    private static double Spread(FeatureMatrix x, int column)
    {
        var (sum, squares, count) = (0.0, 0.0, 0);
        for (var row = 0; row < x.Rows; row++)
        {
            double value = x.Dense![(long)row * x.Columns + column];
            if (double.IsFinite(value))
            {
                (sum, squares, count) = (sum + value, squares + value * value, count + 1);
            }
        }

        return count < 2 ? 0 : Math.Sqrt(Math.Max(0, squares / count - sum / count * (sum / count)));
    }
}
