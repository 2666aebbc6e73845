using System.Text.Json.Nodes;
using Roux.Learning.Data;
using Roux.Learning.Explanations;
using Roux.Learning.Learners;
using Roux.Learning.Learners.Boosting;
using Roux.Learning.Pipelines;
using Roux.Tuning;
using Shouldly;
using Xunit;

namespace Roux.Learning.Tests.Explanations;

public sealed class ShapTests
{
    private static readonly Configuration Few = Configuration.Of(("n_estimators", 20), ("rounds", 20), ("bags", 2));

    public static TheoryData<string, TaskKind, string, bool> ExactFits()
    {
        var fits = new TheoryData<string, TaskKind, string, bool>();
        foreach (var task in new[] { TaskKind.Binary, TaskKind.Multiclass, TaskKind.Regression, TaskKind.Multilabel })
        {
            foreach (var learner in new[] { "lightgbm", "xgboost", "random-forest", "decision-tree", task == TaskKind.Regression ? "ridge" : "logistic-regression" })
            {
                fits.Add(learner, task, task switch { TaskKind.Regression => "unit", _ => learner is "random-forest" or "decision-tree" ? "probability" : task == TaskKind.Multiclass ? "softmax" : "log-odds" }, false);
            }

            fits.Add("lightgbm", task, task == TaskKind.Regression ? "unit" : task == TaskKind.Multiclass ? "softmax" : "log-odds", true);
            fits.Add("xgboost", task, task == TaskKind.Regression ? "unit" : task == TaskKind.Multiclass ? "softmax" : "log-odds", true);
        }

        return fits;
    }

    [Theory]
    [MemberData(nameof(ExactFits))]
    public void Values_and_expectation_sum_to_the_raw_prediction(string learner, TaskKind task, string scale, bool native)
    {
        SkipWithout(learner);
        var (table, target) = Fits.Make(task);
        var pipeline = Fits.Fit(task, table, target, Few, learner);
        var shap = Shap.Of(pipeline, table, table, new ShapOptions { MaxRows = 12, Native = native });
        shap.Scale.ShouldContain(scale);
        shap.Method.ShouldContain("exact");
        shap.Rows.ShouldBe(12);
        shap.Columns.ShouldBe(["size", "age", "noise", "flag", "colour", "story", "day"], ignoreOrder: true);
        shap.Gap.ShouldBeLessThan(1e-5);
        var predictions = pipeline.Predict(table);
        for (var row = 0; row < shap.Rows; row++)
        {
            for (var k = 0; k < shap.Outputs.Count; k++)
            {
                var raw = Raw(scale, predictions, row, predictions.Width - shap.Outputs.Count + k);
                var score = shap.Score(row, k) - (scale == "softmax" ? shap.Score(row, 0) : 0);
                score.ShouldBe(raw, 1e-5 * Math.Max(1, Math.Abs(raw)));
            }
        }

        shap.Importance()[0].Column.ShouldBeOneOf("size", "colour", "story");
    }

    [Theory]
    [InlineData("lightgbm", TaskKind.Binary)]
    [InlineData("lightgbm", TaskKind.Multiclass)]
    [InlineData("xgboost", TaskKind.Regression)]
    [InlineData("xgboost", TaskKind.Multiclass)]
    public void Own_values_are_those_of_the_library(string learner, TaskKind task)
    {
        SkipWithout(learner);
        var (table, target) = Fits.Make(task);
        var pipeline = Fits.Fit(task, table, target, Few, learner);
        var own = Shap.Of(pipeline, table, table, new ShapOptions { MaxRows = 30 });
        var native = Shap.Of(pipeline, table, table, new ShapOptions { MaxRows = 30, Native = true });
        native.Method.ShouldContain("by ");
        own.Expectation.Zip(native.Expectation, (a, b) => Math.Abs(a - b)).Max().ShouldBeLessThan(2e-4);
        own.Values.Zip(native.Values, (a, b) => Math.Abs(a - b)).Max().ShouldBeLessThan(2e-4);
        own.Values.Max().ShouldBeGreaterThan(0.1);
    }

