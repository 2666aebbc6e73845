using System.Security.Cryptography;
using System.Text;
using System.Xml.Linq;
using Roux.Learning.AutoML;
using Roux.Learning.Data;
using Roux.Learning.Reports;
using Shouldly;
using Xunit;

namespace Roux.Learning.Tests.Reports;

public sealed class DevelopReportTests
{
    private const string Hostile = "\"><script>alert(1)</script><img src=x onerror='alert(2)'> </style> --> ]]> \u202Eevil\u2069 \0\u0007 &lt; {0} javascript:alert(3) 'quote'";

    private static readonly ReportEnvironment Environment = new()
    {
        Started = new DateTimeOffset(2026, 3, 1, 12, 30, 0, TimeSpan.Zero), Commit = "0123abc", Branch = "main", Dirty = true, Runtime = ".NET 10.0.1", System = "Debian 12", Processor = "2 cores", Version = "0.1.0",
    };

    private static SampleDevelopment Sample(TaskKind task) => task switch
    {
        TaskKind.Binary => new SampleDevelopment { Task = task, Classes = ["no", "yes"], TargetName = "income" },
        TaskKind.Regression => new SampleDevelopment { Task = task, Classes = [], TargetName = "price" },
        _ => new SampleDevelopment { Task = task },
    };

    private static ReportPage Read(DevelopResult result) => new(DevelopReport.Html(result, Environment));

    [Theory]
    [InlineData(TaskKind.Binary, "ROC curve", "Calibration", "What another threshold would give", "What is taken for what")]
    [InlineData(TaskKind.Multiclass, "What is taken for what", "The most frequent of", "Class by class", "Can its confidence be trusted?")]
    [InlineData(TaskKind.Multilabel, "Class by class", "Precision: of the rows called so")]
    [InlineData(TaskKind.Regression, "Predicted and actual", "Errors by predicted value", "How large errors are", "Half of the predictions are off by less than")]
    public void Every_task_has_its_plots(TaskKind task, params string[] expected)
    {
        var page = Read(Sample(task).Make());
        var quality = page.Section("quality").Value;
        foreach (var text in expected)
        {
            quality.ShouldContain(text);
        }

        page.All("section").Select(section => (string?)section.Attribute("id"))
            .ShouldBe(["verdict", "leaderboard", "quality", "influence", "findings", "data", "method", "reproduce", "terms"]);
        page.Html.ShouldNotContain("NaN");
        page.Html.Length.ShouldBeLessThan(300_000);
    }

    [Theory]
    [InlineData(TaskKind.Binary)]
    [InlineData(TaskKind.Multiclass)]
    [InlineData(TaskKind.Multilabel)]
    [InlineData(TaskKind.Regression)]
    public void Text_from_data_stays_text(TaskKind task)
    {
        string[] classes = task switch { TaskKind.Regression => [], TaskKind.Binary => [Hostile + "0", Hostile + "1"], _ => [Hostile + "0", Hostile + "1", "plain", "</table>"] };
        var result = new SampleDevelopment { Task = task, Classes = classes, TargetName = "target " + Hostile, Extra = Hostile, DataPath = "/data/" + Hostile.Replace('/', '_') + ".csv" }.Make();
        var page = Read(result);

        string[] known =
        [
            "html", "head", "meta", "title", "style", "body", "a", "div", "header", "p", "h1", "h2", "h3", "h4", "ul", "ol", "li", "nav", "main", "section", "footer", "script", "bdi", "b", "i", "br", "small", "span",
            "dl", "dt", "dd", "table", "caption", "thead", "tbody", "tr", "th", "td", "svg", "path", "circle", "text", "figure", "figcaption", "details", "summary", "article", "pre", "code",
        ];
        page.Root.DescendantsAndSelf().Select(element => element.Name.LocalName).Distinct().Except(known).ShouldBeEmpty();
        page.Root.Descendants().Attributes().ShouldAllBe(attribute => !attribute.Name.LocalName.StartsWith("on", StringComparison.OrdinalIgnoreCase));
        page.Html.ShouldNotContain('\u202E');
        page.Html.ShouldNotContain('\u2069');
        page.Html.ShouldNotContain('\0');
        page.Text.ShouldContain("<script>alert(1)</script>");
    }

