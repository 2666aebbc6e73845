using System.Text;
using Roux.Tracking.Notebooks;
using Roux.Tracking.Tests.Capture;
using Shouldly;
using Xunit;

namespace Roux.Tracking.Tests.Notebooks;

public class NotebookTests
{
    private const string Small = """
        {"cells": [
          {"cell_type": "markdown", "id": "a1", "metadata": {}, "source": ["# Title\n", "text ü"]},
          {"cell_type": "code", "id": "b2", "metadata": {"tags": ["x"]}, "source": "x = 1\nx", "execution_count": 3, "outputs": [{"output_type": "execute_result", "data": {"text/plain": ["1.50"]}}]}
        ], "metadata": {"kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"}}, "nbformat": 4, "nbformat_minor": 5}
        """;

    [Fact]
    public void Cells_are_read_from_both_spellings_of_a_source()
    {
        var notebook = Parse(Small);
        notebook.Language.ShouldBe("python");
        notebook.Cells.Select(c => (c.Kind, c.Id, c.Source)).ShouldBe([(CellKind.Markdown, "a1", "# Title\ntext ü"), (CellKind.Code, "b2", "x = 1\nx")]);
        notebook.Cells[1].ExecutionCount.ShouldBe(3);
    }

    [Theory]
    [InlineData("", "it is empty")]
    [InlineData("not json", "is not JSON, so no notebook")]
    [InlineData("<html>", "looks like a web page")]
    [InlineData("{\n<<<<<<< HEAD\n", "merge conflict")]
    [InlineData("version https://git-lfs.github.com/spec/v1\noid sha256:1\nsize 3\n", "git lfs pull")]
    [InlineData("[1]", "its top is not an object")]
    [InlineData("{\"a\": 1}", "no number 'nbformat'")]
    [InlineData("{\"nbformat\": \"4\"}", "no number 'nbformat'")]
    [InlineData("{\"nbformat\": 3, \"worksheets\": []}", "nbformat 3; version 4 is read")]
    [InlineData("{\"nbformat\": 5}", "nbformat 5")]
    [InlineData("{\"nbformat\": 4}", "no list 'cells'")]
    [InlineData("{\"nbformat\": 4, \"cells\": [1]}", "cell 1 is not an object")]
    [InlineData("{\"nbformat\": 4, \"cells\": [{\"cell_type\": \"heading\", \"source\": \"\"}]}", "type 'heading'")]
    [InlineData("{\"nbformat\": 4, \"cells\": [{\"cell_type\": \"code\", \"source\": 3}]}", "the source of cell 1 is no text")]
    [InlineData("{\"nbformat\": 4, \"cells\": [{\"cell_type\": \"code\", \"source\": [{}]}]}", "no notebook of nbformat 4")]
    [InlineData("{\"nbformat\": 4, \"nbformat\": 4, \"cells\": []}", "x.ipynb")]
    public void What_is_no_notebook_is_refused_with_its_reason(string text, string reason)
    {
        var message = Should.Throw<TrackingException>(() => Parse(text)).Message;
        message.ShouldContain("x.ipynb");
        message.ShouldContain(reason);
    }

    [Fact]
    public void Deep_nesting_and_a_missing_file_are_refused()
    {
        Should.Throw<TrackingException>(() => Parse("{\"nbformat\": 4, \"cells\": " + new string('[', 10_000))).Message.ShouldContain("x.ipynb");
        Should.Throw<TrackingException>(() => Notebook.Load("/nowhere/x.ipynb")).Message.ShouldContain("no such notebook");
    }

    [Fact]
    public void Stripping_changes_results_and_nothing_else_and_is_written_as_nbformat_does()
    {
        NotebookJson.Write(Parse(Small), outputs: false).ShouldBe("""
            {
             "cells": [
              {
               "cell_type": "markdown",
               "id": "a1",
               "metadata": {},
               "source": [
                "# Title\n",
                "text ü"
               ]
              },
              {
               "cell_type": "code",
               "execution_count": null,
               "id": "b2",
               "metadata": {
                "tags": [
                 "x"
                ]
               },
               "outputs": [],
               "source": [
                "x = 1\n",
                "x"
               ]
              }
             ],
             "metadata": {
              "kernelspec": {
               "display_name": "Python 3",
               "language": "python",
               "name": "python3"
              }
             },
             "nbformat": 4,
             "nbformat_minor": 5
            }

            """);
        var kept = NotebookJson.Write(Parse(Small));
        kept.ShouldContain("1.50");
        NotebookJson.Write(Parse(kept)).ShouldBe(kept);
    }

    [Theory]
    [InlineData("1 2 3", "")]
    [InlineData("- - -", "")]
    [InlineData("", "")]
    [InlineData("1 3 2", "cell 3 ran before a cell above; cell 2 follows a gap")]
    [InlineData("1 2 4", "cell 3 follows a gap")]
    [InlineData("5 6", "cell 1 follows a gap")]
    [InlineData("1 - 2", "cell 2 was not run")]
    [InlineData("2 1", "cell 2 ran before a cell above; cell 1 follows a gap")]
    public void The_order_of_cells_is_judged_by_their_numbers(string counts, string expected)
    {
        var cells = counts.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(c => new NotebookCell(CellKind.Code, "x") { ExecutionCount = c == "-" ? null : long.Parse(c, System.Globalization.CultureInfo.InvariantCulture) });
        var order = CellOrder.Of(new Notebook { Cells = [.. cells, new NotebookCell(CellKind.Code, " \n")] });
        order.IsTopToBottom.ShouldBe(expected.Length == 0);
        order.Describe().ShouldStartWith(expected);
    }

    [Fact]
    public void A_dib_is_read()
    {
        using var folder = new TemporaryFolder();
        var path = folder.Write("x.dib", "#!meta\n\n{\"kernelInfo\":{\"defaultKernelName\":\"csharp\",\"items\":[{\"name\":\"duck\"}]}}\n\n#!markdown\n\n# Title\n\n#!csharp\n\nvar x = 1;\n#!time\nx\n\n#!duck\n\nselect 1\n");
        var notebook = Notebook.Load(path);
        notebook.Language.ShouldBe("csharp");
        notebook.Cells.Select(c => (c.Kind, c.Language, c.Source)).ShouldBe([(CellKind.Markdown, null, "# Title"), (CellKind.Code, null, "var x = 1;\n#!time\nx"), (CellKind.Code, "duck", "select 1")]);
        Should.Throw<TrackingException>(() => Notebook.Load(folder.Write("y.dib", "#!meta\n{broken\n#!csharp\n1"))).Message.ShouldContain("#!meta");
        Notebook.Load(folder.Write("z.dib", "var y = 2;\n")).Cells.ShouldHaveSingleItem().Source.ShouldBe("var y = 2;");
    }

    private static Notebook Parse(string text) => Notebook.Parse(Encoding.UTF8.GetBytes(text), "x.ipynb");
}
