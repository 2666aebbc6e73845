using System.Globalization;
using System.Text.Json.Nodes;
using System.Xml.Linq;
using CsCheck;
using Roux.Learning.Data;
using Roux.Learning.Evaluation;
using Shouldly;
using Xunit;

namespace Roux.Learning.Tests.Evaluation;

public sealed class PlotsTests
{
    private static readonly XNamespace Svg = "http://www.w3.org/2000/svg";

    /// <summary>Every chart with usual data, by name. Set <c>ROUX_PLOTS</c> to a folder to write them out and look at them.</summary>
    private static Dictionary<string, Plot> Gallery()
    {
        var (binary, binaryScores) = Simulated.Binary(400, 1, signal: 1.6);
        var (genres, genreScores) = Simulated.Multiclass(900, 12, 2, signal: 2.5);
        string[] names = ["Action", "Adventure", "Black Comedy", "Comedy", "Concert/Performance", "Documentary", "Drama", "Horror", "Musical", "Romantic Comedy", "Thriller/Suspense", "Western"];
        var named = Target.Classification(genres.Labels, names);
        var (many, manyScores) = Simulated.Multiclass(4000, 60, 3, signal: 3);
        var (three, threeScores) = Simulated.Multiclass(300, 3, 4);
        var (numbers, guesses) = Simulated.Regression(3000, 5);
        var (few, fewGuesses) = Simulated.Regression(60, 6);
        var comparison = Comparison.Of(
        [
            new("lightgbm", 60, [0.931, 0.934, 0.928, 0.933, 0.929]), new("logistic-regression", 20, [0.930, 0.931, 0.931, 0.930, 0.927]),
            new("random-forest", 50, [0.92, 0.921, 0.925, 0.919, 0.928]), new("k-nearest-neighbours", 30, [0.86, 0.88, 0.87, 0.89, 0.884]),
            new("decision-tree", 15, [0.88, 0.89, 0.885, 0.89, 0.884]), new("zero-rule", 0, [0.81, 0.81, 0.81, 0.81, 0.81], IsBaseline: true),
        ],
        Metrics.Find("macro_f1"), 0.25);
        double[] sizes = [100, 200, 400, 800, 1600];
        return new Dictionary<string, Plot>
        {
            ["roc-binary"] = Plots.Roc(binary, binaryScores),
            ["roc-genres"] = Plots.Roc(named, genreScores, "ROC curves by genre"),
            ["pr-binary"] = Plots.PrecisionRecall(binary, binaryScores),
            ["pr-three"] = Plots.PrecisionRecall(three, threeScores),
            ["calibration"] = Plots.Calibration(binary, binaryScores),
            ["confusion-2"] = Plots.Confusion(ConfusionMatrix.Of(binary, binaryScores)),
            ["confusion-12"] = Plots.Confusion(ConfusionMatrix.Of(named, genreScores)),
            ["confusion-60"] = Plots.Confusion(ConfusionMatrix.Of(many, manyScores, Plots.MostConfusionClasses)),
            ["predicted-actual"] = Plots.PredictedActual(numbers, guesses),
            ["residuals"] = Plots.Residuals(numbers, guesses),
            ["residuals-few"] = Plots.Residuals(few, fewGuesses),
            ["leaderboard"] = Plots.Leaderboard(comparison, "macro F1 in cross-validation, 95 % intervals"),
            ["importance"] = Plots.Importance(
                [.. Enumerable.Range(0, 12).Select(i => new RankedValue($"a feature with quite a long name {i}", new Interval(0.3 / (i + 1) - 0.03, 0.25 / (i + 1) - 0.04, 0.35 / (i + 1) - 0.02, "")))],
                "loss of macro F1 when shuffled"),
            ["counts"] = Plots.Counts([("Drama", 789), ("Comedy", 675), ("Action", 420), ("(missing)", 275), ("Western", 5)], "Major Genre"),
            ["learning"] = Plots.LearningCurve(
                [new("training", sizes, [0.99, 0.98, 0.97, 0.965, 0.96], [0.985, 0.975, 0.967, 0.963, 0.959], [0.995, 0.985, 0.973, 0.967, 0.961]),
                 new("validation", sizes, [0.78, 0.83, 0.87, 0.89, 0.90], [0.75, 0.81, 0.86, 0.883, 0.895], [0.81, 0.85, 0.88, 0.897, 0.905])],
                "Training rows", "macro F1", logarithmicX: true),
            ["histogram"] = Plots.Histogram([.. numbers.Values.Select(value => 30_000_000 + 4_000_000 * value), double.NaN], "Production Budget"),
        };
    }

