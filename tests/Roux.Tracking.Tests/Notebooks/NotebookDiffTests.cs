using Roux.Tracking.Notebooks;
using Shouldly;
using Xunit;

namespace Roux.Tracking.Tests.Notebooks;

public class NotebookDiffTests
{
    [Fact]
    public void Equal_notebooks_do_not_differ_whatever_their_results()
    {
        var a = Of("a", "b");
        var b = new Notebook { Cells = [.. a.Cells.Select(c => c with { ExecutionCount = 5, Id = null })] };
        NotebookDiff.Of(a, b).ShouldBeEmpty();
    }

    [Fact]
    public void Edited_cells_are_found_by_id_and_by_likeness()
    {
        foreach (var ids in new[] { true, false })
        {
            var a = Of(ids, "import pandas as pd\nimport os", "df = pd.read_csv('a.csv')\ndf.head()", "x");
            var b = Of(ids, "import pandas as pd\nimport os", "df = pd.read_csv('b.csv')\ndf.head()", "x");
            var change = NotebookDiff.Of(a, b).ShouldHaveSingleItem();
            change.Kind.ShouldBe(CellChangeKind.Changed);
            (change.A, change.B).ShouldBe((2, 2));
            change.Lines.ShouldBe([new DiffLine('-', "df = pd.read_csv('a.csv')"), new DiffLine('+', "df = pd.read_csv('b.csv')"), new DiffLine(' ', "df.head()")]);
        }
    }

    [Fact]
    public void Added_removed_and_moved_cells_are_told_apart()
    {
        var changes = NotebookDiff.Of(Of("one 1", "two 2", "three 3", "gone forever"), Of("new thing", "two 2", "three 3", "one 1"));
        changes.Select(c => (c.Kind, c.A, c.B)).ShouldBe([(CellChangeKind.Added, null, 1), (CellChangeKind.Moved, 1, 4), (CellChangeKind.Removed, 4, null)]);
        NotebookDiff.Of(Of("a", "b", "c"), Of("a", "c")).Select(c => (c.Kind, c.A, c.B)).ShouldBe([(CellChangeKind.Removed, 2, (int?)null)]);
        NotebookDiff.Of(Of(), Of("x")).ShouldHaveSingleItem().Kind.ShouldBe(CellChangeKind.Added);
    }

    [Fact]
    public void A_cell_of_another_type_with_the_same_id_is_changed()
    {
        var a = new Notebook { Cells = [new NotebookCell(CellKind.Code, "x") { Id = "1" }] };
        var b = new Notebook { Cells = [new NotebookCell(CellKind.Markdown, "x") { Id = "1" }] };
        NotebookDiff.Of(a, b).ShouldHaveSingleItem().Kind.ShouldBe(CellChangeKind.Changed);
    }

    [Fact]
    public void Large_notebooks_are_compared_in_bounds()
    {
        var a = new Notebook { Cells = [.. Enumerable.Range(0, 3000).Select(i => new NotebookCell(CellKind.Code, $"a {i}"))] };
        var b = new Notebook { Cells = [.. Enumerable.Range(0, 3000).Select(i => new NotebookCell(CellKind.Code, $"b {i}"))] };
        NotebookDiff.Of(a, b).Count.ShouldBe(6000);
        var text = string.Join('\n', Enumerable.Range(0, 5000));
        NotebookDiff.Of(Of(false, text), Of(false, text.Replace('1', 'x'))).ShouldNotBeEmpty();
    }

    private static Notebook Of(params string[] sources) => Of(false, sources);

    private static Notebook Of(bool ids, params string[] sources) => new() { Cells = [.. sources.Select((s, i) => new NotebookCell(CellKind.Code, s) { Id = ids ? $"c{i}" : null })] };
}
