using Roux.Learning.Data;
using Roux.Learning.Evaluation.Assumptions;
using Roux.Learning.Learners;
using Shouldly;
using Xunit;

namespace Roux.Learning.Tests.Evaluation;

/// <summary>Each assumption on data made to meet it and on data made to break it.</summary>
public sealed class AssumptionAuditTests
{
    private const int Rows = 400;

    [Fact]
    public void A_straight_line_with_even_normal_noise_meets_all_that_linear_regression_assumes()
    {
        var random = new Random(1);
        var (x, z) = (Draw(random), Draw(random));
        var report = Audit(TaskKind.Regression, [.. x.Select((v, i) => 3 + 2 * v - z[i] + Simulated.Normal(random))], ("x", x), ("z", z));
        report.For("linear-regression").Where(check => check.Status != AssumptionStatus.Holds).ShouldBeEmpty();
        report.For("linear-regression").Count.ShouldBeGreaterThan(6);
        report.Rows.ShouldBe(Rows);
        report.Features.ShouldBe(2);
    }

    [Fact]
    public void A_bend_is_found_and_named()
    {
        var random = new Random(2);
        var (x, z) = (Draw(random), Draw(random));
        var check = Find(Audit(TaskKind.Regression, [.. x.Select((v, i) => v * v + z[i] + 0.5 * Simulated.Normal(random))], ("x", x), ("z", z)), "weighted sum", "linear-regression");
        check.Status.ShouldBe(AssumptionStatus.Violated);
        check.Columns[0].ShouldBe("x");
        check.Columns.ShouldNotContain("z");
        check.PValue.ShouldBeLessThan(0.01);
        check.Advice.ShouldNotBeEmpty();
    }

    [Fact]
    public void Uneven_spread_long_tails_and_a_pulling_row_are_found()
    {
        var random = new Random(3);
        var x = Draw(random);
        var uneven = Audit(TaskKind.Regression, [.. x.Select(v => 5 * v + Math.Exp(0.8 * v) * Simulated.Normal(random))], ("x", x));
        Find(uneven, "even spread", "ridge").Status.ShouldBe(AssumptionStatus.Violated);

        var tails = Audit(TaskKind.Regression, [.. x.Select(v => v + Math.Exp(1.5 * Simulated.Normal(random)))], ("x", x));
        Find(tails, "errors are normal", "linear-regression").Status.ShouldBe(AssumptionStatus.Violated);

        double[] y = [.. x.Select(v => v + 0.3 * Simulated.Normal(random))];
        (x[7], y[7]) = (30, -200);
        Find(Audit(TaskKind.Regression, y, ("x", x)), "no single row", "linear-regression").Status.ShouldBe(AssumptionStatus.Violated);
    }

    [Fact]
    public void Columns_that_repeat_each_other_are_found()
    {
        var random = new Random(4);
        var (x, z) = (Draw(random), Draw(random));
        double[] twin = [.. x.Select(v => v + 0.1 * Simulated.Normal(random))];
        var check = Find(Audit(TaskKind.Regression, [.. x.Select((v, i) => v + z[i])], ("x", x), ("twin", twin), ("z", z)), "no column repeats", "linear-regression");
        check.Status.ShouldBe(AssumptionStatus.Violated);
        check.Columns.ShouldBe(["x", "twin"], ignoreOrder: true);
        check.Value.ShouldBe(100, 30); // the correlation is 1 / sqrt(1.01)
    }

    [Fact]
    public void Dependent_rows_and_copies_are_found()
    {
        var random = new Random(5);
        var x = Draw(random);
        var walk = new double[Rows];
        for (var i = 1; i < Rows; i++)
        {
            walk[i] = 0.8 * walk[i - 1] + Simulated.Normal(random);
        }

        var report = Audit(TaskKind.Regression, [.. x.Select((v, i) => 3 * v + walk[i])], ("x", x));
        Find(report, "rows are independent", "lightgbm").Status.ShouldBe(AssumptionStatus.Violated);
        Find(report, "no row is a copy", "lightgbm").Status.ShouldBe(AssumptionStatus.Holds);

        double[] half = [.. x.Take(Rows / 2), .. x.Take(Rows / 2)];
        var copies = Find(Audit(TaskKind.Regression, half, ("x", half)), "no row is a copy", "lightgbm");
        copies.Value.ShouldBe(0.5, 1e-9);
        copies.Status.ShouldBe(AssumptionStatus.Violated);

        double[] sorted = [.. x.Order()];
        var bySize = Find(Audit(TaskKind.Regression, [.. sorted.Select(v => v * v * v)], ("x", sorted)), "rows are independent", "ridge");
        bySize.Status.ShouldBe(AssumptionStatus.Doubtful);
        bySize.Message.ShouldContain("sorted by the answer");
    }

