using Roux.Debugging.Checks;
using Roux.Learning.AutoML;
using Roux.Learning.Data;
using Roux.Learning.Learners;
using Roux.Tuning;

namespace Roux.Debugging.Labels;

/// <summary>
/// Finds rows whose answer is likely wrong. Models of different families say of every row what it is without having seen it (cross-validation);
/// rows that they would answer otherwise come first. (A second round without the suspects of the first ranks no better.)
/// </summary>
public static class LabelAudit
{
    private const int FoldCount = 5;

    /// <summary>Looks for wrong labels of a table.</summary>
    /// <param name="table">Rows, one answer each.</param>
    /// <param name="columns">The columns that tell them apart; others are passed over.</param>
    /// <param name="y">The answers: classes or numbers.</param>
    /// <param name="context">Seed, threads and stopping.</param>
    /// <param name="models">What is asked; <c>null</c>: chosen by the data (<see cref="Models"/>).</param>
    /// <exception cref="DataException">Fewer rows than folds.</exception>
    /// <exception cref="ArgumentException">Several labels a row.</exception>
    public static LabelIssues Of(Table table, IReadOnlyList<ColumnSpec> columns, Target y, CheckContext context, IReadOnlyList<Candidate>? models = null)
    {
        if (y.Task == TaskKind.Multilabel)
        {
            throw new ArgumentException("several labels a row: ask for one label at a time", nameof(y));
        }

        models ??= Models(table, columns, y);
        var folds = Splitters.StratifiedKFold(y, FoldCount, 1, Seed(context.Seed));
        return Judge(y, Average(QuickFit.OutOfFold(table, columns, y, folds, models, context)), models);
    }

    /// <summary>
    /// Quick models: for texts linear ones, for a few thousand rows of numbers randomised trees and neighbours, else boosted trees, which rank wrong labels better alone than
    /// with weaker company. Settings that hold back from learning single rows by heart.
    /// </summary>
    public static IReadOnlyList<Candidate> Models(Table table, IReadOnlyList<ColumnSpec> columns, Target y)
    {
        var classes = y.Task != TaskKind.Regression;
        var text = columns.Any(column => column.Role is ColumnRole.Text);
        var numbers = columns.Where(column => column.Role is not (ColumnRole.Target or ColumnRole.Id or ColumnRole.Ignore or ColumnRole.Constant)).All(column => column.Role is ColumnRole.Numeric or ColumnRole.Boolean);
        string[] names = (classes, text) switch
        {
            (_, true) when classes => ["logistic-regression", "naive-bayes"],
            (true, _) when numbers && table.RowCount <= 6_000 => ["extra-trees", "k-nearest-neighbours"],
            _ => LearnerCatalog.Find("lightgbm")!.Supports(y.Task) ? ["lightgbm"] : ["random-forest"],
        };
        return [.. names.Select(name => (Name: name, Learner: LearnerCatalog.Find(name))).Where(model => model.Learner?.Supports(y.Task) == true)
            .Select(model => new Candidate(model.Name, model.Learner!, Settings(model.Name, table.RowCount)))];
    }

    private static Configuration Settings(string name, int rows) => name switch
    {
        "lightgbm" => Configuration.Of(("rounds", 150), ("learning_rate", 0.08), ("num_leaves", 15), ("lambda_l2", 10.0), ("max_bin", 127L)),
        "random-forest" or "extra-trees" => Configuration.Of(("n_estimators", rows > 10_000 ? 80 : 200), ("min_samples_leaf", Math.Clamp(rows / 3_000, 2, 8))),
        "k-nearest-neighbours" => Configuration.Of(("k", 10L)),
        "logistic-regression" => Configuration.Of(("tol", 3e-3), ("max_iter", 60L)),
        _ => Configuration.Empty,
    };

    private static int Seed(int seed) => unchecked(seed * 31 + 17) & int.MaxValue;

    private static double[] Average(Predictions[] predictions)
    {
        var mean = new double[predictions[0].Values.Length];
        foreach (var one in predictions)
        {
            for (var i = 0; i < mean.Length; i++)
            {
                mean[i] += one.Values[i] / predictions.Length;
            }
        }

        return mean;
    }

    private static LabelIssues Judge(Target y, double[] outputs, IReadOnlyList<Candidate> models) => y.Task == TaskKind.Regression
        ? LabelIssues.OfNumbers(y.Values, outputs, models)
        : LabelIssues.OfClasses(y, outputs, models);
}