    [Fact]
    public void Tree_values_are_shapley_values_by_the_definition()
    {
        // Three features, two of which repeat on a path: small enough to go through all orders of the features.
        var builder = new TreeEnsemble.Builder(3, 1);
        builder.BeginTree(4);
        foreach (var leaf in new[] { 1.0, 5, -2, 7, 3 })
        {
            builder.AddLeaf(leaf);
        }

        builder.AddThresholdSplit(0, 0.5, TreeEnsemble.MissingKind.NaN, true, 1, 2, 1);
        builder.AddThresholdSplit(1, 0.5, TreeEnsemble.MissingKind.NaN, true, ~0, 3, 1);
        builder.AddThresholdSplit(2, 0.5, TreeEnsemble.MissingKind.NaN, true, ~1, ~2, 1);
        builder.AddThresholdSplit(0, 0.2, TreeEnsemble.MissingKind.NaN, true, ~3, ~4, 1);
        builder.AddCovers([100, 60, 40, 35], [25, 30, 10, 15, 20]);
        builder.EndTree();
        var shap = new TreeShap<TreeEnsemble.Walk>(builder.Build([0.5]).Walks!.Value);
        foreach (var row in new[] { new[] { 0.1f, 0.9f, 0.1f }, [0.3f, 0.9f, 0.9f], [0.9f, 0.1f, 0.1f], [float.NaN, 0.6f, 0.6f] })
        {
            var values = new double[3];
            shap.Add(row, values, shap.Working());
            for (var feature = 0; feature < 3; feature++)
            {
                values[feature].ShouldBe(ByDefinition(row, feature), 1e-12);
            }
        }

        shap.Expectation[0].ShouldBe(0.5 + (25 * 1 + 30 * 5 + 10 * -2 + 15 * 7 + 20 * 3) / 100.0, 1e-12);

        static double ByDefinition(float[] row, int feature)
        {
            int[][] orders = [[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]];
            return orders.Average(order =>
            {
                var before = order.TakeWhile(f => f != feature).ToHashSet();
                return Known(row, [.. before, feature]) - Known(row, before);
            });
        }

        static double Known(float[] row, HashSet<int> known)
        {
            double Split(int feature, double threshold, double left, double right, double leftShare) =>
                known.Contains(feature) ? (float.IsNaN(row[feature]) || row[feature] <= threshold ? left : right) : leftShare * left + (1 - leftShare) * right;
            var inner = Split(0, 0.2, 7, 3, 15 / 35.0);
            return Split(0, 0.5, Split(1, 0.5, 1, inner, 25 / 60.0), Split(2, 0.5, 5, -2, 30 / 40.0), 0.6);
        }
    }

    [Fact]
    public void A_graph_that_is_no_tree_is_refused_and_sampled_instead()
    {
        var walk = new Ring();
        Should.Throw<InvalidDataException>(() => new TreeShap<Ring>(walk)).Message.ShouldContain("reached twice");
    }

    [Fact]
    public void Forests_from_files_without_covers_are_explained_by_sampling()
    {
        var (table, target) = Fits.Make(TaskKind.Binary);
        var pipeline = Fits.Fit(TaskKind.Binary, table, target, Few, "random-forest");
        using var folder = new Data.TemporaryFolder();
        var path = Path.Combine(folder.Path, "model.roux");
        pipeline.Save(path);
        Shap.Of(Pipeline.Load(path), table, table, new ShapOptions { MaxRows = 5 }).Method.ShouldContain("exact");
        using (var zip = System.IO.Compression.ZipFile.Open(path, System.IO.Compression.ZipArchiveMode.Update))
        {
            // As an earlier version wrote it: neither the part nor its line in the manifest.
            var cover = zip.Entries.Single(entry => entry.Name == "cover.npy");
            var manifest = zip.GetEntry("manifest.json")!;
            JsonNode json;
            using (var stream = manifest.Open())
            {
                json = JsonNode.Parse(stream)!;
            }

            json["sha256"]!.AsObject().Remove(cover.FullName).ShouldBeTrue();
            cover.Delete();
            manifest.Delete();
            using var writer = new StreamWriter(zip.CreateEntry("manifest.json").Open());
            writer.Write(json.ToJsonString());
        }

        var shap = Shap.Of(Pipeline.Load(path), table, table, new ShapOptions { MaxRows = 5, Background = 10 });
        shap.Method.ShouldContain("random orders");
        shap.Gap.ShouldBeLessThan(1e-9);
    }

