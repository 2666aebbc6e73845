using Roux.Learning.Data;
using Roux.Learning.Existing;
using Roux.Learning.Tests.Data;
using Shouldly;
using Xunit;

namespace Roux.Learning.Tests.Existing;

public sealed class OnnxSystemTests : IDisposable
{
    private static readonly string[] Kinds = ["rose", "tulip", "violet"];
    private readonly TemporaryFolder folder = new();

    private static Table Flowers { get; } = new("flowers",
    [
        new NumberColumn("length", [3, -2, 0, 5, 1, 2, 0]),
        new NumberColumn("width", [0, 1, 4, -1, 0.75, 3, -5]),
        new NumberColumn("count", [1, 2, 3, 4, 5, 6, 7], ColumnType.Integer),
        TextColumn.From("petal colour", ["rose", "violet", "tulip", "rose", "rose", "tulip", "violet"]),
    ]);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => folder.Dispose();

    [Fact]
    public void A_matrix_in_a_stated_order_gives_probabilities()
    {
        // The second class scores the width, the first the length: the order of the columns matters.
        var model = OnnxFile.Linear([1, 0, 0, 0, 1, 0], [0, 0, 0.5f], 2).Output("probabilities", OnnxFile.Float, -1, 3);
        var answers = Ask(model, TaskKind.Multiclass, Kinds, new ExistingOptions { Source = "", Inputs = ["length", "width"], Batch = 3 });
        answers.Predictions.Labels().ShouldBe([0, 1, 1, 0, 0, 1, 2]);
        var scores = new[] { Math.Exp(3), Math.Exp(0), Math.Exp(0.5) };
        answers.Predictions.Row(0).ToArray().ShouldBe([.. scores.Select(score => score / scores.Sum())], 1e-6);
        answers.LabelsOnly.ShouldBeFalse();
        answers.Latency!.Requests.Count.ShouldBe(3);
        answers.Latency.Rows.Count.ShouldBe(7);
        answers.Latency.Single.ShouldNotBeNull();
        Ask(model, TaskKind.Multiclass, Kinds, new ExistingOptions { Source = "", Inputs = ["width", "length"] }).Predictions.Labels().ShouldBe([1, 0, 0, 1, 1, 0, 2]);
    }

    [Fact]
    public void Classes_can_be_given_in_the_models_own_order()
    {
        var model = OnnxFile.Linear([1, 0, 0, 0, 1, 0], [0, 0, 0.5f], 2).Output("probabilities", OnnxFile.Float, -1, 3);
        Ask(model, TaskKind.Multiclass, Kinds, new ExistingOptions { Source = "", Inputs = ["length", "width"], Classes = ["violet", "rose", "tulip"] })
            .Predictions.Labels().ShouldBe([2, 0, 0, 2, 2, 0, 1]);
    }

    [Fact]
    public void The_maps_of_scikit_learn_are_read_by_name()
    {
        var model = OnnxFile.Linear([1, 0, 0, 0, 1, 0], [0, 0, 0.5f], 2, "p")
            .Node("ArgMax", ["p"], "label", ("axis", 1), ("keepdims", 0))
            .Node("ai.onnx.ml", "ZipMap", ["p"], "output_probability", ("classlabels_strings", (string[])["tulip", "violet", "rose"]))
            .Output("label", OnnxFile.Int64, -1).MapsOutput("output_probability");
        var answers = Ask(model, TaskKind.Multiclass, Kinds, new ExistingOptions { Source = "", Inputs = ["length", "width"], Batch = 4 });
        answers.Predictions.Labels().ShouldBe([1, 2, 2, 1, 1, 2, 0]);
        Enumerable.Range(0, 7).ShouldAllBe(row => Math.Abs(answers.Predictions.Row(row).ToArray().Sum() - 1) < 1e-9);
    }

    [Fact]
    public void Numbers_of_classes_need_their_names()
    {
        var model = OnnxFile.Linear([1, 0, 0, 0, 1, 0], [0, 0, 0.5f], 2, "p").Node("ArgMax", ["p"], "label", ("axis", 1), ("keepdims", 0)).Output("label", OnnxFile.Int64, -1);
        var options = new ExistingOptions { Source = "", Inputs = ["length", "width"] };
        Should.Throw<DataException>(() => Ask(model, TaskKind.Multiclass, Kinds, options)).Message.ShouldContain("--existing-classes");
        var answers = Ask(model, TaskKind.Multiclass, Kinds, options with { Classes = ["tulip", "rose", "violet"] });
        answers.Predictions.Labels().ShouldBe([1, 0, 0, 1, 1, 0, 2]);
        answers.LabelsOnly.ShouldBeTrue();
    }

