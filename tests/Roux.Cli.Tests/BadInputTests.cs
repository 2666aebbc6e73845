using System.Text;
using Shouldly;
using Xunit;

namespace Roux.Cli.Tests;

/// <summary>Whatever is wrong with the input: one clear line on stderr that names the remedy, exit code 2, nothing on stdout.</summary>
public sealed class BadInputTests
{
    private static readonly string Good = DevelopTests.Flowers(60, seed: 1);

    [Theory]
    [InlineData("missing file", "no such file")]
    [InlineData("empty file", "empty")]
    [InlineData("header only", "no rows")]
    [InlineData("target absent", "did you mean 'kind'")]
    [InlineData("target all missing", "missing")]
    [InlineData("one class", "same class")]
    [InlineData("duplicate columns", "length")]
    [InlineData("binary junk", "")]
    [InlineData("too many classes", "looks like")]
    [InlineData("nothing to predict from", "no column is left")]
    [InlineData("unknown metric", "macro_f1")]
    [InlineData("unknown family", "lightgbm")]
    [InlineData("unknown role", "numeric")]
    [InlineData("bad budget", "--time-budget")]
    [InlineData("resume of nothing", "--resume")]
    public void One_line_and_exit_code_2(string what, string says)
    {
        using var folder = new TemporaryFolder();
        var path = Path.Combine(folder.Path, "data.csv");
        var target = "kind";
        List<string> extra = [];
        switch (what)
        {
            case "missing file": break;
            case "empty file": folder.Write("data.csv", ""); break;
            case "header only": folder.Write("data.csv", "length,kind\n"); break;
            case "target absent": folder.Write("data.csv", Good); target = "knid"; break;
            case "target all missing": folder.Write("data.csv", "a,kind\n" + string.Concat(Enumerable.Repeat("1,\n", 30))); break;
            case "one class": folder.Write("data.csv", "a,kind\n" + string.Concat(Enumerable.Range(0, 30).Select(i => $"{i % 7},x\n"))); break;
            case "duplicate columns": folder.Write("data.csv", "length,length,kind\n1,2,a\n2,3,b\n"); break;
            case "binary junk": File.WriteAllBytes(path, [.. Enumerable.Range(0, 5000).Select(i => (byte)(i * 7919 % 251))]); break;
            case "too many classes": folder.Write("data.csv", "a,kind\n" + string.Concat(Enumerable.Range(0, 40).Select(i => $"{i % 5},name{i}\n"))); break;
            case "nothing to predict from": folder.Write("data.csv", "a,kind\n" + string.Concat(Enumerable.Range(0, 40).Select(i => $"1,{"xy"[i % 2]}\n"))); break;
            case "unknown metric": folder.Write("data.csv", Good); extra = ["--metric", "macrof1"]; break;
            case "unknown family": folder.Write("data.csv", Good); extra = ["--families", "lightgmb"]; break;
            case "unknown role": folder.Write("data.csv", Good); extra = ["--column", "colour=banana"]; break;
            case "bad budget": folder.Write("data.csv", Good); extra = ["--time-budget", "soon"]; break;
            case "resume of nothing": folder.Write("data.csv", Good); extra = ["--resume"]; break;
            default: throw new ArgumentException(what);
        }

        var result = RouxProcess.Run(folder.Path, ["develop", path, "--target", target, "--trials", "0", "--json", .. extra]);
        var last = result.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries).Last();
        result.ExitCode.ShouldBe(2, result.Error);
        result.Output.ShouldBe("");
        last.ShouldStartWith("roux: ");
        last.ShouldContain(says);
        result.Error.ShouldNotContain("   at ");
    }

    [Fact]
    public void Oddities_that_can_be_mended_are_mended_and_said()
    {
        using var folder = new TemporaryFolder();
        var text = new StringBuilder("nom,taille,vide,infini,kind\n");
        for (var i = 0; i < 60; i++)
        {
            text.Append($"{(i % 3 == 0 ? "café" : "thé")},{i % 7},,{(i == 3 ? "inf" : (i % 5).ToString())},{(i == 0 ? "seule" : i % 3 == 0 ? "a" : "b")}\n");
        }

        var path = Path.Combine(folder.Path, "data.csv");
        File.WriteAllBytes(path, Encoding.Latin1.GetBytes(text.ToString()));
        var result = RouxProcess.Run(folder.Path, "develop", path, "--target", "kind", "--trials", "0", "--families", "logistic-regression", "--json");
        result.ExitCode.ShouldBe(0, result.Error);
        var notes = string.Join('\n', result.Json["notes"]!.AsArray().Select(note => note!.GetValue<string>()));
        notes.ShouldContain("Latin-1", Case.Insensitive);
        notes.ShouldContain("infini");
        notes.ShouldContain("no other row");
    }

    [Theory]
    [InlineData(new[] { "develp" }, "'develp'")]
    [InlineData(new[] { "develop", "x.csv" }, "--target")]
    [InlineData(new[] { "predict", "nothing", "x.csv", "--out", "y.csv" }, "store")]
    public void A_wrong_call_is_told_in_one_line(string[] arguments, string says)
    {
        using var folder = new TemporaryFolder();
        var result = RouxProcess.Run(folder.Path, arguments);
        result.ExitCode.ShouldBe(2);
        result.Error.Trim().Split('\n').Length.ShouldBe(1);
        result.Error.ShouldContain(says);
    }

    [Fact]
    public void A_store_of_a_newer_version_is_left_alone()
    {
        using var folder = new TemporaryFolder();
        folder.Write("data.csv", Good);
        using (Roux.Tracking.Tracker.Open(Path.Combine(folder.Path, ".roux")))
        {
        }

        var database = Path.Combine(folder.Path, ".roux", "roux.db");
        using (var connection = new Microsoft.Data.Sqlite.SqliteConnection($"Data Source={database};Pooling=False"))
        {
            connection.Open();
            using var command = connection.CreateCommand();
            command.CommandText = "PRAGMA user_version = 9999; CREATE TABLE future (x); PRAGMA wal_checkpoint(TRUNCATE);";
            command.ExecuteNonQuery();
        }

        var before = File.ReadAllBytes(database);
        var result = RouxProcess.Run(folder.Path, "develop", "data.csv", "--target", "kind", "--trials", "0");
        result.ExitCode.ShouldBe(2, result.Error);
        result.Error.ShouldContain("9999");
        File.ReadAllBytes(database).ShouldBe(before);
    }

    [Theory]
    [InlineData("--keep-last 'x': a whole number is wanted.", "gc", "--keep-last", "x")]
    [InlineData("--min-improvement 'q': a number is wanted.", "tune", "--min-improvement", "q")]
    [InlineData("Severities: high, medium, low", "debug", "a.csv", "--fail-on", "huge")]
    public void A_value_of_the_wrong_type_is_told_in_words(string message, params string[] arguments)
    {
        using var folder = new TemporaryFolder();
        var result = RouxProcess.Run(folder.Path, arguments);
        result.ExitCode.ShouldBe(2);
        result.Error.ShouldContain(message);
        result.Error.ShouldNotContain("System.");
    }
}