    [Theory]
    [InlineData("k-nearest-neighbours", TaskKind.Binary)]
    [InlineData("naive-bayes", TaskKind.Multiclass)]
    [InlineData("k-nearest-neighbours", TaskKind.Regression)]
    public void Other_models_are_sampled_with_errors_and_still_sum(string learner, TaskKind task)
    {
        var (table, target) = Fits.Make(task, 160);
        var pipeline = Fits.Fit(task, table, target, Configuration.Empty, learner);
        var shap = Shap.Of(pipeline, table, table, new ShapOptions { MaxRows = 6, Background = 24, Seed = 2 });
        shap.Samples.ShouldBe(24);
        shap.Errors!.Length.ShouldBe(shap.Values.Length);
        shap.Gap.ShouldBeLessThan(1e-9);
        var again = Shap.Of(pipeline, table, table, new ShapOptions { MaxRows = 6, Background = 24, Seed = 2 });
        again.Values.ShouldBe(shap.Values);
    }

    [Theory]
    [InlineData("random")]
    [InlineData("zero-rule")]
    public void A_model_that_looks_at_no_column_has_nothing_to_explain_and_says_so(string baseline)
    {
        var (table, target) = Fits.Make(TaskKind.Multiclass);
        var pipeline = Fits.Fit(TaskKind.Multiclass, table, target, Configuration.Empty, baseline);
        Shap.ReadsColumns(pipeline).ShouldBeFalse();
        Should.Throw<DataException>(() => Shap.Of(pipeline, table, table, new ShapOptions { Seconds = 1 })).Message.ShouldContain("looks at no column");
        Shap.ReadsColumns(Fits.Fit(TaskKind.Multiclass, table, target, Configuration.Empty, "naive-bayes")).ShouldBeTrue();
    }

    [Fact]
    public void Sampling_comes_near_the_exact_values()
    {
        // A linear model against the same background: what sampling estimates is known exactly.
        var (table, target) = Fits.Make(TaskKind.Regression);
        var pipeline = Fits.Fit(TaskKind.Regression, table, target, Configuration.Empty, "ridge");
        var options = new ShapOptions { MaxRows = 8, Background = 60, Seed = 3 };
        var exact = Shap.Of(pipeline, table, table, options);
        var sampled = ColumnSampling.Of(pipeline, table.Take([.. Enumerable.Range(0, 8)]), Background.Of(table, 60, 3), options, CancellationToken.None);
        sampled.Expectation[0].ShouldBe(exact.Expectation[0], 1e-4);
        for (var i = 0; i < exact.Values.Length; i++)
        {
            // Of a linear model, every walk credits a column with weight times its own distance: the mean is exact.
            var column = exact.Columns[i % exact.Columns.Count];
            sampled.Values[sampled.Columns.ToList().IndexOf(column) + i / exact.Columns.Count * sampled.Columns.Count].ShouldBe(exact.Values[i], 2e-3);
        }
    }

    [Fact]
    public void Averages_of_models_on_one_scale_stay_exact_and_others_are_sampled_on_predictions()
    {
        var (table, target) = Fits.Make(TaskKind.Regression);
        var both = Fits.Fit(TaskKind.Regression, table, target, Few, "random-forest", "ridge");
        var shap = Shap.Of(both, table, table, new ShapOptions { MaxRows = 10 });
        shap.Method.ShouldContain("exact");
        shap.Gap.ShouldBeLessThan(1e-5);

        var (rows, classes) = Fits.Make(TaskKind.Binary);
        var mixed = Fits.Fit(TaskKind.Binary, rows, classes, Few, "random-forest", "logistic-regression");
        var sampled = Shap.Of(mixed, rows, rows, new ShapOptions { MaxRows = 4, Background = 12 });
        sampled.Scale.ShouldBe("probability of yes");
        sampled.Samples.ShouldBe(12);
        sampled.Gap.ShouldBeLessThan(1e-9);
    }

