using Roux.Learning.Data;
using Roux.Learning.Evaluation;
using Roux.Learning.Evaluation.Decisions;
using Roux.Learning.Tests.Evaluation.Calibration;
using Shouldly;
using Xunit;

namespace Roux.Learning.Tests.Evaluation.Decisions;

public sealed class ThresholdTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("roux-costs").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Theory]
    [InlineData("f1")]
    [InlineData("balanced_accuracy")]
    [InlineData("mcc")]
    [InlineData("accuracy")]
    public void The_best_threshold_is_that_of_trying_them_all(string name)
    {
        var (y, p) = SimulatedProbabilities.Binary(300, 1, -0.8, 11);
        var goal = DecisionGoal.Parse("--for", name);
        var threshold = new ThresholdScan(y, p).Best(goal, out var reached);
        reached.ShouldBeTrue();
        var metric = Metrics.Find(name);
        double With(double cut) => metric.Compute(y, new Predictions(TaskKind.Binary, 2, p.Values, DecisionRule.At(cut, "")));
        var most = Enumerable.Range(0, y.Count).Select(row => p.Values[2 * row + 1]).Max(With);
        With(threshold).ShouldBe(most, 1e-12);
        new ThresholdScan(y, p).At(threshold, goal).Value.ShouldBe(most, 1e-12);
    }

    [Fact]
    public void A_level_is_kept_while_the_other_is_as_high_as_can_be()
    {
        var (y, p) = SimulatedProbabilities.Binary(1_000, 1, 0, 12);
        var scan = new ThresholdScan(y, p);
        var precise = scan.At(scan.Best(DecisionGoal.Parse("--for", "precision>=0.8"), out var reached), null);
        reached.ShouldBeTrue();
        precise.Precision.ShouldBeGreaterThanOrEqualTo(0.8);
        Enumerable.Range(0, 1_000).Select(row => scan.At(p.Values[2 * row + 1], null)).Where(point => point.Precision >= 0.8).Max(point => point.Recall).ShouldBe(precise.Recall, 1e-12);
        var wide = scan.At(scan.Best(DecisionGoal.Parse("--for", "recall >= 0.95"), out _), null);
        wide.Recall.ShouldBeGreaterThanOrEqualTo(0.95);
        wide.Precision.ShouldBeLessThan(precise.Precision);
        wide.AlertsPerThousand.ShouldBeGreaterThan(precise.AlertsPerThousand);
    }

    [Fact]
    public void A_level_out_of_reach_is_told_and_come_near()
    {
        var y = Target.Classification([0, 1, 0, 1], ["n", "y"]);
        var p = new Predictions(TaskKind.Binary, 2, [0.1, 0.9, 0.3, 0.7, 0.6, 0.4, 0.8, 0.2]);
        var scan = new ThresholdScan(y, p);
        var threshold = scan.Best(DecisionGoal.Parse("--for", "precision>=0.9"), out var reached);
        reached.ShouldBeFalse();
        scan.At(threshold, null).Precision.ShouldBe(0.5, 1e-12);
    }

    [Fact]
    public void Costs_move_the_threshold_to_where_they_balance()
    {
        // Elkan 2001: with right probabilities the least cost is from 1 / (1 + 9) on, a missed event costing nine false alerts.
        var (y, p) = SimulatedProbabilities.Binary(20_000, 1, 0, 13);
        var costs = new CostMatrix(["no", "yes"], [0, 1, 9, 0]);
        var scan = new ThresholdScan(y, p);
        var threshold = scan.Best(DecisionGoal.LeastCost(costs), out _);
        threshold.ShouldBe(0.1, 0.035);
        var point = scan.At(threshold, DecisionGoal.LeastCost(costs));
        point.CostPerThousand.ShouldBe(1000 * costs.Mean(y.Labels, new Predictions(TaskKind.Binary, 2, p.Values, DecisionRule.At(threshold, "")).Labels()), 1e-9);
        point.CostPerThousand.ShouldBeLessThan(scan.At(0.5, DecisionGoal.LeastCost(costs)).CostPerThousand);
    }

    [Fact]
    public void Three_classes_are_decided_by_expected_cost()
    {
        // Missing the third class costs ten: from a probability of a tenth on it is the cheapest to say.
        var rule = DecisionRule.ByCost([0, 1, 1, 1, 0, 1, 10, 10, 0], "cost");
        new Predictions(TaskKind.Multiclass, 3, [0.6, 0.3, 0.1, 0.9, 0.05, 0.05, 0.4, 0.55, 0.05], rule).Labels().ShouldBe([2, 0, 1]);
        var plain = new Predictions(TaskKind.Multiclass, 3, [0.6, 0.3, 0.1], rule);
        plain.MostProbable().ShouldBe([0]);
        plain.Take([0]).Labels().ShouldBe([2]);
    }

    [Fact]
    public void Labels_have_thresholds_of_their_own()
    {
        var p = new Predictions(TaskKind.Multilabel, 2, [0.4, 0.4, 0.6, 0.6], DecisionRule.PerLabel([0.3, 0.7], ""));
        (p.Has(0, 0), p.Has(0, 1), p.Has(1, 0), p.Has(1, 1)).ShouldBe((true, false, true, false));
        var y = Target.Multilabel([true, false, true, false], ["a", "b"]);
        Metrics.Find("micro_f1").Compute(y, p).ShouldBe(1);
        Metrics.Find("subset_accuracy").Compute(y, p).ShouldBe(1);
        Metrics.Find("micro_f1").Compute(y, new Predictions(TaskKind.Multilabel, 2, p.Values)).ShouldBe(0.5);
    }

    [Fact]
    public void Rules_that_do_not_fit_are_refused()
    {
        Should.Throw<ArgumentException>(() => new Predictions(TaskKind.Multiclass, 3, [1, 0, 0], DecisionRule.At(0.5, "")));
        Should.Throw<ArgumentException>(() => DecisionRule.At(0, ""));
        Should.Throw<ArgumentException>(() => DecisionRule.ByCost([1, 2, 3], ""));
    }

    [Fact]
    public void The_table_of_thresholds_falls_and_holds_the_usual_one()
    {
        var (y, p) = SimulatedProbabilities.Binary(2_000, 1, 0, 14);
        var points = new ThresholdScan(y, p).Few(0.31, DecisionGoal.Parse("--for", "f1"));
        points.Select(point => point.Threshold).ShouldBe(points.Select(point => point.Threshold).OrderDescending());
        points.Select(point => point.Recall).ShouldBe(points.Select(point => point.Recall).Order());
        points.Single(point => point.Kind == "chosen").Threshold.ShouldBe(0.31);
        points.Single(point => point.Kind == "default").Threshold.ShouldBe(0.5);
        points.Count.ShouldBeInRange(5, 8);
    }

    [Theory]
    [InlineData("f2", "did you mean 'f1'")]
    [InlineData("roc_auc", "precision>=0.9")]
    [InlineData("precision>=1.5", "a level between 0 and 1")]
    [InlineData("precision>=high", "a level between 0 and 1")]
    public void A_goal_that_is_none_says_what_is(string text, string expected) =>
        Should.Throw<DataException>(() => DecisionGoal.Parse("--threshold-for", text)).Message.ShouldContain(expected);

    [Fact]
    public void A_cost_matrix_is_read_and_checked()
    {
        string Write(string text)
        {
            var path = Path.Combine(folder, "costs.json");
            File.WriteAllText(path, text);
            return path;
        }

        string[] classes = ["healthy", "ill"];
        var costs = CostMatrix.Load(Write("""{"ill": {"healthy": 100}, "healthy": {"ill": 5.5, "healthy": -1}}"""), classes);
        costs.Costs.ShouldBe([-1, 5.5, 100, 0]);
        string Error(string text) => Should.Throw<DataException>(() => CostMatrix.Load(Write(text), classes)).Message;
        Error("""{"ill": {"healthy": 100}}""").ShouldContain("says nothing of 'ill' predicted where 'healthy' is true");
        Error("""{"ill": {"helthy": 100}}""").ShouldContain("did you mean 'healthy'? Classes:");
        Error("""{"ill": {"healthy": "much"}}""").ShouldContain("is not a number");
        Error("""{"ill": {"healthy": 1, "healthy": 2}}""").ShouldContain("cost");
        Error("[1, 2]").ShouldContain("""{"actual": {"predicted": cost}}""");
        Error("{").ShouldContain("not valid JSON");
        Should.Throw<DataException>(() => CostMatrix.Load(Path.Combine(folder, "absent.json"), classes)).Message.ShouldContain("cannot be read");
    }
}
