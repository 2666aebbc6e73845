using Roux.Learning.Data;
using Roux.Learning.Features;
using Shouldly;
using Xunit;

namespace Roux.Learning.Tests.Features;

public sealed class DateFeaturizerTests
{
    private static readonly DateTime[] Days = [new(1970, 1, 2), new(2024, 2, 29), new(1999, 12, 31), new(2023, 7, 2)];

    [Fact]
    public void Trees_get_the_parts_of_a_date()
    {
        var (featurizer, x) = Tables.Fit(Dates([.. Days, null]), ColumnRole.Date, FeatureForm.Trees);
        x.Names().ShouldBe(["d@days", "d@year", "d@month", "d@day", "d@weekday", "d@day-of-year"]);
        x.ToDense().AsSpan(0, 18).ToArray().ShouldBe([1, 1970, 1, 2, 5, 2, 19782, 2024, 2, 29, 4, 60, 10956, 1999, 12, 31, 5, 365]);
        x.ToDense()[24..].ShouldAllBe(value => float.IsNaN(value));
        featurizer.Transform(TextColumn.From("d", ["2024-02-29", "not a date"])).At(0, "d@day-of-year").ShouldBe(60);
    }

    [Fact]
    public void The_hour_is_a_feature_when_there_are_hours()
    {
        var (_, x) = Tables.Fit(Dates([new DateTime(2020, 1, 1, 6, 30, 0), new DateTime(2020, 1, 1, 18, 0, 0)]), ColumnRole.Date, FeatureForm.Trees);
        x.Names().ShouldBe(["d@days", "d@hour"]);
        x.At(0, "d@hour").ShouldBe(6.5f);
    }

    [Fact]
    public void Other_models_get_circles()
    {
        var (featurizer, x) = Tables.Fit(Dates([.. Days, null]), ColumnRole.Date, FeatureForm.Linear);
        x.Names().ShouldBe(["d@days", "d@year-sin", "d@year-cos", "d@week-sin", "d@week-cos", "d=(missing)"]);
        x.At(0, "d@year-cos").ShouldBe((float)Math.Cos(Math.Tau / 366), 1e-6);
        x.At(2, "d@year-cos").ShouldBe((float)Math.Cos(Math.Tau * 364 / 366), 1e-6);
        x.At(4, "d@year-cos").ShouldBe(0);
        x.At(4, "d=(missing)").ShouldBe(1);
        Enumerable.Range(0, 4).Average(row => (double)x.At(row, "d@days")).ShouldBe(0, 1e-6); // standardised over the known dates
        featurizer.Transform(Dates([new DateTime(2100, 6, 1)])).At(0, "d=(missing)").ShouldBe(0);
    }

    [Fact]
    public void Nothing_is_negative_where_it_must_not_be()
    {
        var (featurizer, x) = Tables.Fit(Dates([.. Days, null]), ColumnRole.Date, Tables.MinMax);
        x.ToDense().ShouldAllBe(value => value >= 0 && value <= 1);
        featurizer.Transform(Dates([new DateTime(1, 1, 1), new DateTime(9999, 12, 31)])).ToDense().ShouldAllBe(value => value >= 0 && value <= 1);
    }

    private static DateColumn Dates(params DateTime?[] days) => new("d", [.. days.Select(day => day?.Ticks ?? DateColumn.Missing)]);
}
