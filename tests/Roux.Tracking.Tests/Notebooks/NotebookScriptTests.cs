using System.Text.Json.Nodes;
using CsCheck;
using Roux.Tracking.Notebooks;
using Shouldly;
using Xunit;

namespace Roux.Tracking.Tests.Notebooks;

public class NotebookScriptTests
{
    private static readonly string[] Lines =
    [
        "", " ", "x = 1", "# %%", "%% x", "%%time", "%%", "# %% [markdown]", "# # %%", "// %%", "// // %% a", "//", "#", "# text", "!ls", "# !ls", "    !ls", "    # %%", "%matplotlib inline", "# ---", "---", "#!time", "// #!time",
        "#r \"nuget: A, 1\"", "#r \"nuget: B\"", "#:package C@1", "\t%x", "ü 🌍", "a\r", "\r", "# %%\r", "jupyter:", "- a: b", "\"\"\"",
    ];

    private static readonly string[] Settings = ["{}", """{"tags": ["a b", "c\"d"], "n": 1.5, "t": true}""", """{"id": "x", "title": "y"}""", """{"odd key": null}""", """{"metadata": {"a": 1}}""", """{"x": {"y": [1, {"z": "ü = [md] %%"}]}}"""];

    private static readonly Gen<JsonObject> Metadata = Gen.Int[0, Settings.Length - 1].Select(i => (JsonObject)JsonNode.Parse(Settings[i])!);

    private static readonly Gen<NotebookCell> Cell = Gen.Select(Gen.Enum<CellKind>(), Gen.Int[0, Lines.Length - 1].Select(i => Lines[i]).List[0, 6], Metadata, Gen.Bool.Select(b => b ? "sql" : null), (kind, lines, metadata, language) =>
        new NotebookCell(kind, string.Join('\n', lines)) { Metadata = metadata, Language = kind == CellKind.Code ? language : null });

    [Theory]
    [InlineData("python", "x.py")]
    [InlineData("csharp", "x.cs")]
    public void Whatever_stands_in_a_notebook_comes_back_from_its_script(string language, string path) =>
        Cell.List[0, 6].Sample(cells =>
        {
            var notebook = new Notebook
            {
                Cells = [.. cells.Select((c, i) => c with { Id = $"id-{i}" })],
                Metadata = (JsonObject)JsonNode.Parse($$"""{"kernelspec": {"language": "{{language}}", "name": "k: \"ü\"", "display_name": "#1"}, "language_info": {"name": "{{language}}", "version": "3.10", "n": 3}, "odd key": [1.25, null]}""")!,
            };
            var script = NotebookScript.Write(notebook);
            var back = NotebookScript.Read(script, path);
            back.Cells.Select(c => (c.Kind, c.Id, c.Source, c.Language, c.Metadata.ToJsonString())).ShouldBe(notebook.Cells.Select(c => (c.Kind, c.Id, c.Source, c.Language, c.Metadata.ToJsonString())), script);
            JsonNode.DeepEquals(back.Metadata, notebook.Metadata).ShouldBeTrue(script);
            NotebookScript.Write(back).ShouldBe(script);
        }, seed: "0000KOIXS3E1", iter: 2000);

    [Fact]
    public void The_script_reads_like_one()
    {
        var notebook = new Notebook
        {
            Cells =
            [
                new NotebookCell(CellKind.Markdown, "# Films\n\nA look.") { Id = "m1" },
                new NotebookCell(CellKind.Code, "%matplotlib inline\nimport pandas as pd") { Id = "c1", Metadata = new JsonObject { ["tags"] = new JsonArray("parameters") } },
            ],
            Metadata = (JsonObject)JsonNode.Parse("""{"kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"}}""")!,
        };
        NotebookScript.Write(notebook).ShouldBe("""
            # ---
            # jupyter:
            #   kernelspec: {"display_name": "Python 3", "language": "python", "name": "python3"}
            #   nbformat_minor: 5
            # ---

            # %% [markdown] id="m1"
            # # Films
            #
            # A look.

            # %% id="c1" tags=["parameters"]
            # %matplotlib inline
            import pandas as pd

            """);
    }

