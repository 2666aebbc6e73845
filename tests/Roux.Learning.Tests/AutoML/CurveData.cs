using Roux.Learning.AutoML;
using Roux.Learning.Data;
using Roux.Learning.Evaluation;
using Roux.Learning.Evaluation.LearningCurves;
using Roux.Learning.Learners;
using Roux.Learning.Tests.Evaluation;
using Roux.Tuning;

namespace Roux.Learning.Tests.AutoML;

/// <summary>Tables of standard normal numbers with an answer by a rule, and their learning curves.</summary>
internal sealed class CurveData
{
    private CurveData(Table table, Target target)
    {
        (Table, Target) = (table, target);
        Columns = [.. table.Columns.Select(column => new ColumnSpec(column.Name, column.Type, column.Type == ColumnType.Text ? ColumnRole.Categorical : ColumnRole.Numeric))];
    }

    public Table Table { get; }

    public Target Target { get; }

    public IReadOnlyList<ColumnSpec> Columns { get; }

    /// <param name="rows">Rows.</param>
    /// <param name="width">Columns.</param>
    /// <param name="seed">Seed.</param>
    /// <param name="positive">The rule.</param>
    /// <param name="wrong">Share of labels turned around.</param>
    public static CurveData Make(int rows, int width, int seed, Func<double[], bool> positive, double wrong = 0)
    {
        var random = new Random(seed);
        var x = Enumerable.Range(0, rows).Select(_ => Enumerable.Range(0, width).Select(_ => Simulated.Normal(random)).ToArray()).ToArray();
        var labels = Array.ConvertAll(x, row => positive(row) != random.NextDouble() < wrong ? 1 : 0);
        return new CurveData(new Table("made", [.. Enumerable.Range(0, width).Select(j => new NumberColumn($"x{j}", [.. x.Select(row => row[j])]))]), Target.Classification(labels, ["no", "yes"]));
    }

    public static CurveData Of(Table table, Target target) => new(table, target);

    public IReadOnlyList<Fold> Folds(int seed = 1) => Splitters.StratifiedKFold(Target, 5, 1, seed);

    public LearningCurve Measure(string learner, CurveSettings settings, string metric = "accuracy", Configuration? configuration = null) =>
        CurveMeasurement.Measure(Table, Columns, Target, Folds(), Metrics.Find(metric), [CurveModel.Of(new Candidate(learner, LearnerCatalog.Find(learner)!, configuration ?? Configuration.Empty))], settings)[0];
}
