using System.Text.Json.Nodes;
using Roux.Debugging.Findings;
using Roux.Learning.Data;
using Roux.Learning.Evaluation;
using Roux.Learning.Evaluation.Statistics;
using Roux.Tracking;

namespace Roux.Debugging.Checks.Models;

/// <summary>Whether two classes out of several are taken for each other far more than others are.</summary>
public sealed class ConfusedPair : Check<ModelSubject>
{
    private const int MostClasses = 200;
    private static readonly Threshold Rate = new("rate", 0.2, "share of the rows of two classes that are taken for the other, among those that are taken for one of them: at least", "twice the off-diagonal share of 0.1 at which SageMaker Debugger's Confusion rule speaks");
    private static readonly Threshold Grave = new("grave", 0.4, "the same, for medium severity", "near one half the two are not told apart at all");

    /// <inheritdoc/>
    public override string Name => "confused-pair";

    /// <inheritdoc/>
    public override string Definition => "Two of several classes are taken for each other often, and more often than if each class's errors were spread over the other classes by their size (Poisson tail below 0.001 over the number of pairs).";

    /// <inheritdoc/>
    public override IReadOnlyList<Threshold> Thresholds => [Rate, Grave];

    /// <inheritdoc/>
    public override IEnumerable<Finding> Run(ModelSubject subject, CheckContext context)
    {
        var (y, p) = (subject.Evaluation.Answers, subject.Evaluation.Predictions);
        if (y.Task != TaskKind.Multiclass || y.Width > MostClasses)
        {
            yield break;
        }

        var matrix = ConfusionMatrix.Of(y, p);
        var k = y.Width;
        var actual = Enumerable.Range(0, k).Select(matrix.Actual).ToArray();
        var predicted = Enumerable.Range(0, k).Select(b => Enumerable.Range(0, k).Sum(a => matrix[a, b])).ToArray();
        var pairs = new List<(int A, int B, int Mixed, double Rate)>();
        for (var a = 0; a < k; a++)
        {
            for (var b = a + 1; b < k; b++)
            {
                var mixed = matrix[a, b] + matrix[b, a];
                var rate = (double)mixed / Math.Max(1, mixed + matrix[a, a] + matrix[b, b]);
                if (mixed < 10 || rate < context.Value(Name, Rate))
                {
                    continue;
                }

                // Errors of a class, spread over the others as often as these are predicted.
                var expected = (actual[a] - matrix[a, a]) * (double)predicted[b] / Math.Max(1, y.Count - predicted[a]) + (actual[b] - matrix[b, b]) * (double)predicted[a] / Math.Max(1, y.Count - predicted[b]);
                var bound = mixed > expected ? Math.Exp(-(mixed * Math.Log(mixed / Math.Max(expected, 1e-9)) - (mixed - expected))) : 1;
                if (bound * k * (k - 1) / 2 < 0.001)
                {
                    pairs.Add((a, b, mixed, rate));
                }
            }
        }

        foreach (var (a, b, mixed, rate) in pairs.OrderByDescending(pair => pair.Mixed).Take(3))
        {
            var (low, high) = Proportion.Wilson(mixed, mixed + matrix[a, a] + matrix[b, b]);
            yield return new Finding(Name, rate >= context.Value(Name, Grave) ? Severity.Medium : Severity.Low,
                $"'{y.Classes[a]}' and '{y.Classes[b]}' are taken for each other: {matrix[a, b]:N0} of {actual[a]:N0} '{y.Classes[a]}' rows are called '{y.Classes[b]}', {matrix[b, a]:N0} of {actual[b]:N0} the other way.")
            {
                Evidence = new JsonObject
                {
                    ["classes"] = new JsonArray(y.Classes[a], y.Classes[b]),
                    ["confused"] = mixed,
                    ["rate"] = rate,
                    ["rate_low"] = low,
                    ["rate_high"] = high,
                    [EvidencePlot.Key] = ClassesSwapped.Heat(matrix).ToJson(),
                },
                Cause = "The two look alike in these columns, people label them inconsistently, or one is a kind of the other.",
                Fix = "Read ten rows of each mistake: add a column that tells them apart, sharpen the rule of labelling, or merge the two.",
                Verify = "The two cells of the matrix of confusion shrink.",
            };
        }
    }
}