    [Fact]
    public void Logarithms_of_the_target_are_told()
    {
        var (table, target) = Fits.Make(TaskKind.Regression);
        var pipeline = Fits.Fit(TaskKind.Regression, table, target, Configuration.Of(("target_transform", "log1p")), "ridge");
        var shap = Shap.Of(pipeline, table, table, new ShapOptions { MaxRows = 10 });
        shap.Scale.ShouldBe("natural logarithm of 1 + answer");
        shap.Gap.ShouldBeLessThan(1e-5);
        (Math.Exp(shap.Score(3, 0)) - 1).ShouldBe(pipeline.Predict(table).Values[3], 1e-4);
    }

    [Fact]
    public void Terms_and_levels_behind_a_column_are_told()
    {
        var (table, target) = Fits.Make(TaskKind.Binary);
        var pipeline = Fits.Fit(TaskKind.Binary, table, target, Configuration.Empty, "logistic-regression");
        var shap = Shap.Of(pipeline, table, table, new ShapOptions { MaxRows = 60, DetailRows = 2 });
        shap.Features.Where(feature => feature.Column == "story").Take(3).ShouldContain(feature => feature.Feature.Contains("storm", StringComparison.Ordinal));
        shap.Features.ShouldContain(feature => feature.Column == "colour" && feature.Feature.Contains("red", StringComparison.Ordinal));
        shap.Features.ShouldNotContain(feature => feature.Column == "size");
        shap.RowFeatures.Select(feature => feature.Row).Distinct().ShouldBe([0, 1]);
        var story = shap.Columns.ToList().IndexOf("story");
        Math.Sign(shap.RowFeatures.First(feature => feature.Row == 0 && feature.Column == "story").Values[0]).ShouldNotBe(0);
        double.IsFinite(shap[0, story, 0]).ShouldBeTrue();
    }

    [Fact]
    public void Tables_without_rows_are_refused()
    {
        var (table, target) = Fits.Make(TaskKind.Regression, 60);
        var pipeline = Fits.Fit(TaskKind.Regression, table, target, Configuration.Empty, "ridge");
        Should.Throw<DataException>(() => Shap.Of(pipeline, table.Take([]), table, new ShapOptions())).Message.ShouldContain("no rows");
    }

    private static double Raw(string scale, Predictions predictions, int row, int output)
    {
        var p = predictions.Values[row * predictions.Width + output];
        return scale switch
        {
            "log-odds" => Math.Log(p / (1 - p)),
            "softmax" => Math.Log(p / predictions.Values[row * predictions.Width]),
            _ => p,
        };
    }

    private static void SkipWithout(string learner)
    {
        if (learner == "xgboost" && XGBoostLibrary.Unavailable is { } problem)
        {
            Assert.Skip($"[needs] {problem}");
        }
    }

    /// <summary>Two splits that lead to the same node.</summary>
    private readonly struct Ring : ICoveredTrees
    {
        public int Trees => 1;

        public int Features => 1;

        public int Outputs => 1;

        public double Bias(int output) => 0;

        public int Root(int tree) => 0;

        public bool IsLeaf(int node) => node == 9;

        public int Feature(int node) => 0;

        public int Left(int node) => node == 0 ? 1 : 9;

        public int Right(int node) => node == 0 ? 1 : 8;

        public bool GoesLeft(int node, ReadOnlySpan<float> row) => true;

        public double Cover(int node) => 1;

        public void AddLeaf(int tree, int node, double weight, Span<double> outputs) => outputs[0] += weight;
    }
}