    [Theory]
    [InlineData(TaskKind.Binary)]
    [InlineData(TaskKind.Regression)]
    public void Nothing_is_loaded_and_only_the_known_script_may_run(TaskKind task)
    {
        var page = Read(Sample(task).Make());
        page.Html.ShouldNotContain("http:");
        page.Html.ShouldNotContain("https:");
        page.Html.ShouldNotContain("url(");
        page.Html.ShouldNotContain("@import");
        page.Root.Descendants().Attributes().ShouldAllBe(attribute => attribute.Name.LocalName != "src" && attribute.Name.LocalName != "srcset");
        page.Root.Descendants().Attributes("href").ShouldAllBe(attribute => attribute.Value.StartsWith('#'));

        var policy = page.All("meta").Single(meta => (string?)meta.Attribute("http-equiv") == "Content-Security-Policy").Attribute("content")!.Value;
        policy.ShouldStartWith("default-src 'none'");
        policy.ShouldContain($"script-src 'sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(page.ScriptText)))}'");
    }

    [Fact]
    public void Links_labels_and_headings_hold_together()
    {
        var page = Read(Sample(TaskKind.Binary).Make());
        var ids = page.Root.Descendants().Attributes("id").Select(id => id.Value).ToArray();
        ids.ShouldBeUnique();
        page.Root.Descendants().Attributes("href").ShouldAllBe(href => ids.Contains(href.Value.Substring(1)));
        page.Root.Descendants().Attributes("aria-labelledby").ShouldAllBe(label => ids.Contains(label.Value));
        page.All("table").ShouldAllBe(table => table.Elements("caption").Count() == 1);
        page.All("svg").ShouldAllBe(svg => svg.Attribute("aria-hidden") != null || ((string?)svg.Attribute("role") == "img" && svg.Attribute("aria-label")!.Value.Length > 5));
        page.All("h1").Count().ShouldBe(1);

        var levels = page.Root.Descendants().Where(element => element.Name.LocalName is "h1" or "h2" or "h3" or "h4").Select(element => element.Name.LocalName[1] - '0').ToArray();
        levels.Zip(levels.Skip(1)).ShouldAllBe(pair => pair.Second <= pair.First + 1);
    }

    [Fact]
    public void The_verdict_shows_promise_and_final_score_side_by_side()
    {
        var result = Sample(TaskKind.Multiclass).Make();
        var context = new ReportContext(result, Environment);
        var verdict = Read(result).Section("verdict").Value;
        verdict.ShouldContain(result.Verdict);
        verdict.ShouldContain(context.Score.Of(result.CrossValidated.Estimate));
        verdict.ShouldContain(context.Range(result.CrossValidated));
        verdict.ShouldContain(context.Score.Of(result.Test.Metrics["macro_f1"]));
        verdict.ShouldContain("225 rows that no step had seen");
        verdict.ShouldContain("zero-rule");
        verdict.ShouldContain("registered as movies-major-genre version 3");
        verdict.ShouldContain("What the extra complexity buys");
    }

    [Fact]
    public void The_leaderboard_marks_winner_and_baselines()
    {
        var result = Sample(TaskKind.Multiclass).Make();
        var rows = Read(result).Section("leaderboard").Descendants("table").First().Element("tbody")!.Elements("tr").ToArray();
        rows.Length.ShouldBe(result.Leaderboard.Count);
        rows.Count(row => row.Value.Contains("winner", StringComparison.Ordinal)).ShouldBe(1);
        rows.Count(row => row.Descendants("span").Any(span => span.Value == "baseline")).ShouldBe(2);
        rows[0].Value.ShouldContain("winner");
    }