    [Fact]
    public void Inputs_are_found_by_the_names_of_columns_in_their_types()
    {
        // Converters write "petal colour" as petal_colour; the answer is the colour itself.
        var model = new OnnxFile().Input("petal_colour", OnnxFile.Text, -1, 1).Input("count", OnnxFile.Int64, -1, 1)
            .Node("Identity", ["petal_colour"], "label").Node("Identity", ["count"], "other")
            .Output("label", OnnxFile.Text, -1, 1).Output("other", OnnxFile.Int64, -1, 1);
        Ask(model, TaskKind.Multiclass, Kinds, new ExistingOptions { Source = "", Column = "label" }).Predictions.Labels().ShouldBe([0, 2, 1, 0, 0, 1, 2]);
    }

    [Fact]
    public void A_number_per_row_answers_a_regression()
    {
        var model = new OnnxFile().Input("length", OnnxFile.Float, -1, 1).Input("width", OnnxFile.Float, -1, 1).Node("Sub", ["length", "width"], "y").Output("y", OnnxFile.Float, -1, 1);
        Ask(model, TaskKind.Regression, [], new ExistingOptions { Source = "" }).Predictions.Values.ShouldBe([3, -3, -4, 6, 0.25, -1, 5]);
    }

    [Fact]
    public void A_model_for_a_fixed_number_of_rows_is_given_that_many()
    {
        var model = new OnnxFile().Input("length", OnnxFile.Float, 4, 1).Node("Neg", ["length"], "y").Output("y", OnnxFile.Float, 4, 1);
        Ask(model, TaskKind.Regression, [], new ExistingOptions { Source = "" }).Predictions.Values.ShouldBe([-3, 2, 0, -5, -1, -2, 0]);
    }

    [Fact]
    public void What_does_not_fit_is_told_with_what_was_wanted_and_what_there_is()
    {
        var matrix = OnnxFile.Linear([1, 0, 0, 0, 1, 0], [0, 0, 0.5f], 2).Output("probabilities", OnnxFile.Float, -1, 3);
        var options = new ExistingOptions { Source = "" };
        Message(matrix, Kinds, options).ShouldSatisfyAllConditions(text => text.ShouldContain("'X' float[rows, 2]"), text => text.ShouldContain("--existing-inputs"), text => text.ShouldContain("length, width, count"));
        Message(matrix, Kinds, options with { Inputs = ["length", "width", "count"] }).ShouldContain("2 columns; --existing-inputs gives 3");
        Message(matrix, Kinds, options with { Inputs = ["length", "petal colour"] }).ShouldContain("'petal colour' is text");
        Message(matrix, Kinds, options with { Inputs = ["lenght", "width"] }).ShouldContain("did you mean 'length'");
        Message(matrix, ["a", "b"], options with { Inputs = ["length", "width"] }).ShouldContain("'probabilities' float[rows, 3]");
        Message(new OnnxFile().Input("weight", OnnxFile.Float, -1, 1).Input("width", OnnxFile.Float, -1, 1).Node("Add", ["weight", "width"], "y").Output("y", OnnxFile.Float, -1, 1), Kinds, options)
            .ShouldSatisfyAllConditions(text => text.ShouldContain("'weight' is no column"), text => text.ShouldContain("'petal colour' text"));
        var path = folder.Write("broken.onnx", "this is no model"u8.ToArray());
        Should.Throw<DataException>(() => ExistingSystem.Open(options with { Source = path }, TimeProvider.System)).Message.ShouldContain("not a usable ONNX model");
    }

    [Fact]
    public void Scores_before_the_softmax_are_no_probabilities()
    {
        var model = new OnnxFile().Input("X", OnnxFile.Float, -1, 2).Constant("W", [1, 0, 0, 0, 1, 0], 2, 3).Node("MatMul", ["X", "W"], "scores").Output("scores", OnnxFile.Float, -1, 3);
        Message(model, Kinds, new ExistingOptions { Source = "", Inputs = ["length", "width"] }).ShouldContain("softmax");
    }

    private string Message(OnnxFile model, string[] classes, ExistingOptions options) => Should.Throw<DataException>(() => Ask(model, TaskKind.Multiclass, classes, options)).Message;

    private ExistingAnswers Ask(OnnxFile model, TaskKind task, string[] classes, ExistingOptions options)
    {
        var path = folder.Write("model.onnx", model.Build());
        using var system = ExistingSystem.Open(options with { Source = path }, TimeProvider.System);
        return system.Answer(Flowers, task, classes, Cancel);
    }
}