    [Fact]
    public void Scripts_of_Jupytext_and_by_hand_are_read()
    {
        var notebook = NotebookScript.Read("""
            # ---
            # jupyter:
            #   jupytext:
            #     formats: ipynb,py:percent
            #   kernelspec:
            #     display_name: Python 3 (ipykernel)
            #     language: python
            #     name: python3
            # ---
            import os

            # %% Load the data [code] tags=["a"] bad=[1
            os.getcwd()
            # %% [md]
            # text
            # %%

            x
            """, "x.py");
        notebook.Metadata["kernelspec"]!["name"]!.ToString().ShouldBe("python3");
        notebook.Cells.Select(c => (c.Kind, c.Source)).ShouldBe([(CellKind.Code, "import os"), (CellKind.Code, "os.getcwd()"), (CellKind.Markdown, "text"), (CellKind.Code, "\nx")]);
        notebook.Cells[1].Metadata["title"]!.ToString().ShouldBe("Load the data bad=[1");
        notebook.Cells.Select(c => c.Id).Distinct().Count().ShouldBe(4);
        NotebookScript.Read("print(1)\r\n# %%\r\nx\r\n", "y.py").Cells.Select(c => c.Source).ShouldBe(["print(1)", "x"]);
        NotebookScript.Read("", "y.cs").Cells.ShouldBeEmpty();
    }

    [Fact]
    public void A_CSharp_script_names_the_packages_of_its_notebook_for_dotnet_run()
    {
        var notebook = new Notebook
        {
            Cells = [new NotebookCell(CellKind.Code, "#r \"nuget: Shouldly, 4.3.0\"\n#r \"nuget:Sep\"\nusing Shouldly;") { Id = "a" }],
            Metadata = (JsonObject)JsonNode.Parse("""{"kernelspec": {"language": "C#", "name": ".net-csharp", "display_name": ".NET (C#)"}}""")!,
        };
        var script = NotebookScript.Write(notebook);
        script.ShouldStartWith("#:package Shouldly@4.3.0\n#:package Sep@*\n\n// ---\n");
        script.ShouldContain("// #r \"nuget: Shouldly, 4.3.0\"\n");
        NotebookScript.Read(script, "x.cs").Metadata.ContainsKey("file_directives").ShouldBeFalse();

        // What only the script has stays with it through the notebook and back.
        var more = "#!/usr/bin/env dotnet\n#:property LangVersion=preview\n" + script;
        var back = NotebookScript.Read(more, "x.cs");
        back.Cells.ShouldHaveSingleItem().Source.ShouldBe(notebook.Cells[0].Source);
        NotebookScript.Write(back).ShouldBe(more);
        NotebookScript.Read("#:package A@1\nvar x = 1;\n", "x.cs").Cells.ShouldHaveSingleItem().Source.ShouldBe("var x = 1;");
    }

    [Fact]
    public void Results_stay_with_cells_that_did_not_change()
    {
        var before = new Notebook
        {
            Cells =
            [
                new NotebookCell(CellKind.Code, "a") { Id = "1", ExecutionCount = 1, Outputs = new JsonArray("A") },
                new NotebookCell(CellKind.Code, "b") { Id = "2", ExecutionCount = 2, Outputs = new JsonArray("B") },
                new NotebookCell(CellKind.Markdown, "t") { Id = "3", Attachments = new JsonObject { ["x.png"] = 1 } },
            ],
        };
        var script = NotebookScript.Write(before).Replace("\nb\n", "\nchanged\n", StringComparison.Ordinal);
        var after = NotebookScript.Read(script, "x.py", before);
        after.Cells.Select(c => (c.Id, c.ExecutionCount, c.Outputs.Count)).ShouldBe([("1", 1L, 1), ("2", null, 0), ("3", null, 0)]);
        after.Cells[2].Attachments.ShouldNotBeNull();
        // Without ids the text finds its cell; a copied head does not make an id twice.
        var byHand = NotebookScript.Read("# %%\na\n\n# %% id=\"2\"\nx\n\n# %% id=\"2\"\ny\n", "x.py", before);
        byHand.Cells[0].Id.ShouldBe("1");
        byHand.Cells[0].ExecutionCount.ShouldBe(1);
        byHand.Cells.Select(c => c.Id).Distinct().Count().ShouldBe(3);
    }

    [Fact]
    public void What_cannot_be_paired_says_so()
    {
        Should.Throw<TrackingException>(() => NotebookScript.Write(new Notebook { Cells = [], Metadata = (JsonObject)JsonNode.Parse("""{"kernelspec": {"language": "cobol"}}""")! })).Message.ShouldContain("cobol");
        Should.Throw<TrackingException>(() => NotebookScript.Read("x", "x.txt")).Message.ShouldContain(".py");
        Should.Throw<TrackingException>(() => NotebookScript.Read("# ---\n# a: b\nx", "x.py")).Message.ShouldContain("not closed");
        Should.Throw<TrackingException>(() => NotebookScript.Read("# ---\n# a: &b c\n# ---\n", "x.py")).Message.ShouldContain("could not be read");
    }
}
