using Roux.Learning.Data;
using Roux.Learning.Evaluation;
using Shouldly;
using Xunit;

namespace Roux.Learning.Tests.Evaluation;

public sealed class PermutationImportanceTests
{
    private static readonly Table Rows = MakeRows();
    private static readonly Target Answers = Target.Regression([.. Enumerable.Range(0, 400).Select(row => 3 * Value("strong", row) + Value("weak", row))]);

    [Fact]
    public void Columns_rank_by_what_the_model_makes_of_them()
    {
        var importance = PermutationImportance.Compute(Predict, Rows, Answers, Metrics.Find("rmse"), repeats: 5, seed: 1, cancellation: TestContext.Current.CancellationToken);
        importance.Select(column => column.Column).ShouldBe(["strong", "weak", "unused"]);
        importance[2].Drop.Estimate.ShouldBe(0);
        importance[0].Drop.Low.ShouldBeGreaterThan(importance[1].Drop.High);
        importance[0].Drop.Estimate.ShouldBe(3 * Math.Sqrt(2), 0.5); // shuffled less intact is the difference of two independent normals times 3
        importance[0].Repeats.Length.ShouldBe(5);
    }

    [Fact]
    public void Direction_of_the_metric_does_not_matter_and_seeds_repeat()
    {
        var by = Metrics.Find("r2");
        var first = PermutationImportance.Compute(Predict, Rows, Answers, by, repeats: 3, seed: 9, cancellation: TestContext.Current.CancellationToken);
        first[0].Column.ShouldBe("strong");
        first[0].Drop.Estimate.ShouldBeGreaterThan(0);
        var again = PermutationImportance.Compute(Predict, Rows, Answers, by, repeats: 3, seed: 9, cancellation: TestContext.Current.CancellationToken);
        again.Select(column => column.Drop).ShouldBe(first.Select(column => column.Drop));
    }

    [Fact]
    public void Stopping_stops() => Should.Throw<OperationCanceledException>(() =>
        PermutationImportance.Compute(Predict, Rows, Answers, Metrics.Find("rmse"), cancellation: new CancellationToken(true)));

    [Fact]
    public void Columns_that_say_the_same_are_found_and_shuffled_together()
    {
        var random = new Random(8);
        double[] x = [.. Enumerable.Range(0, 300).Select(_ => Simulated.Normal(random))];
        var table = new Table("twins", [
            new NumberColumn("first", x), new NumberColumn("second", [.. x.Select(value => value + 0.05 * Simulated.Normal(random))]), new NumberColumn("other", [.. x.Select(_ => Simulated.Normal(random))]),
            TextColumn.From("sign", x.Select(value => value > 0 ? "up" : "down")), TextColumn.From("same", x.Select(value => value > 0 ? "yes" : "no"))]);
        ColumnSpec[] specs = [.. table.Columns.Select(column => new ColumnSpec(column.Name, column.Type, column is TextColumn ? ColumnRole.Categorical : ColumnRole.Numeric))];
        var groups = ColumnGroups.Of(table, specs, 0.9);
        groups.Select(group => string.Join('+', group)).ShouldBe(["first+second", "sign+same"]);

        // A model that needs one of two: each alone seems useless, both together do not.
        Predictions Either(Table rows)
        {
            var (a, b) = (((NumberColumn)rows["first"]).Values, ((NumberColumn)rows["second"]).Values);
            return new Predictions(TaskKind.Regression, 1, [.. a.Zip(b, (p, q) => (p + q) / 2)]);
        }

        var importance = PermutationImportance.Compute(Either, table, Target.Regression(x), Metrics.Find("rmse"), repeats: 3, alike: groups);
        var first = importance.Single(column => column.Column == "first");
        first.Together.ShouldNotBeNull().Column.ShouldBe("first + second");
        first.Together.Drop.Estimate.ShouldBeGreaterThan(1.5 * first.Drop.Estimate);
        importance.Single(column => column.Column == "other").Together.ShouldBeNull();
    }

    [Fact]
    public void Intervals_allow_for_the_choice_of_rows()
    {
        // The same share of rows over and over: the interval must shrink with the number of rows, which shuffles alone would not tell.
        Interval Of(int rows)
        {
            var random = new Random(6);
            double[] x = [.. Enumerable.Range(0, rows).Select(_ => Simulated.Normal(random))];
            var table = new Table("rows", [new NumberColumn("strong", x), new NumberColumn("weak", x)]);
            return PermutationImportance.Compute(Predict, table, Target.Regression([.. x.Select(value => 4 * value + 2 * Simulated.Normal(random))]), Metrics.Find("rmse"), ["strong"], repeats: 2)[0].Drop;
        }

        var (few, many) = (Of(100), Of(2500));
        few.Method.ShouldContain("rows");
        ((few.High - few.Low) / (many.High - many.Low)).ShouldBeInRange(2, 15);
        many.Low.ShouldBeLessThan(many.Estimate);
    }

    private static double Value(string column, int row) => ((NumberColumn)Rows[column]).Values[row];

    private static Predictions Predict(Table table)
    {
        var (strong, weak) = (((NumberColumn)table["strong"]).Values, ((NumberColumn)table["weak"]).Values);
        return new Predictions(TaskKind.Regression, 1, [.. strong.Zip(weak, (a, b) => 3 * a + b)]);
    }

    private static Table MakeRows()
    {
        var random = new Random(4);
        double[] Column() => [.. Enumerable.Range(0, 400).Select(_ => Simulated.Normal(random))];
        return new Table("rows", [new NumberColumn("unused", Column()), new NumberColumn("weak", Column()), new NumberColumn("strong", Column())]);
    }
}
