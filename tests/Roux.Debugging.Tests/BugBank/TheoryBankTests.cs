using Roux.Debugging.Checks;
using Roux.Debugging.Findings;
using Roux.Learning.Data;
using Roux.Learning.Features;
using Roux.Learning.Learners;
using Roux.Tracking;
using Xunit;

namespace Roux.Debugging.Tests.BugBank;

/// <summary>Learners beside data that they are not made for, and beside data that they are.</summary>
public sealed class TheoryBankTests
{
    private static readonly CheckContext Context = new();

    private static IReadOnlyList<Bug> Bugs =>
    [
        new("a parabola for a linear regression", ["not-linear"], seed => Look("linear-regression", Numbers(seed, 400, (x, e) => x[0] * x[0] + 0.3 * e))),
        new("a bump for logistic regression", ["not-linear"], seed => Look("logistic-regression", Classes(seed, 600, (x, e) => Math.Abs(x[0]) < 0.8 + 0.1 * e))),
        new("neighbours on columns of very different units", ["unscaled-features"], seed => Look("k-nearest-neighbours", Classes(seed, 400, (x, e) => x[1] + 0.3 * e > 0, scale: 1000), FeatureForm.Linear with { Scale = Scaling.None })),
        new("a radial kernel on columns of very different units", ["unscaled-features"], seed => Look("svm-rbf", Classes(seed, 400, (x, e) => x[1] + 0.3 * e > 0, scale: 500), FeatureForm.Linear with { Scale = Scaling.None })),
        new("naive Bayes on the same measure five times", ["dependent-features"], seed => Look("naive-bayes", Copies(seed))),
        new("trees asked about a later time", ["extrapolation"], seed => Look("lightgbm", Numbers(seed, 400, (x, e) => 3 * x[0] + 0.1 * e), others: Numbers(seed + 1, 200, (x, e) => 3 * x[0], shift: 6))),
        new("a forest asked about larger houses", ["extrapolation"], seed => Look("random-forest", Numbers(seed, 400, (x, e) => 3 * x[0] + 0.1 * e), others: Numbers(seed + 1, 200, (x, e) => 3 * x[0], shift: 4))),
        new("fewer rows than columns for least squares", ["too-few-rows"], seed => Look("linear-regression", Numbers(seed, 40, (x, e) => x[0] + e, columns: 45))),
        new("a column that adds up the others", ["multicollinearity"], seed => Look("linear-regression", Sums(seed))),
    ];

    private static IReadOnlyList<Healthy> Sound =>
    [
        new("a straight line for a linear regression", seed => Look("linear-regression", Numbers(seed, 400, (x, e) => 2 * x[0] - x[1] + e))),
        new("a plane for logistic regression", seed => Look("logistic-regression", Classes(seed, 600, (x, e) => x[0] - x[1] + e > 0))),
        new("neighbours on standardised columns", seed => Look("k-nearest-neighbours", Classes(seed, 400, (x, e) => x[0] + 0.3 * e > 0, scale: 1000))),
        new("naive Bayes on unrelated columns", seed => Look("naive-bayes", Classes(seed, 400, (x, e) => x[0] + x[1] + e > 0))),
        new("trees asked about rows of the same kind", seed => Look("lightgbm", Numbers(seed, 400, (x, e) => x[0] + e), others: Numbers(seed + 1, 200, (x, e) => x[0]))),
        new("trees on a parabola", seed => Look("random-forest", Numbers(seed, 400, (x, e) => x[0] * x[0] + 0.3 * e))),
        new("ridge with noise only", seed => Look("ridge", Numbers(seed, 300, (_, e) => e))),
    ];

    [Fact]
    [Trait("Speed", "slow")]
    public void Bugs_are_named_and_sound_learners_are_left_alone() => BankReport.Of(Bugs, Sound, 1, 2, 3).ShouldBeGood();

    private static IReadOnlyList<Finding> Look(string learner, Table table, FeatureForm? form = null, Table? others = null)
    {
        var columns = ColumnRoles.Infer(table, "y", new Dictionary<string, string>());
        var (answers, _, _) = TargetBuilder.Build(table, "y", null, null);
        var basis = LearnerSubject.Of(LearnerCatalog.Find(learner)!, table, [.. columns.Where(column => column.Role is not (ColumnRole.Target or ColumnRole.Constant or ColumnRole.Id or ColumnRole.Ignore))], answers, Context, form: form, others: others);
        return FindingList.Of(CheckRunner.Run(LearnerChecks.All, basis, Context), [.. LearnerChecks.All.Select(CheckCard.Of)]);
    }

    private static Table Numbers(int seed, int rows, Func<double[], double, double> answer, int columns = 3, double shift = 0)
    {
        var (random, x) = (new Random(seed), Enumerable.Range(0, columns).Select(_ => new double[rows]).ToArray());
        var y = new double[rows];
        for (var row = 0; row < rows; row++)
        {
            double[] values = [.. Enumerable.Range(0, columns).Select(_ => Normal(random))];
            values[0] += shift;
            for (var column = 0; column < columns; column++)
            {
                x[column][row] = values[column];
            }

            y[row] = answer(values, Normal(random));
        }

        return new Table("t", [.. x.Select((values, i) => (Column)new NumberColumn($"x{i}", values)), new NumberColumn("y", y)]);
    }

    private static Table Classes(int seed, int rows, Func<double[], double, bool> answer, double scale = 1)
    {
        var table = Numbers(seed, rows, (x, e) => answer(x, e) ? 1 : 0);
        var first = new NumberColumn("x0", [.. ((NumberColumn)table["x0"]).Values.Select(value => value * scale)]);
        return new Table("t", [first, table["x1"], table["x2"], new TextColumn("y", [.. ((NumberColumn)table["y"]).Values.Select(value => (int)value)], ["no", "yes"])]);
    }

    private static Table Copies(int seed)
    {
        var table = Classes(seed, 400, (x, e) => x[0] + e > 0);
        var random = new Random(seed);
        var values = ((NumberColumn)table["x0"]).Values;
        return new Table("t", [.. Enumerable.Range(0, 5).Select(i => (Column)new NumberColumn($"m{i}", [.. values.Select(value => value + 0.2 * Normal(random))])), table["y"]]);
    }

    private static Table Sums(int seed)
    {
        var table = Numbers(seed, 300, (x, e) => x[0] + x[1] + e);
        double[] first = ((NumberColumn)table["x0"]).Values, second = ((NumberColumn)table["x1"]).Values, third = ((NumberColumn)table["x2"]).Values;
        return new Table("t", [.. table.Columns, new NumberColumn("total", [.. first.Select((value, row) => value + second[row] + third[row])])]);
    }

    private static double Normal(Random random) => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
}
