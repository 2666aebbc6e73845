using System.Globalization;
using System.Text.RegularExpressions;
using Roux.Learning.Data;

namespace Roux.Learning.Evaluation;

/// <summary>
/// All metrics that come with Roux. Values and edge cases are those of scikit-learn: logarithms clipped at machine epsilon,
/// ratios without a denominator zero, areas without both classes NaN.
/// </summary>
public static partial class Metrics
{
    private static readonly TaskKind[] Classes = [TaskKind.Binary, TaskKind.Multiclass];
    private static readonly TaskKind[] Labels = [TaskKind.Binary, TaskKind.Multiclass, TaskKind.Multilabel];
    private static readonly TaskKind[] Binary = [TaskKind.Binary];
    private static readonly TaskKind[] Multiclass = [TaskKind.Multiclass];
    private static readonly TaskKind[] Multilabel = [TaskKind.Multilabel];
    private static readonly TaskKind[] Numbers = [TaskKind.Regression];

    /// <summary>Every metric, in the order in which they are shown. <c>topK_accuracy</c> and <c>pinball_Q</c> exist for other K and Q too.</summary>
    public static IReadOnlyList<Metric> All { get; } =
    [
        new RankingMetric("roc_auc", "ROC AUC", Labels, (ranked, counts) => ranked.Area(counts)),
        new PairwiseAreaMetric(),
        new RankingMetric("average_precision", "average precision", Labels, (ranked, counts) => ranked.AveragePrecision(counts)),
        new ClassCountMetric("accuracy", "accuracy", Classes, counts => counts.Accuracy),
        new ClassCountMetric("balanced_accuracy", "balanced accuracy", Classes, counts => counts.BalancedAccuracy),
        new ClassCountMetric("f1", "F1", Binary, counts => counts.F1(1)),
        new ClassCountMetric("precision", "precision", Binary, counts => counts.Precision(1)),
        new ClassCountMetric("recall", "recall", Binary, counts => counts.Recall(1)),
        new ClassCountMetric("specificity", "specificity", Binary, counts => counts.Specificity),
        new ClassCountMetric("macro_f1", "macro F1", Labels, counts => counts.Macro(counts.F1)),
        new ClassCountMetric("weighted_f1", "weighted F1", Labels, counts => counts.Weighted(counts.F1)),
        new ClassCountMetric("micro_f1", "micro F1", Labels, counts => counts.MicroF1),
        new ClassCountMetric("macro_precision", "macro precision", Labels, counts => counts.Macro(counts.Precision)),
        new ClassCountMetric("weighted_precision", "weighted precision", Labels, counts => counts.Weighted(counts.Precision)),
        new ClassCountMetric("micro_precision", "micro precision", Labels, counts => counts.MicroPrecision),
        new ClassCountMetric("macro_recall", "macro recall", Labels, counts => counts.Macro(counts.Recall)),
        new ClassCountMetric("weighted_recall", "weighted recall", Labels, counts => counts.Weighted(counts.Recall)),
        new ClassCountMetric("micro_recall", "micro recall", Labels, counts => counts.MicroRecall),
        new ClassCountMetric("mcc", "Matthews correlation", Classes, counts => counts.Mcc),
        new ClassCountMetric("cohen_kappa", "Cohen's kappa", Classes, counts => counts.CohenKappa),
        TopK(2),
        TopK(3),
        new RowMeanMetric("log_loss", "log loss", false, Classes, RowValues.LogLoss),
        new RowMeanMetric("brier", "Brier score", false, Classes, RowValues.Brier),
        new CalibrationErrorMetric(),
        new RowMeanMetric("subset_accuracy", "subset accuracy", true, Multilabel, RowValues.SubsetAccuracy),
        new RowMeanMetric("hamming_loss", "Hamming loss", false, Multilabel, RowValues.HammingLoss),
        new RowMeanMetric("label_ranking_average_precision", "label-ranking average precision", true, Multilabel, RowValues.RankingPrecision),
        new RowMeanMetric("rmse", "RMSE", false, Numbers, RowValues.SquaredError, Math.Sqrt),
        new RowMeanMetric("mse", "mean squared error", false, Numbers, RowValues.SquaredError),
        new RowMeanMetric("mae", "mean absolute error", false, Numbers, RowValues.AbsoluteError),
        new OrderMetric("median_absolute_error", "median absolute error", maximum: false),
        new OrderMetric("max_error", "largest error", maximum: true),
        new RowMeanMetric("mape", "mean absolute percentage error", false, Numbers, RowValues.RelativeError),
        new VarianceMetric("r2", "R\u00b2", forgiveOffset: false),
        new VarianceMetric("explained_variance", "explained variance", forgiveOffset: true),
        Pinball(0.1),
        Pinball(0.5),
        Pinball(0.9),
    ];

