using Roux.Debugging.Checks;
using Roux.Debugging.Labels;
using Roux.Debugging.Tests.BugBank;
using Roux.Learning.Data;
using Roux.Learning.Evaluation;
using Shouldly;
using Xunit;

namespace Roux.Debugging.Tests.Labels;

/// <summary>Confident learning by hand, and the ranking of flipped labels.</summary>
public sealed class LabelAuditTests
{
    /// <summary>Six rows of two classes; thresholds are the mean self-confidence of each: 0.6 and 2.05 / 3.</summary>
    [Fact]
    public void The_joint_counts_confident_rows_and_keeps_the_shares_of_the_labels()
    {
        int[] labels = [0, 0, 0, 1, 1, 1];
        double[] probabilities = [0.9, 0.1, 0.8, 0.2, 0.1, 0.9, 0.1, 0.9, 0.2, 0.8, 0.65, 0.35];
        var joint = ConfidentJoint.Of(labels, probabilities, 2);
        joint.Thresholds[0].ShouldBe(0.6, 1e-12);
        joint.Thresholds[1].ShouldBe(2.05 / 3, 1e-12);
        joint.Counts.Cast<int>().ShouldBe([2, 1, 1, 2]);
        joint.Joint.Cast<double>().Sum().ShouldBe(1, 1e-12);
        joint.NoiseRate.ShouldBe(1 / 3.0, 1e-12);
        joint.NoiseMatrix().Cast<double>().ShouldBe([2 / 3.0, 1 / 3.0, 1 / 3.0, 2 / 3.0], 1e-12);
    }

    [Fact]
    public void Flipped_digits_come_first() => Precision("digits", "target").ShouldBeGreaterThanOrEqualTo(0.95);

    [Fact]
    [Trait("Speed", "slow")]
    public void Flipped_genres_of_films_come_first() => Precision("movie-plots", "genre", "genres").ShouldBeGreaterThanOrEqualTo(0.7);

    /// <summary>The answer itself is uncertain here, so that the true minority of plain rows is in the way: models taught the true labels do no better.</summary>
    [Fact]
    [Trait("Speed", "slow")]
    public void Flipped_incomes_come_early() => Precision("adult", "income").ShouldBeGreaterThanOrEqualTo(0.72);

    [Fact]
    public void Swapped_numbers_come_first()
    {
        var table = MadeTables.Priced(3, 2000, noise: 0.2);
        var subject = TableSubject.Of(table, "price");
        var values = (double[])subject.Target!.Values.Clone();
        var wrong = table.Some(5, 0.04);
        Array.ForEach(wrong, row => values[row] = 400_000 - values[row]);
        var issues = LabelAudit.Of(subject.Train, [.. subject.Features], Target.Regression(values), new CheckContext());
        var far = wrong.Where(row => Math.Abs(values[row] - subject.Target.Values[row]) > 100_000).ToArray();
        issues.Ranked.Take(wrong.Length).Count(far.Contains).ShouldBeGreaterThan(far.Length * 8 / 10);
    }

    private static double Precision(string set, string target, params string[] drop)
    {
        var subject = TableSubject.Of(MadeTables.Shared(set, "train"), target, new TableOptions { Drop = drop });
        var (y, random) = (subject.Target!, new Random(1));
        var flipped = y.Labels.Select(_ => random.NextDouble() < 0.08).ToArray();
        var noisy = Target.Classification([.. y.Labels.Select((label, i) => flipped[i] ? (label + 1 + random.Next(y.Classes.Length - 1)) % y.Classes.Length : label)], y.Classes);
        var issues = LabelAudit.Of(subject.Train.Take(subject.Labelled), [.. subject.Features], noisy, new CheckContext { Threads = 2 });
        double[] scores = [.. issues.Confidence.SelectMany(confidence => new[] { 0, -confidence })];
        return Metrics.Find("average_precision").Compute(Target.Classification([.. flipped.Select(wrong => wrong ? 1 : 0)], ["kept", "flipped"]), new Predictions(TaskKind.Binary, 2, scores));
    }
}
