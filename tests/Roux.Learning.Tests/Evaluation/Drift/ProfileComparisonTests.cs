using Roux.Learning.Data;
using Roux.Learning.Evaluation.Drift;
using Shouldly;
using Xunit;

namespace Roux.Learning.Tests.Evaluation.Drift;

/// <summary>Profiles that are kept with data sets, and what two of them say about a change.</summary>
public sealed class ProfileComparisonTests
{
    [Fact]
    public void The_same_data_drawn_again_is_stable_and_a_moved_column_is_named()
    {
        var before = Profile(1, 5_000, 0, 0.5);
        var again = ProfileComparison.Of(before, Profile(2, 5_000, 0, 0.5));
        again.ShouldAllBe(column => column.Verdict == DriftVerdict.Stable || column.Verdict == DriftVerdict.NotCompared);

        var moved = ProfileComparison.Of(before, Profile(3, 5_000, 1, 0.8)).ToDictionary(column => column.Name);
        moved["price"].Verdict.ShouldBe(DriftVerdict.Shifted);
        moved["price"].Gap.ShouldBe(0.38, 0.06); // of two normals a standard deviation apart: 2 Φ(1/2) − 1
        moved["kind"].Verdict.ShouldBe(DriftVerdict.Shifted);
        moved["count"].Verdict.ShouldBe(DriftVerdict.Stable);
    }

    [Fact]
    public void Few_rows_are_not_called_a_move()
    {
        var drift = ProfileComparison.Of(Profile(1, 40, 0, 0.5), Profile(2, 30, 0, 0.5));
        drift.ShouldNotContain(column => column.Verdict == DriftVerdict.Shifted || column.Verdict == DriftVerdict.Moved);
    }

    [Fact]
    public void Columns_that_come_go_or_change_their_type_and_missing_values_are_told()
    {
        var before = Of(new NumberColumn("a", [.. Enumerable.Range(0, 1000).Select(i => (double)i)]), new NumberColumn("b", [.. Enumerable.Range(0, 1000).Select(i => (double)i)]), new NumberColumn("gone", new double[1000]));
        var after = Of(new NumberColumn("a", [.. Enumerable.Range(0, 1000).Select(i => i % 3 == 0 ? double.NaN : i)]), TextColumn.From("b", Enumerable.Range(0, 1000).Select(i => "x" + (i % 4))), new NumberColumn("new", new double[1000]));
        var drift = ProfileComparison.Of(before, after).ToDictionary(column => column.Name);
        drift["a"].Verdict.ShouldBe(DriftVerdict.Shifted);
        drift["a"].MissingAfter.ShouldBe(0.334, 0.001);
        drift["b"].Verdict.ShouldBe(DriftVerdict.Retyped);
        drift["new"].Verdict.ShouldBe(DriftVerdict.Added);
        drift["gone"].Verdict.ShouldBe(DriftVerdict.Removed);
    }

    [Fact]
    public void A_profile_survives_its_JSON_and_wide_tables_stay_small()
    {
        var profile = Profile(4, 3_000, 0, 0.5);
        var read = CompactProfile.TryParse(profile.ToJson()).ShouldNotBeNull();
        read.Rows.ShouldBe(3_000);
        read.Columns.Select(column => column.Name).ShouldBe(["price", "kind", "count", "when", "note"]);
        read.Columns[0].Spread!.Edges.Count.ShouldBe(21);
        read.Columns[2].Spread!.IsExact.ShouldBeTrue();
        read.Columns[4].Top.ShouldBeEmpty();
        ProfileComparison.Of(profile, read).Where(column => column.Verdict != DriftVerdict.NotCompared).ShouldAllBe(column => column.Stability < 1e-3);

        var random = new Random(5);
        var wide = Of([.. Enumerable.Range(0, 1500).Select(i => (Column)new NumberColumn("a column with a long name " + i, [.. Enumerable.Range(0, 100).Select(_ => random.NextDouble())]))]);
        var json = wide.ToJson();
        System.Text.Encoding.UTF8.GetByteCount(json).ShouldBeLessThanOrEqualTo(CompactProfile.MostBytes);
        var cut = CompactProfile.TryParse(json)!;
        (cut.Columns.Count + cut.LeftOut).ShouldBe(1500);
        ProfileComparison.Of(wide, cut).ShouldNotContain(column => column.Verdict == DriftVerdict.Removed);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("""{"num_rows": 3, "num_elements": 9}""")]
    [InlineData("""{"roux_profile": 1}""")]
    [InlineData("""{"roux_profile": 1, "num_rows": "many", "sampled_rows": 0, "left_out": 0, "columns": []}""")]
    [InlineData("""{"roux_profile": 1, "num_rows": 1, "sampled_rows": 1, "left_out": 0, "columns": [{"name": "a", "missing": 0, "distinct": 1, "spread": {"exact": true, "edges": [2, 1], "shares": [0.5, 1]}}]}""")]
    public void Profiles_of_others_are_passed_over(string? json) => CompactProfile.TryParse(json).ShouldBeNull();

    private static CompactProfile Profile(int seed, int rows, double shift, double share)
    {
        var random = new Random(seed);
        double Normal() => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
        return Of(
            new NumberColumn("price", [.. Enumerable.Range(0, rows).Select(_ => Normal() + shift)]),
            TextColumn.From("kind", Enumerable.Range(0, rows).Select(_ => random.NextDouble() < share ? "a" : random.NextDouble() < 0.5 ? "b" : "c")),
            new NumberColumn("count", [.. Enumerable.Range(0, rows).Select(_ => (double)random.Next(5))]),
            new DateColumn("when", [.. Enumerable.Range(0, rows).Select(_ => new DateTime(2024, 1, 1, 0, 0, 0, DateTimeKind.Utc).AddMinutes(random.Next(500_000)).Ticks)]),
            TextColumn.From("note", Enumerable.Range(0, rows).Select(i => "a long remark about something that happened, number " + i)));
    }

    private static CompactProfile Of(params Column[] columns)
    {
        var table = new Table("t", columns);
        return CompactProfile.Of(table, ColumnRoles.Infer(table, null), TestContext.Current.CancellationToken);
    }
}
