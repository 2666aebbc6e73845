using Roux.Learning.Data;
using Roux.Learning.Evaluation.Annotations;
using Shouldly;
using Xunit;

namespace Roux.Learning.Tests.Evaluation.Annotations;

public sealed class AnnotationReaderTests
{
    [Fact]
    public void Columns_of_one_table_are_read()
    {
        var table = Of(("id", ["p", "q", "r", "s"]), ("ann", ["cat", null, "dog", null]), ("bob", ["cat", "dog", "cat", null]));
        var set = AnnotationReader.Read(table, new AnnotationColumns { Annotators = ["ann", "bob"], Item = "id" });
        set.Items.ShouldBe(["p", "q", "r"]);
        set.Rows.ShouldBe([0, 1, 2]);
        set.Classes.ShouldBe(["cat", "dog"]);
        set.Ratings.ShouldBe([0, 0, double.NaN, 1, 1, 0]);
        set.Count.ShouldBe(5);
        AnnotationReader.Read(table, new AnnotationColumns { Annotators = ["ann", "bob"] }).Items.ShouldBe(["1", "2", "3"]);
    }

    [Fact]
    public void A_long_table_is_read_in_any_order()
    {
        var table = Of(("worker", ["b", "a", "b", "a"]), ("item", ["2", "1", "1", "2"]), ("label", ["yes", "no", "no", "no"]));
        var set = AnnotationReader.Read(table, new AnnotationColumns());
        set.Annotators.ShouldBe(["a", "b"]);
        set.Items.ShouldBe(["2", "1"]);
        set.Classes.ShouldBe(["no", "yes"]);
        set.Ratings.ShouldBe([0, 1, 0, 0]);
    }

    [Fact]
    public void Numbers_that_are_no_codes_are_numbers()
    {
        var table = Of(("item", ["1", "1", "2", "2"]), ("rater", ["a", "b", "a", "b"]), ("rating", ["1.5", "2", "3", "3"]));
        AnnotationReader.Read(table, new AnnotationColumns()).IsNumeric.ShouldBeTrue();
        AnnotationReader.Read(table, new AnnotationColumns { Numeric = false }).Classes.ShouldBe(["1.5", "2", "3"]);
    }

    [Theory]
    [InlineData("dgo", "did you mean 'dog'")]
    [InlineData("zebra", "Labels: cat, dog")]
    public void A_label_outside_the_set_is_named_with_the_nearest(string label, string expected)
    {
        var table = Of(("item", ["1", "1"]), ("annotator", ["a", "b"]), ("label", ["cat", label]));
        var error = Should.Throw<DataException>(() => AnnotationReader.Read(table, new AnnotationColumns { Labels = ["cat", "dog"] }));
        error.Message.ShouldContain($"row 2, annotator 'b': label '{label}'");
        error.Message.ShouldContain(expected);
    }

    [Fact]
    public void Labelling_twice_names_both_rows()
    {
        var table = Of(("item", ["1", "1", "1"]), ("annotator", ["a", "b", "a"]), ("label", ["cat", "cat", "dog"]));
        Should.Throw<DataException>(() => AnnotationReader.Read(table, new AnnotationColumns())).Message.ShouldContain("'a' labels item '1' twice, in row 1 ('cat') and row 3 ('dog')");
        var wide = Of(("id", ["1", "1"]), ("a", ["x", "y"]), ("b", ["x", "y"]));
        Should.Throw<DataException>(() => AnnotationReader.Read(wide, new AnnotationColumns { Annotators = ["a", "b"], Item = "id" })).Message.ShouldContain("stands in rows 1 and 2");
    }

    [Fact]
    public void Too_few_annotators_or_no_overlap_are_refused()
    {
        var alone = Of(("item", ["1", "2"]), ("annotator", ["a", "a"]), ("label", ["cat", "dog"]));
        Should.Throw<DataException>(() => AnnotationReader.Read(alone, new AnnotationColumns())).Message.ShouldContain("only 'a' labels anything");
        var apart = Of(("item", ["1", "2"]), ("annotator", ["a", "b"]), ("label", ["cat", "dog"]));
        Should.Throw<DataException>(() => AnnotationReader.Read(apart, new AnnotationColumns())).Message.ShouldContain("no item is labelled by two annotators");
        var none = Of(("item", ["1"]), ("annotator", ["a"]), ("label", [null]));
        Should.Throw<DataException>(() => AnnotationReader.Read(none, new AnnotationColumns())).Message.ShouldContain("there are none");
    }

    [Fact]
    public void Columns_that_are_not_there_are_named_with_the_nearest()
    {
        var table = Of(("id", ["1"]), ("ann", ["x"]), ("bob", ["x"]), ("text", ["y"]));
        Should.Throw<DataException>(() => AnnotationReader.Read(table, new AnnotationColumns { Annotators = ["anna", "bob"] })).Message.ShouldContain("did you mean 'ann'?");
        Should.Throw<DataException>(() => AnnotationReader.Read(table, new AnnotationColumns())).Message.ShouldContain("name it with --annotator");
    }

    [Fact]
    public void One_label_only_is_nothing_to_agree_on()
    {
        var table = Of(("item", ["1", "1"]), ("annotator", ["a", "b"]), ("label", ["cat", "cat"]));
        var set = AnnotationReader.Read(table, new AnnotationColumns());
        Should.Throw<DataException>(() => AnnotationStudy.Of(set)).Message.ShouldContain("--labels");
    }

    private static Table Of(params (string Name, string?[] Values)[] columns) =>
        new("notes.csv", [.. columns.Select(column => TextColumn.From(column.Name, column.Values))]);
}
