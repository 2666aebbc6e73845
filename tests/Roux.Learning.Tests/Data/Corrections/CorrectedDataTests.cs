using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Roux.Learning.Data;
using Roux.Learning.Data.Corrections;
using Roux.Tracking;
using Shouldly;
using Xunit;

namespace Roux.Learning.Tests.Data.Corrections;

/// <summary>Corrected labels in data, and the lists of them.</summary>
public sealed class CorrectedDataTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("roux-corrected-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void Only_the_labels_of_corrected_rows_change()
    {
        var source = Write("a.csv", "id;label;note\r\n007;cat;\"says \"\"hi\"\";\nthen goes\"\r\n\r\n008;dog;a,b\r\n009;cat;=1+1\r\n");
        var output = Path.Combine(folder, "out.csv");
        CorrectedData.Write(source, Digest(source), "label", [Decision(1, "cat", "cow, big"), Decision(2, "dog", "dog"), Decision(3, "cat", "dog")], output).ShouldBe(2);
        File.ReadAllText(output).ShouldBe("id,label,note\n007,\"cow, big\",\"says \"\"hi\"\";\nthen goes\"\n008,dog,\"a,b\"\n009,dog,=1+1\n");
        Directory.GetFiles(folder).Length.ShouldBe(2);
    }

    [Fact]
    public void Parquet_keeps_its_types_and_comes_back_as_CSV_too()
    {
        var source = Write("a.csv", "x,when,label\n1.5,2026-01-01,1\n2.5,2026-01-02,0\n3.5,2026-01-03,1\n");
        var parquet = Path.Combine(folder, "a.parquet");
        CorrectedData.Write(source, Digest(source), "label", [], parquet).ShouldBe(0);
        var output = Path.Combine(folder, "b.parquet");
        CorrectedData.Write(parquet, "sha256:" + Digest(parquet), "label", [Decision(3, "1", "0")], output).ShouldBe(1);
        var table = TableReader.Read(output).Table;
        Enumerable.Range(0, 3).Select(table["label"].Format).ShouldBe(["1", "0", "0"]);
        table["when"].Type.ShouldBe(ColumnType.Date);
        var csv = Path.Combine(folder, "b.csv");
        CorrectedData.Write(parquet, Digest(parquet), "label", [Decision(3, "1", "0")], csv);
        File.ReadAllLines(csv)[3].ShouldBe("3.5,2026-01-03,0");
    }

    [Fact]
    public void Data_that_changed_and_rows_and_columns_that_are_not_there_are_refused()
    {
        var source = Write("a.csv", "x,label\n1,cat\n");
        var output = Path.Combine(folder, "out.csv");
        Should.Throw<DataException>(() => CorrectedData.Write(source, "00", "label", [], output)).Message.ShouldContain("has changed");
        Should.Throw<DataException>(() => CorrectedData.Write(source, Digest(source), "lable", [], output)).Message.ShouldContain("did you mean 'label'");
        Should.Throw<DataException>(() => CorrectedData.Write(source, Digest(source), "label", [Decision(2, "cat", "dog")], output)).Message.ShouldContain("row 2");
        Should.Throw<DataException>(() => CorrectedData.Write(source, Digest(source), "label", [], Path.Combine(folder, "out.xlsx"))).Message.ShouldContain(".parquet");
        Should.Throw<DataException>(() => CorrectedData.Write(source, Digest(source), "label", [], Path.Combine(folder, "none", "out.csv"))).Message.ShouldContain("cannot be written");
        Directory.GetFiles(folder).ShouldBe([source]);
    }

    [Fact]
    public void Lists_are_CSV_that_a_spreadsheet_does_not_run()
    {
        var text = new StringWriter();
        LabelCorrections.WriteCsv(text, [Decision(7, "=1+1", "-3"), Decision(9, "a,\"b\"", "a,\"b\"")]);
        text.ToString().Split("\r\n").ShouldBe(["row,given,decided,decision,decided_by,time", "7,'=1+1,-3,fix,'@ada,2026-11-24T00:00:00Z", "9,\"a,\"\"b\"\"\",\"a,\"\"b\"\"\",keep,'@ada,2026-11-24T00:00:00Z", ""]);

        var list = new LabelList("y", "d", ["cat", "dog"], [new SuspectLabel(3, "cat", "dog", 0.1, 0.9, true, [("note", "=cmd()"), ("x", null)])], 10, 1, ["m"]);
        text = new StringWriter();
        list.WriteCsv(text);
        text.ToString().Split("\r\n").ShouldBe(["rank,row,given,suggested,confidence,suggested_probability,held_to_be_wrong,note,x", "1,3,cat,dog,0.1,0.9,yes,'=cmd(),", ""]);
        list.Refuse("dog").ShouldBeNull();
        list.Refuse("dgo").ShouldNotBeNull().ShouldContain("did you mean 'dog'");
        (list with { Classes = [] }).Refuse("1e3").ShouldBeNull();
        (list with { Classes = [] }).Refuse("NaN").ShouldNotBeNull();
    }

    [Fact]
    public void A_document_of_any_client_is_read_without_trust()
    {
        LabelList.Of([]).ShouldBeNull();
        var list = LabelList.Of((JsonObject)JsonNode.Parse("""{"data": {"digest": 5}, "target": null, "classes": "no", "rows": [7, {"row": -1}, {"row": 1e300}, {"row": 2, "given": {"a": 1}, "confidence": "x", "cells": []}, {"row": 2}]}""")!).ShouldNotBeNull();
        list.Rows.ShouldHaveSingleItem().Row.ShouldBe(2);
        list.Rows[0].Confidence.ShouldBe(double.NaN);
    }

    private static LabelDecision Decision(long row, string given, string decided) => new(row, given, decided, "@ada", new DateTimeOffset(2026, 11, 24, 0, 0, 0, TimeSpan.Zero));

    private static string Digest(string file) => Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(file)));

    private string Write(string name, string text)
    {
        var path = Path.Combine(folder, name);
        File.WriteAllText(path, text, new UTF8Encoding(false));
        return path;
    }
}