    [Fact]
    public void What_is_known_of_the_environment_is_told()
    {
        var text = Read(Sample(TaskKind.Binary).Make()).Section("reproduce").Value;
        foreach (var fact in new[] { "0123abc", "with changes", ".NET 10.0.1", "Debian 12, 2 cores", new string('a', 64), "roux show 0123456789abcdef0123456789abcdef", "roux predict movies-major-genre/3" })
        {
            text.ShouldContain(fact);
        }
    }

    [Fact]
    public void Commands_name_the_store_that_was_used()
    {
        var result = Sample(TaskKind.Binary).Make();
        result = result with { Options = result.Options with { CommandLine = "roux develop a.csv --store 'my store' --target income" } };
        Read(result).Section("reproduce").Value.ShouldContain("roux show 0123456789abcdef0123456789abcdef --store 'my store'");
    }

    [Fact]
    public void Importance_is_told_of_inputs_alone_and_without_an_interval_where_there_is_none()
    {
        var result = Sample(TaskKind.Binary).Make();
        result = result with { PermutationImportance = [new("income", new(0, double.NaN, double.NaN, "none"), [0]), new("IMDB Votes", new(0.1, double.NaN, double.NaN, "none"), [0.1])] };
        var influence = Read(result).Section("influence");
        influence.Value.ShouldContain("measured once for want of time");
        influence.Descendants("th").Select(cell => cell.Value).ShouldContain("IMDB Votes");
        influence.Descendants("th").Select(cell => cell.Value).ShouldNotContain("income");
    }

    [Fact]
    public void Twenty_thousand_columns_make_a_page_like_any_other()
    {
        var page = Read(new SampleDevelopment { ExtraColumns = 20_000, Rows = 60 }.Make());
        page.Html.Length.ShouldBeLessThan(400_000);
        page.Section("data").Value.ShouldContain("The 50 most relevant of 20,009 columns");
    }

    [Fact]
    public void Hundreds_of_classes_make_a_page_like_any_other()
    {
        var page = Read(new SampleDevelopment { Classes = [.. Enumerable.Range(0, 400).Select(i => $"class {i}")], Rows = 4_000 }.Make());
        page.Html.Length.ShouldBeLessThan(400_000);
        page.Section("quality").Value.ShouldContain("The 100 most frequent of 400 classes");
        page.Section("quality").Value.ShouldContain("other (381 classes)");
    }

    [Fact]
    public void An_interrupted_search_says_so()
    {
        var page = Read(new SampleDevelopment { Interrupted = true, Registered = false, MaxCandidates = 2, Rows = 160 }.Make());
        page.Section("verdict").Value.ShouldContain("Stopped early. The search was asked to stop after 2 candidates");
        page.Section("verdict").Value.ShouldContain("Not registered.");
        page.Section("verdict").Value.ShouldContain("The final score rests on 40 rows only");
    }

    [Fact]
    public void A_result_with_next_to_nothing_in_it_still_makes_a_report()
    {
        var full = new SampleDevelopment { Ensemble = false, MaxCandidates = 1, Rows = 80 }.Make();
        var bare = full with
        {
            Importance = [], PermutationImportance = [], Findings = [], Notes = [], Skipped = [], Phases = [], Leaderboard = [], ModelVersion = null,
            CrossValidated = new(double.NaN, double.NaN, double.NaN, "none"),
            Test = new(0, "macro_f1", new Dictionary<string, double> { ["macro_f1"] = double.NaN }, new Dictionary<string, Roux.Learning.Evaluation.Interval>()),
            TestTarget = full.TestTarget.Take([]), TestPredictions = full.TestPredictions.Take([]),
        };
        var page = Read(bare);
        page.Section("findings").Value.ShouldContain("found nothing to report");
        page.Text.ShouldContain("no baseline was scored");
    }

    [Fact]
    public void The_same_result_makes_the_same_page() =>
        DevelopReport.Html(Sample(TaskKind.Regression).Make(), Environment).ShouldBe(DevelopReport.Html(Sample(TaskKind.Regression).Make(), Environment));
}
