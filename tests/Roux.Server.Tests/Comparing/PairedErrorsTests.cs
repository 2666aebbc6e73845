using System.Text;
using Roux.Learning.Evaluation.Stored;
using Roux.Server.Components.Evaluations;
using Shouldly;
using Xunit;

namespace Roux.Server.Tests.Comparing;

/// <summary>Errors of two models, row by row.</summary>
public sealed class PairedErrorsTests
{
    [Fact]
    public void Rows_are_joined_by_name_and_told_apart_by_what_became_of_them()
    {
        var before = Of("row,actual,prediction\n1,a,a\n2,a,b\n3,b,b\n4,b,a\n5,a,a\n");
        var after = Of("row,actual,prediction\n4,b,a\n3,b,a\n2,a,a\n1,a,a\n9,c,c\n");
        var errors = PairedErrors.Of(before, after).Errors.ShouldNotBeNull();
        errors.Count.ShouldBe(4);
        var counts = errors.Counts();
        (counts[ErrorChange.BothRight], counts[ErrorChange.Fixed], counts[ErrorChange.Broken], counts[ErrorChange.BothWrong]).ShouldBe((1, 1, 1, 1));
        errors.PValue().ShouldBe(1);
        var (was, now) = errors.Grids().ShouldNotBeNull();
        was.Classes.ShouldBe(now.Classes);
        var (a, b) = (was.Classes.ToList().IndexOf("a"), was.Classes.ToList().IndexOf("b"));
        (was.Counts[a, b], now.Counts[a, b], was.Counts[b, a], now.Counts[b, a]).ShouldBe((1, 0, 1, 2));
    }

    [Fact]
    public void Other_data_other_rows_and_other_answers_are_refused()
    {
        var one = Of("row,actual,prediction\n1,a,a\n2,a,b\n");
        PairedErrors.Of(one, one with { DataDigest = "other" }).Reason.ShouldContain("different data");
        PairedErrors.Of(one, Of("row,actual,prediction\n7,a,a\n8,b,b\n")).Reason.ShouldContain("No row");
        PairedErrors.Of(one, Of("row,actual,prediction\n1,b,a\n2,a,b\n")).Reason.ShouldContain("1 of 2 rows differ");
        PairedErrors.Of(one, Of("row,actual,prediction\n1,1.5,2\n2,2.5,1\n")).Reason.ShouldContain("different kinds");
    }

    [Fact]
    public void Of_numbers_the_nearer_one_is_told()
    {
        var before = Of("row,actual,prediction\n" + string.Join('\n', Enumerable.Range(0, 40).Select(row => $"{row},{row}.5,{row + 3}")));
        var after = Of("row,actual,prediction\n" + string.Join('\n', Enumerable.Range(0, 40).Select(row => $"{row},{row}.5,{row + 1 + (row % 5 * 0.1)}")));
        var errors = PairedErrors.Of(before, after).Errors.ShouldNotBeNull();
        errors.Counts()[ErrorChange.Fixed].ShouldBe(40);
        errors.PValue().ShouldBeLessThan(1e-6);
        errors.Grids().ShouldBeNull();
    }

    [Fact]
    public void Of_very_many_classes_the_rare_ones_share_a_row()
    {
        var text = new StringBuilder("row,actual,prediction\n");
        for (var row = 0; row < 400; row++)
        {
            text.Append(System.Globalization.CultureInfo.InvariantCulture, $"{row},c{(row < 200 ? 0 : row % 60)},c{row % 60}\n");
        }

        var grid = ConfusionGrid.Of(Of(text.ToString()).Predictions);
        grid.Size.ShouldBe(24);
        grid.Classes[^1].ShouldBe("37 others");
        Enumerable.Range(0, grid.Size).Sum(grid.Actual).ShouldBe(400);
    }

    [Theory]
    [InlineData("feature_importance_gain.json", "{\"age\": 3.5, \"<b>\": 9}", "<b>")]
    [InlineData("plots/importance.json", "{\"score\": \"share\", \"lines\": [{\"name\": \"x\", \"value\": 0.4, \"low\": null}, {\"name\": \"y\", \"value\": 0.6}]}", "y")]
    public void Importances_of_roux_and_of_autologging_are_read(string path, string text, string first) => Importances.TryRead(path, text).ShouldNotBeNull().Lines[0].Name.ShouldBe(first);

    [Theory]
    [InlineData("[1]")]
    [InlineData("{}")]
    [InlineData("{\"a\": \"b\"}")]
    [InlineData("{\"a\": {}")]
    public void What_is_no_importance_is_none(string text) => Importances.TryRead("x_importance.json", text).ShouldBeNull();

    private static RunEvaluation Of(string csv)
    {
        var stored = PredictionsReader.Read(new MemoryStream(Encoding.UTF8.GetBytes(csv)), "p.csv", null, TestContext.Current.CancellationToken);
        return new RunEvaluation("r", "r", stored, "stored predictions", "p.csv", "data", 0);
    }
}