    [Fact]
    public void Every_chart_is_well_formed_accessible_and_comes_with_its_numbers()
    {
        var folder = Environment.GetEnvironmentVariable("ROUX_PLOTS");
        foreach (var (name, plot) in Gallery())
        {
            Check(plot);
            if (folder is not null)
            {
                Directory.CreateDirectory(folder);
                File.WriteAllText(Path.Combine(folder, name + ".svg"), plot.Svg);
                File.WriteAllText(Path.Combine(folder, name + ".json"), plot.Numbers.ToJsonString());
            }
        }
    }

    [Fact]
    public void Nothing_in_a_name_becomes_markup() => Gen.String.Sample(text =>
    {
        var hostile = text + "</text><script>alert(1)</script>\" onload='x' \u0001\u0000\uFFFF\u202E\uD800&amp;";
        var y = Target.Classification([0, 1, 2, 0, 1, 2], [hostile, "b" + hostile, "c"]);
        var p = new Predictions(TaskKind.Multiclass, 3, [0.8, 0.1, 0.1, 0.1, 0.8, 0.1, 0.1, 0.1, 0.8, 0.1, 0.8, 0.1, 0.2, 0.7, 0.1, 0.3, 0.3, 0.4]);
        Plot[] plots =
        [
            Plots.Roc(y, p, hostile), Plots.PrecisionRecall(y, p, hostile), Plots.Calibration(y, p, hostile), Plots.Confusion(ConfusionMatrix.Of(y, p), hostile),
            Plots.Leaderboard([new(hostile, new Interval(1, 0, 2, ""), true)], hostile, hostile, hostile), Plots.Counts([(hostile, 3)], hostile, hostile),
            Plots.LearningCurve([new(hostile, [1, 2], [3, 4])], hostile, hostile, hostile), Plots.Histogram([1, 2, 3], hostile, hostile),
        ];
        foreach (var plot in plots)
        {
            Check(plot);
            XDocument.Parse(plot.Svg).Descendants().Select(element => element.Name.LocalName).ShouldNotContain("script");
            plot.Svg.ShouldNotContain("<script");
            plot.Svg.ShouldNotContain("\u202E");
        }
    }, iter: 50);

    [Fact]
    public void Degenerate_data_still_draw()
    {
        var one = Target.Classification([1, 1], ["no", "yes"]);
        var sure = new Predictions(TaskKind.Binary, 2, [0, 1, 0, 1]);
        var constant = Target.Regression([5, 5, 5]);
        var guesses = new Predictions(TaskKind.Regression, 1, [5, 5, 5]);
        Plot[] plots =
        [
            Plots.Roc(one, sure), Plots.PrecisionRecall(one, sure), Plots.Calibration(one, sure), Plots.Confusion(ConfusionMatrix.Of(one, sure)),
            Plots.Residuals(constant, guesses), Plots.PredictedActual(constant, guesses), Plots.Histogram([], "empty"), Plots.Histogram([double.NaN], "missing"),
            Plots.Histogram([7, 7, 7], "constant"), Plots.Histogram([-1e300, 1e300], "extreme"), Plots.Counts([], "nothing"), Plots.Leaderboard([], "score"),
            Plots.Leaderboard([new("failed", new Interval(double.NaN, double.NaN, double.NaN, ""))], "score"),
            Plots.Importance([new("all zero", new Interval(0, 0, 0, ""))], "gain"), Plots.Importance([new("negative", new Interval(-1, -2, 0, ""))], "gain"),
            Plots.LearningCurve([], "x", "y"), Plots.LearningCurve([new("one point", [0], [double.NaN])], "x", "y", logarithmicX: true),
        ];
        foreach (var plot in plots)
        {
            Check(plot);
        }
    }

