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
