using System.Text;
using Roux.Learning.Data;
using Roux.Learning.Evaluation.Stored;
using Shouldly;
using Xunit;

namespace Roux.Learning.Tests.Evaluation;

/// <summary>Predictions come back as they were stored, and those of others are understood.</summary>
public sealed class StoredPredictionsTests
{
    private static readonly string[] Hostile = ["=cmd()", "a,b \"c\"\nd", "plain"];

    [Fact]
    public void Classes_come_back_whatever_they_are_called()
    {
        var y = Target.Classification([0, 1, 2, 1], Hostile);
        var p = new Predictions(TaskKind.Multiclass, 3, [0.7, 0.2, 0.1, 0.2, 0.5, 0.3, 0.4, 0.35, 0.25, 0, 1, 0]);
        var stored = RoundTrip(y, p, [4, 0, 9, 2]);
        stored.Rows.ShouldBe(["5", "1", "10", "3"]);
        stored.Target.Classes.ShouldBe(Hostile);
        stored.Target.Labels.ShouldBe(y.Labels);
        stored.Decided.ShouldBe([0, 1, 0, 1]);
        stored.HasProbabilities.ShouldBeTrue();
        stored.Predictions.Values.ShouldBe(p.Values);
        Enumerable.Range(0, 4).Select(stored.IsRight).ShouldBe([true, true, false, true]);
        stored.Confidence(2).ShouldBe(0.4);
    }

    [Fact]
    public void Numbers_and_labels_come_back()
    {
        var numbers = RoundTrip(Target.Regression([1.25, -3e300, 0.1]), new Predictions(TaskKind.Regression, 1, [1, 2, 0.30000000000000004]), [0, 1, 2]);
        numbers.Target.Values.ShouldBe([1.25, -3e300, 0.1]);
        numbers.Predictions.Values.ShouldBe([1, 2, 0.30000000000000004]);

        var labels = RoundTrip(Target.Multilabel([true, false, false, false, true, true], ["x", "y"]), new Predictions(TaskKind.Multilabel, 2, [0.9, 0.1, 0.2, 0.3, 0.4, 0.8]), [0, 1, 2]);
        labels.Count.ShouldBe(3, "a row without labels is a row");
        Enumerable.Range(0, 3).Select(labels.IsRight).ShouldBe([true, true, false]);
    }

    [Fact]
    public void A_file_of_another_program_is_understood()
    {
        var text = "\uFEFFid,y_true,y_pred,note\nr1,cat,cat,x\nr2,dog,cat,\"a\nb\"\nr2,dog,dog,again\nr3,,cat,no answer\n";
        var stored = Read(text, null);
        stored.Rows.ShouldBe(["r1", "r2"]);
        stored.HasProbabilities.ShouldBeFalse();
        Enumerable.Range(0, 2).Select(stored.IsRight).ShouldBe([true, false]);
        Read("actual,prediction\n1.5,1.4\n2.5,2.4\n", null).Target.Task.ShouldBe(TaskKind.Regression);
    }

    [Theory]
    [InlineData("")]
    [InlineData("a,b\n1,2\n")]
    [InlineData("actual,prediction\n,\n")]
    public void What_is_no_such_file_is_said_to_be_none(string text) => Should.Throw<DataException>(() => Read(text, null)).Message.ShouldStartWith("p.csv: ");

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("{\"task\": 3}")]
    [InlineData("{\"task\": \"binary\", \"classes\": [[1]]}")]
    [InlineData("{\"task\": \"17\"}")]
    public void A_manifest_that_is_none_is_none(string text) => PredictionsManifest.TryRead(text).ShouldBeNull();

    [Fact]
    public void Predictions_of_folds_are_read_by_their_rows_the_first_of_repeats_counting()
    {
        var manifest = new PredictionsManifest(TaskKind.Binary, "y", ["no", "yes"], "d.csv", "abc", 4, 4);
        var rows = FoldRows.Read(Stream("row,fold,actual\n7,0,yes\n3,0,no\n9,1,no\n7,2,yes\n"), manifest);
        double[] outputs = [0.2, 0.8, 0.4, 0.6, 0.9, 0.1, 0.7, 0.3];
        var stored = rows.Of(new MemoryStream(outputs.SelectMany(BitConverter.GetBytes).ToArray()));
        stored.Rows.ShouldBe(["7", "3", "9"]);
        Enumerable.Range(0, 3).Select(stored.IsRight).ShouldBe([true, false, true]);
        stored.Confidence(0).ShouldBe(0.8);
        Should.Throw<DataException>(() => rows.Of(new MemoryStream(new byte[24]))).Message.ShouldContain("shorter");
    }

    [Fact]
    public void Of_very_many_rows_a_file_keeps_as_many_as_fit_from_first_to_last()
    {
        var kept = PredictionsWriter.Kept(1_000_000, 37);
        kept.Length.ShouldBe(PredictionsWriter.MostCells / 40);
        kept.ShouldBeUnique();
        kept[0].ShouldBe(0);
        kept[^1].ShouldBeInRange(999_900, 999_999);
        PredictionsWriter.Kept(10, 2).ShouldBe(Enumerable.Range(0, 10));
    }

    private static StoredPredictions RoundTrip(Target y, Predictions p, int[] rows)
    {
        var writer = new StringWriter();
        PredictionsWriter.Write(writer, PredictionsWriter.Kept(y.Count, y.Width), rows, y, p);
        var manifest = new PredictionsManifest(y.Task, "y", y.Classes, "d.csv", "abc", y.Count, y.Count);
        return Read(writer.ToString(), PredictionsManifest.TryRead(manifest.ToJson().ToJsonString()).ShouldNotBeNull());
    }

    private static StoredPredictions Read(string text, PredictionsManifest? manifest) => PredictionsReader.Read(Stream(text), "p.csv", manifest, TestContext.Current.CancellationToken);

    private static MemoryStream Stream(string text) => new(Encoding.UTF8.GetBytes(text));
}