    [Fact]
    public void A_hundred_thousand_points_stay_small_and_keep_the_curve()
    {
        var (y, p) = Simulated.Binary(100_000, 8);
        var plot = Plots.Roc(y, p);
        plot.Svg.Length.ShouldBeLessThan(40_000);
        var curve = plot.Numbers["curves"]![0]!;
        double[] xs = Golden.Numbers(curve["false_positive_rate"]), ys = Golden.Numbers(curve["true_positive_rate"]);
        var area = 0.0;
        for (var i = 1; i < xs.Length; i++)
        {
            area += (xs[i] - xs[i - 1]) * (ys[i] + ys[i - 1]) / 2;
        }

        area.ShouldBe(Metrics.Find("roc_auc").Compute(y, p), 2e-3);
    }

    [Fact]
    public void The_same_data_give_the_same_bytes() =>
        Gallery().Select(pair => pair.Value.Svg).ShouldBe(Gallery().Select(pair => pair.Value.Svg));

    [Fact]
    public void Ticks_are_round_within_the_ends_and_labelled_distinctly() => Gen.Select(Gen.Double[-1e6, 1e6], Gen.Double[1e-6, 1e6]).Sample((low, span) =>
    {
        var ticks = Ticks.Linear(low, low + span);
        ticks.Length.ShouldBeInRange(2, 8);
        ticks.ShouldAllBe(tick => tick >= low - 1e-6 * span && tick <= low + span * (1 + 1e-6));
        Ticks.Labels(ticks).Distinct().Count().ShouldBe(ticks.Length, string.Join(' ', ticks.Select(tick => tick.ToString("R", CultureInfo.InvariantCulture))));
    });

    [Fact]
    public void Long_labels_are_cut_between_characters() => Gen.Select(Gen.String, Gen.Double[5, 200]).Sample((text, width) =>
    {
        var cut = SvgText.Elide(text + "🎬👩‍🚀 long enough to be cut somewhere in here, surely", width);
        cut.EnumerateRunes().ShouldAllBe(rune => rune.Value != 0xFFFD || text.Contains('\uFFFD') || text.Any(char.IsSurrogate));
        (SvgText.Width(cut) <= width + 14).ShouldBeTrue();
    });

    private static void Check(Plot plot)
    {
        var root = XDocument.Parse(plot.Svg).Root!;
        root.Name.ShouldBe(Svg + "svg");
        root.Attribute("role")!.Value.ShouldBe("img");
        root.Attribute("viewBox").ShouldNotBeNull();
        var title = root.Element(Svg + "title")!;
        var description = root.Element(Svg + "desc")!;
        title.Value.ShouldNotBeNullOrEmpty();
        description.Value.ShouldNotBeNullOrEmpty();
        root.Attribute("aria-labelledby")!.Value.ShouldBe($"{title.Attribute("id")!.Value} {description.Attribute("id")!.Value}");
        plot.Svg.ShouldNotContain("NaN");
        plot.Svg.ShouldNotContain("∞");
        root.DescendantsAndSelf().Attributes().Where(attribute => attribute.Name.LocalName is "x" or "y" or "cx" or "cy" or "x1" or "y1" or "x2" or "y2")
            .ShouldAllBe(attribute => double.IsFinite(double.Parse(attribute.Value, CultureInfo.InvariantCulture)));
        JsonNode.Parse(plot.Numbers.ToJsonString()).ShouldNotBeNull();
    }
}