    /// <summary>The metric of that name: one of <see cref="All"/>, <c>topK_accuracy</c> with K from 1, or <c>pinball_Q</c> with Q between 0 and 1.</summary>
    /// <exception cref="ArgumentException">No metric has this name; the message offers the nearest.</exception>
    public static Metric Find(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        var found = All.FirstOrDefault(metric => metric.Name == name);
        if (found is not null)
        {
            return found;
        }

        var top = TopKName().Match(name);
        if (top.Success && int.TryParse(top.Groups[1].Value, NumberStyles.None, CultureInfo.InvariantCulture, out var k) && k > 0)
        {
            return TopK(k);
        }

        var pinball = PinballName().Match(name);
        if (pinball.Success && double.TryParse(pinball.Groups[1].Value, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var q) && q is > 0 and < 1)
        {
            return Pinball(q);
        }

        var nearest = Nearest(name);
        var hint = nearest.Length == 0 ? "" : $"; did you mean {string.Join(" or ", nearest.Select(near => $"'{near}'"))}?";
        throw new ArgumentException($"metric '{name}': there is none of this name{hint} Metrics: {string.Join(", ", All.Select(metric => metric.Name))}");
    }

    /// <summary>The metrics that apply to such a question.</summary>
    public static IReadOnlyList<Metric> For(TaskKind task) => [.. All.Where(metric => metric.Supports(task))];

    /// <summary>What to rank models by when nobody says: <c>roc_auc</c>, <c>macro_f1</c>, <c>micro_f1</c> or <c>rmse</c>.</summary>
    public static Metric Default(TaskKind task) => Find(task switch
    {
        TaskKind.Binary => "roc_auc",
        TaskKind.Multiclass => "macro_f1",
        TaskKind.Multilabel => "micro_f1",
        _ => "rmse",
    });

    internal static string Describe(TaskKind task) => task.ToString().ToLowerInvariant();

    private static RowMeanMetric TopK(int k) =>
        new(string.Create(CultureInfo.InvariantCulture, $"top{k}_accuracy"), string.Create(CultureInfo.InvariantCulture, $"top-{k} accuracy"), true, Multiclass, RowValues.TopK(k));

    private static RowMeanMetric Pinball(double q) =>
        new(string.Create(CultureInfo.InvariantCulture, $"pinball_{q}"), string.Create(CultureInfo.InvariantCulture, $"pinball loss at {q}"), false, Numbers, RowValues.Pinball(q));

    private static string[] Nearest(string name)
    {
        var wanted = name.ToLowerInvariant();
        var close = All
            .Select(metric => (metric.Name, Distance: Math.Min(Distance(wanted, metric.Name), Distance(Sorted(wanted), Sorted(metric.Name)) + 1)))
            .Where(candidate => candidate.Distance <= Math.Max(2, wanted.Length / 3))
            .OrderBy(candidate => candidate.Distance)
            .ToArray();
        return [.. close.Where(candidate => candidate.Distance <= close[0].Distance).Select(candidate => candidate.Name).Take(3)];
    }

    /// <summary>The words of a name in alphabetical order, so that <c>f1_macro</c> is near <c>macro_f1</c>.</summary>
    private static string Sorted(string name) => string.Join('_', name.Split('_', '-', ' ').Order(StringComparer.Ordinal));

    /// <summary>Levenshtein 1966: the fewest insertions, deletions and replacements that turn one word into the other.</summary>
    private static int Distance(string a, string b)
    {
        if (a.Length > 100)
        {
            return int.MaxValue - 1;
        }

        var previous = Enumerable.Range(0, b.Length + 1).ToArray();
        for (var i = 1; i <= a.Length; i++)
        {
            var current = new int[b.Length + 1];
            current[0] = i;
            for (var j = 1; j <= b.Length; j++)
            {
                var replace = previous[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
                current[j] = Math.Min(replace, Math.Min(previous[j], current[j - 1]) + 1);
            }

            previous = current;
        }

        return previous[^1];
    }

    [GeneratedRegex(@"^top(\d{1,6})_accuracy$")]
    private static partial Regex TopKName();

    [GeneratedRegex(@"^pinball(?:_|\()(\d?\.\d+)\)?$")]
    private static partial Regex PinballName();
}