    [Fact]
    public void Separated_classes_and_bent_log_odds_are_found()
    {
        var random = new Random(6);
        var (x, z) = (Draw(random), Draw(random));
        var apart = Audit(TaskKind.Binary, [.. x.Select(v => v > 0.2 ? 1.0 : 0)], ("x", x), ("z", z));
        Find(apart, "classes overlap", "logistic-regression").Status.ShouldBe(AssumptionStatus.Violated);

        double[] ring = [.. x.Select(v => random.NextDouble() < 1 / (1 + Math.Exp(3 - 3 * v * v)) ? 1.0 : 0)];
        var bent = Audit(TaskKind.Binary, ring, ("x", x), ("z", z));
        var check = Find(bent, "log odds", "logistic-regression");
        check.Status.ShouldBe(AssumptionStatus.Violated);
        check.Columns.ShouldBe(["x"]);
        Find(bent, "a plane separates", "linear-svm").Status.ShouldBe(AssumptionStatus.Violated);
        Find(bent, "classes overlap", "logistic-regression").Status.ShouldBe(AssumptionStatus.Holds);

        double[] straight = [.. x.Select(v => random.NextDouble() < 1 / (1 + Math.Exp(-2 * v)) ? 1.0 : 0)];
        Find(Audit(TaskKind.Binary, straight, ("x", x), ("z", z)), "log odds", "logistic-regression").Status.ShouldBe(AssumptionStatus.Holds);
    }

    [Fact]
    public void Naive_bayes_is_told_of_twins_and_long_tails()
    {
        var random = new Random(7);
        var (x, z) = (Draw(random), Draw(random));
        double[] y = [.. x.Select(v => v + Simulated.Normal(random) > 0 ? 1.0 : 0)];
        double[] twin = [.. x.Select(v => v + 0.2 * Simulated.Normal(random))];
        Find(Audit(TaskKind.Binary, y, ("x", x), ("twin", twin)), "independent within a class", "naive-bayes").Status.ShouldBe(AssumptionStatus.Violated);
        var well = Audit(TaskKind.Binary, y, ("x", x), ("z", z));
        Find(well, "independent within a class", "naive-bayes").Status.ShouldBe(AssumptionStatus.Holds);
        Find(well, "normal within a class", "naive-bayes").Status.ShouldBe(AssumptionStatus.Holds);
    }

    [Fact]
    public void Many_useless_columns_and_few_rows_are_told()
    {
        var random = new Random(8);
        var x = Draw(random);
        (string, double[])[] noise = [("x", x), .. Enumerable.Range(0, 49).Select(i => ($"noise{i}", Draw(random)))];
        double[] y = [.. x.Select((v, i) => i % 12 == 0 && v > -0.5 ? 1.0 : 0)];
        var report = Audit(TaskKind.Binary, y, noise);
        Find(report, "all features matter", "k-nearest-neighbours").Status.ShouldBe(AssumptionStatus.Violated);
        Find(report, "near and far", "k-nearest-neighbours").Status.ShouldNotBe(AssumptionStatus.Holds);
        Find(report, "alike have like answers", "svm-rbf").Status.ShouldBe(AssumptionStatus.Violated);
        var rows = Find(report, "enough rows", "logistic-regression");
        rows.Status.ShouldBe(AssumptionStatus.Violated);
        rows.Value.ShouldBe(y.Sum() / 50, 1e-9);
        Find(report, "comparable scales", "k-nearest-neighbours").Message.ShouldContain("standardised within each fold");
    }

    [Theory]
    [InlineData(TaskKind.Multiclass)]
    [InlineData(TaskKind.Multilabel)]
    [InlineData(TaskKind.Binary)]
    [InlineData(TaskKind.Regression)]
    public void Every_kind_of_column_and_task_gets_an_answer(TaskKind task)
    {
        var (table, target) = Explanations.Fits.Make(task);
        var learners = LearnerCatalog.For(task);
        var report = AssumptionAudit.Of(table, Explanations.Fits.Columns(table), target, learners, new AssumptionOptions { TimeColumn = "day" });
        foreach (var learner in learners.Where(learner => learner.Card.Family != "baseline"))
        {
            report.For(learner.Card.Name).ShouldNotBeEmpty();
        }

        report.Checks.ShouldAllBe(check => check.Message.Length > 0 && !check.Message.Contains("NaN"));
        report.Checks.Select(check => (int)check.Status).ShouldBe(report.Checks.Select(check => (int)check.Status).OrderDescending());
        report.Checks.First(check => check.Statistic == "Durbin-Watson").Message.ShouldContain("in the order of day");
    }

    [Fact]
    public void Texts_alone_leave_all_unchecked()
    {
        var (table, target) = Explanations.Fits.Make(TaskKind.Binary);
        var report = AssumptionAudit.Of(table, [new ColumnSpec("story", ColumnType.Text, ColumnRole.Text)], target, LearnerCatalog.For(TaskKind.Binary));
        report.Checks.ShouldNotBeEmpty();
        report.Checks.ShouldAllBe(check => check.Status == AssumptionStatus.NotChecked);
    }

    private static double[] Draw(Random random) => [.. Enumerable.Range(0, Rows).Select(_ => Simulated.Normal(random))];

    private static AssumptionReport Audit(TaskKind task, double[] y, params (string Name, double[] Values)[] columns)
    {
        var table = new Table("made-up", [.. columns.Select(column => new NumberColumn(column.Name, column.Values))]);
        var target = task == TaskKind.Regression ? Target.Regression(y) : Target.Classification([.. y.Select(value => (int)value)], ["no", "yes"]);
        return AssumptionAudit.Of(table, [.. columns.Select(column => new ColumnSpec(column.Name, ColumnType.Real, ColumnRole.Numeric))], target, LearnerCatalog.For(task));
    }

    private static AssumptionCheck Find(AssumptionReport report, string assumption, string learner) =>
        report.For(learner).Single(check => check.Assumption.Contains(assumption, StringComparison.Ordinal));
}
