using Roux.Learning.Data;
using Roux.Learning.Features;
using Roux.Tuning;

namespace Roux.Learning.Learners.Baselines;

/// <summary>
/// 1R: the one feature whose rule alone makes the fewest errors on the training rows. Source: Holte, "Very simple classification rules perform well on
/// most commonly used datasets" (1993), appendix A. Quantities are cut into intervals that each hold at least <c>min_bucket</c> (default 6) rows of their
/// most frequent class; neighbouring intervals of the same class are joined; missing values have a rule of their own.
/// Each rule gives the class shares of its rows, with one added row spread by the overall shares.
/// </summary>
public sealed class OneRuleLearner : Learner
{
    /// <inheritdoc/>
    public override LearnerCard Card { get; } = new(
        "one-rule", "baseline", 2, Interpretability.Readable,
        ["one feature tells the classes apart"],
        ["a rule that a person can apply by heart", "often surprisingly close to much larger models"],
        ["uses a single feature"]);

    /// <inheritdoc/>
    public override bool Supports(TaskKind task) => task is TaskKind.Binary or TaskKind.Multiclass;

    /// <inheritdoc/>
    public override FeatureForm Form(TaskKind task, Configuration configuration) =>
        new(CategoryEncoding.Codes, KeepMissing: true, Scaling.None, TextEncoding.None, 50);

    /// <inheritdoc/>
    public override Model Fit(TrainingSet training, Configuration configuration, FitContext context)
    {
        var weights = RowWeights.Of(training, configuration);
        var smallest = configuration.Int("min_bucket", 6);
        var x = training.X.IsSparse ? Trees.TreeData.Densify(training.X, 0, training.X.Rows) : training.X;
        var rules = new OneRule[x.Columns];
        Loops.For(x.Columns, context.Threads, context.Cancellation, column => rules[column] = OneRule.Build(x, column, training.Y, weights, smallest));
        if (rules.Length == 0)
        {
            return ConstantModel.OfDistribution(training with { Weights = weights });
        }

        var best = rules.MinBy(rule => rule.Errors)!;
        return new OneRuleModel(ModelHead.Of(training), best.Column, best.Uppers, best.Shares(RowWeights.PerClass(training.Y, weights)));
    }
}

/// <summary>The rule of one feature.</summary>
/// <param name="Column">The feature.</param>
/// <param name="Uppers">Largest value of each interval but the last, ascending.</param>
/// <param name="Counts">Per interval, then for missing values: weight per class.</param>
/// <param name="Errors">Weight of the training rows that it gets wrong.</param>
internal sealed record OneRule(int Column, float[] Uppers, List<double[]> Counts, double Errors)
{
    public static OneRule Build(FeatureMatrix x, int column, Target y, double[] weights, int smallest)
    {
        var rows = Enumerable.Range(0, x.Rows).Where(row => weights[row] > 0 && !float.IsNaN(Value(row))).OrderBy(Value).ToArray();
        var missing = new double[y.Classes.Length];
        for (var row = 0; row < x.Rows; row++)
        {
            if (float.IsNaN(Value(row)))
            {
                missing[y.Labels[row]] += weights[row];
            }
        }

        var isCategory = x.Features[column].Kind is FeatureKind.Category or FeatureKind.Indicator;
        var (lowers, uppers, counts) = (new List<float>(), new List<float>(), new List<double[]>());
        for (var i = 0; i < rows.Length;)
        {
            var start = Value(rows[i]);
            var current = new double[y.Classes.Length];
            while (i < rows.Length)
            {
                var value = Value(rows[i]);
                for (; i < rows.Length && Value(rows[i]) == value; i++)
                {
                    current[y.Labels[rows[i]]] += weights[rows[i]];
                }

                if (i == rows.Length || isCategory || (current.Max() >= smallest && y.Labels[rows[i]] != Best(current)))
                {
                    break;
                }
            }

            var end = Value(rows[i - 1]);
            if (counts.Count > 0 && Best(counts[^1]) == Best(current))
            {
                for (var k = 0; k < current.Length; k++)
                {
                    counts[^1][k] += current[k];
                }

                uppers[^1] = end;
            }
            else
            {
                counts.Add(current);
                lowers.Add(start);
                uppers.Add(end);
            }
        }

        // Values between two intervals belong to the nearer one.
        for (var b = 0; b + 1 < uppers.Count; b++)
        {
            var middle = (float)(((double)uppers[b] + lowers[b + 1]) / 2);
            uppers[b] = middle < lowers[b + 1] ? middle : uppers[b];
        }

        counts.Add(missing);
        return new OneRule(column, [.. uppers.Take(Math.Max(0, uppers.Count - 1))], counts, counts.Sum(bucket => bucket.Sum() - bucket.Max()));

        float Value(int row) => x.Dense![row * x.Columns + column];
    }

    /// <summary>Class shares per interval, then for missing values, with one added row of the overall shares; intervals x classes.</summary>
    public double[] Shares(double[] overall)
    {
        var total = overall.Sum();
        var buckets = Uppers.Length + 2;
        var intervals = Counts.Count == buckets ? Counts : [new double[overall.Length], .. Counts]; // a feature that is always missing has no interval
        return [.. intervals.SelectMany(bucket => bucket.Select((weight, k) => (weight + overall[k] / total) / (bucket.Sum() + 1)))];
    }

    private static int Best(double[] counts) => Array.IndexOf(counts, counts.Max());
}
