using Roux.Learning.Data;
using Roux.Learning.Existing;
using Roux.Learning.Tests.Data;
using Shouldly;
using Xunit;

namespace Roux.Learning.Tests.Existing;

public sealed class PredictionsByKeyTests : IDisposable
{
    private static readonly string[] Kinds = ["a", "b", "c"];
    private readonly TemporaryFolder folder = new();

    private static Table Rows { get; } = new("rows", [new NumberColumn("id", [3, 1, 2, 5], ColumnType.Integer), new NumberColumn("x", [0, 0, 0, 0])]);

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("id,prediction\n1,b\n2,c\n3,a\n4,a\n5,a\n", null)]
    [InlineData("verdict,id\nb,1\nc,2\na,3\na,5\n", null)]
    [InlineData("id,old,new\n1,a,b\n2,a,c\n3,c,a\n5,b,a\n", "new")]
    [InlineData("id,p_a,p_b,p_c\n1,0.1,0.8,0.1\n2,0,0.4,0.6\n3,0.5,0.25,0.25\n5,1,0,0\n", null)]
    [InlineData("id,prediction,p_a,p_b,p_c\n1,a,0.1,0.8,0.1\n2,a,0,0.4,0.6\n3,b,0.5,0.25,0.25\n5,b,1,0,0\n", null)]
    public void Predictions_are_joined_by_the_key_in_any_order(string csv, string? column) =>
        Ask(csv, Kinds, new ExistingOptions { Source = "", KeyColumn = "id", Column = column }).Predictions.Labels().ShouldBe([0, 1, 2, 0]);

    [Fact]
    public void One_column_of_probabilities_is_enough_for_two_classes()
    {
        double[] expected = [0.5, 0.5, 0.75, 0.25, 0, 1, 0.9, 0.1];
        Ask("id,p_yes\n1,0.25\n2,1\n3,0.5\n5,0.1\n", ["no", "yes"], Joined).Predictions.Values.ShouldBe(expected, 1e-12);
        Ask("id,score\n1,0.25\n2,1\n3,0.5\n5,0.1\n", ["no", "yes"], Joined).Predictions.Values.ShouldBe(expected, 1e-12);
    }

    [Fact]
    public void Numbers_of_a_regression_are_read()
    {
        var path = folder.Write("p.csv", "id,prediction\n1,2.5\n2,-1\n3,1e3\n5,0\n");
        using var system = ExistingSystem.Open(Joined with { Source = path }, TimeProvider.System);
        system.Answer(Rows, TaskKind.Regression, [], CancellationToken.None).Predictions.Values.ShouldBe([1000, 2.5, -1, 0]);
    }

    [Theory]
    [InlineData("id,prediction\n1,b\n2,c\n3,a\n", "1 of 4 rows have no prediction (id 5)")]
    [InlineData("id,prediction\n1,b\n2,c\n3,a\n5,\n", "1 of 4 rows have no prediction (id 5)")]
    [InlineData("id,prediction\n1,b\n1,c\n2,a\n3,a\n5,a\n", "1 key occurs more than once in the file of predictions (id 1)")]
    [InlineData("key,prediction\n1,b\n", "--key 'id': no such column")]
    [InlineData("id,prediction\n11,b\n12,c\n", "none of its keys occurs in the data: 'id' is 3, 1, 2, … in the data and 11, 12, … in the file")]
    [InlineData("id,prediction\n1,z\n2,c\n3,z\n5,a\n", "unknown labels 'z' (2 rows). Classes of the target: a, b, c")]
    [InlineData("id,old,new\n1,a,b\n2,a,c\n3,a,a\n5,a,a\n", "which column holds the predictions?")]
    [InlineData("id,p_a,p_b\n1,1,0\n2,1,0\n3,1,0\n5,1,0\n", "p_c missing")]
    [InlineData("id,p_a,p_b,p_c\n1,1,1,0\n2,1,0,0\n3,1,0,0\n5,1,0,0\n", "id 1 sum to 2")]
    public void What_does_not_fit_is_refused(string csv, string says) =>
        Should.Throw<DataException>(() => Ask(csv, Kinds, Joined)).Message.ShouldContain(says);

    [Fact]
    public void Rows_without_a_prediction_are_scored_as_told()
    {
        var answers = Ask("id,prediction\n1,b\n2,z\n3,a\n", Kinds, Joined with { Default = "c" });
        answers.Predictions.Labels().ShouldBe([0, 1, 2, 2]);
        (answers.Missing, answers.Unknown).ShouldBe((1, 1));
        Should.Throw<DataException>(() => Ask("id,prediction\n1,b\n2,c\n3,a\n5,a\n", Kinds, Joined with { Default = "cc" })).Message.ShouldContain("did you mean 'c'");
    }

    [Fact]
    public void A_key_must_name_one_row()
    {
        var twice = new Table("rows", [new NumberColumn("id", [1, 1, 2], ColumnType.Integer)]);
        var path = folder.Write("p.csv", "id,prediction\n1,a\n2,b\n");
        using var system = ExistingSystem.Open(Joined with { Source = path }, TimeProvider.System);
        Should.Throw<DataException>(() => system.Answer(twice, TaskKind.Multiclass, Kinds, CancellationToken.None)).Message.ShouldContain("more than once in the data (id 1)");
        Should.Throw<DataException>(() => ExistingSystem.Open(new ExistingOptions { Source = path }, TimeProvider.System)).Message.ShouldContain("--key COL");
        Should.Throw<DataException>(() => ExistingSystem.Open(Joined with { Source = path + "x" }, TimeProvider.System)).Message.ShouldContain("no such file");
    }

    private static ExistingOptions Joined => new() { Source = "", KeyColumn = "id" };

    private ExistingAnswers Ask(string csv, string[] classes, ExistingOptions options)
    {
        using var system = ExistingSystem.Open(options with { Source = folder.Write("p.csv", csv) }, TimeProvider.System);
        return system.Answer(Rows, classes.Length == 2 ? TaskKind.Binary : TaskKind.Multiclass, classes, CancellationToken.None);
    }
}
