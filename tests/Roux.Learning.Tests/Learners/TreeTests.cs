using System.Diagnostics;
using Roux.Learning.Data;
using Roux.Learning.Features;
using Roux.Learning.Learners;
using Roux.Learning.Learners.Trees;
using Roux.Tuning;
using Shouldly;
using Xunit;

namespace Roux.Learning.Tests.Learners;

public class TreeTests
{
    private static readonly FitContext Context = new(5);

    private static TreeSettings Cart(Impurity impurity, int features, int minLeaf = 1) => new(impurity, int.MaxValue, minLeaf, features, false, false);

    private static Tree Grow(TrainingSet data, TreeSettings settings) =>
        new TreeGrower(TreeData.From(data, data.Weights ?? [.. Enumerable.Repeat(1.0, data.X.Rows)], Context), settings, default)
            .Grow(SplitMix64.For(1, 1), bootstrap: false).ShouldNotBeNull();

    [Fact]
    public void The_first_split_is_the_one_found_by_trying_all()
    {
        for (var seed = 0; seed < 20; seed++)
        {
            foreach (var impurity in Enum.GetValues<Impurity>())
            {
                var data = impurity == Impurity.SquaredError ? Samples.Curves(60, 4, seed) : Samples.Clouds(60, 4, 3, seed, 1);
                for (var i = 0; i < data.X.Dense!.Length; i++)
                {
                    data.X.Dense[i] = MathF.Round(data.X.Dense[i] * 2) / 2; // ties
                }

                data = data with { Weights = [.. Enumerable.Range(0, 60).Select(row => 1.0 + row % 3)] };
                var root = Grow(data, Cart(impurity, 4)).Nodes[0];
                var (best, feature, threshold) = BestByTryingAll(data, impurity);
                Impure(data, impurity, root.Feature & ~Node.MissingLeft, root.Threshold).ShouldBe(best, 1e-9);
                (root.Feature & ~Node.MissingLeft).ShouldBe(feature);
                root.Threshold.ShouldBe(threshold, 1e-6);
            }
        }
    }

    [Fact]
    public void Thresholds_lie_half_way()
    {
        var tree = Grow(new TrainingSet(Samples.Dense([1f], [2f], [4f], [5f]), Target.Regression([1, 1, 3, 3])), Cart(Impurity.SquaredError, 1));
        tree.Nodes.Length.ShouldBe(3);
        tree.Nodes[0].Threshold.ShouldBe(3);
        tree.Leaves.ShouldBe([1, 3]);
        tree.Gains[0].ShouldBe(4); // four rows, each 1 from the mean of 2
    }

    [Fact]
    public void Missing_values_go_to_the_better_side()
    {
        var x = Samples.Dense([1f], [2f], [3f], [4f], [float.NaN], [float.NaN]);
        foreach (var (missing, alone) in new[] { (1.0, false), (9.0, false), (5.0, true) })
        {
            var y = Target.Regression([1, 1, 9, 9, missing, missing]);
            var model = new RandomForestLearner().Fit(new TrainingSet(x, y), Configuration.Of(("n_estimators", 1), ("bootstrap", false)), Context);
            model.Predict(x).Values.ShouldBe([1, 1, 9, 9, missing, missing], alone ? "a side of their own" : "with those like them");
        }
    }

    [Fact]
    public void A_feature_that_is_only_missing_or_present_still_splits()
    {
        var x = Samples.Dense([7f], [7f], [float.NaN], [float.NaN]);
        var data = new TrainingSet(x, Target.Classification([0, 0, 1, 1], ["a", "b"]));
        new RandomForestLearner().Fit(data, Configuration.Of(("n_estimators", 1), ("bootstrap", false)), Context).Predict(x).Labels().ShouldBe([0, 0, 1, 1]);
        new ExtraTreesLearner().Fit(data, Configuration.Of(("n_estimators", 1)), Context).Predict(x).Labels().ShouldBe([0, 0, 1, 1]);
    }

    [Fact]
    public void A_full_tree_fits_its_training_rows()
    {
        var data = Samples.Clouds(500, 4, 5, 3);
        var one = Configuration.Of(("n_estimators", 1), ("bootstrap", false));
        Samples.Accuracy(new RandomForestLearner().Fit(data, one, Context), data).ShouldBe(1);
        Samples.Accuracy(new ExtraTreesLearner().Fit(data, one, Context), data).ShouldBe(1);
        var curves = Samples.Curves(500, 4, 3);
        Samples.Rmse(new RandomForestLearner().Fit(curves, one, Context), curves).ShouldBe(0, 1e-12);
        Samples.Rmse(new ExtraTreesLearner().Fit(curves, one, Context), curves).ShouldBe(0, 1e-12);
    }

    [Fact]
    public void Leaves_keep_their_smallest_size_and_depth_its_limit()
    {
        var data = Samples.Curves(300, 4, 3);
        var tree = Grow(data, Cart(Impurity.SquaredError, 4, minLeaf: 20));
        var counts = new int[tree.Nodes.Length];
        for (var row = 0; row < 300; row++)
        {
            var at = 0;
            while (tree.Nodes[at].Feature >= 0)
            {
                at = tree.Nodes[at].Child + (data.X.Dense![row * 4 + (tree.Nodes[at].Feature & ~Node.MissingLeft)] <= tree.Nodes[at].Threshold ? 0 : 1);
            }

            counts[at]++;
        }

        Enumerable.Range(0, counts.Length).Where(at => tree.Nodes[at].Feature < 0).ShouldAllBe(at => counts[at] >= 20);
        Grow(data, Cart(Impurity.SquaredError, 4) with { MaxDepth = 2 }).Nodes.Length.ShouldBe(7);
    }

    [Theory, InlineData(2), InlineData(3)]
    public void A_weight_is_as_good_as_repeating_the_row(int classes)
    {
        var (weighted, repeated) = Samples.WeightedAndRepeated(Samples.Clouds(200, 4, classes, 2, 1), 3);
        var (one, two) = (Grow(weighted, Cart(Impurity.Gini, 4)), Grow(repeated, Cart(Impurity.Gini, 4)));
        two.Nodes.Select(node => (node.Feature & ~Node.MissingLeft, node.Threshold, node.Child))
            .ShouldBe(one.Nodes.Select(node => (node.Feature & ~Node.MissingLeft, node.Threshold, node.Child)));
    }

    [Fact]
    public void Binned_ranks_keep_order_and_cover_all_rows()
    {
        var rows = RankedColumns.MaxExactRows + 10;
        var x = FeatureMatrix.FromDense(rows, Samples.Features(1), Samples.Normal(rows, 8));
        x.Dense![5] = float.NaN;
        var ranked = RankedColumns.From(x, Context);
        ranked.Lows[0].Length.ShouldBeInRange(200, 255);
        for (var row = 0; row < rows; row++)
        {
            int code = ranked.Codes[0][row];
            if (row == 5)
            {
                code.ShouldBe(ranked.Lows[0].Length);
            }
            else if (x.Dense[row] < ranked.Lows[0][code] || x.Dense[row] > ranked.Highs[0][code])
            {
                Assert.Fail($"row {row}: {x.Dense[row]} is not in its bin");
            }
        }

        ranked.Lows[0].ShouldBeInOrder();
        var counts = ranked.Codes[0].GroupBy(code => code).Select(group => group.Count()).ToArray();
        counts.Max().ShouldBeLessThan(3 * rows / 255);
    }

    [Fact]
    public void Pruning_finds_the_cheapest_subtree()
    {
        var data = Samples.Curves(60, 4, 5, 0.5);
        var grower = new TreeGrower(TreeData.From(data, [.. Enumerable.Repeat(1.0, 60)], Context), Cart(Impurity.SquaredError, 4, minLeaf: 4), default);
        var tree = grower.Grow(SplitMix64.For(1, 1), bootstrap: false).ShouldNotBeNull();
        var sizes = new List<int>();
        foreach (var share in new[] { 0, 1e-3, 1e-2, 0.05, 0.2, 1 })
        {
            var penalty = share * grower.Risks[0];
            var pruned = CostComplexity.Prune(tree, grower.Risks, grower.Leaf, penalty);
            var model = ForestModel.Of(ModelHead.Of(data), [pruned]);
            var cost = Math.Pow(Samples.Rmse(model, data), 2) * 60 + penalty * pruned.Leaves.Length;
            cost.ShouldBe(Cheapest(0).Cost, 1e-6);
            pruned.Leaves.Length.ShouldBe(Cheapest(0).Leaves);
            sizes.Add(pruned.Nodes.Length);

            (double Cost, int Leaves) Cheapest(int node)
            {
                var here = (grower.Risks[node] + penalty, 1);
                if (tree.Nodes[node].Feature < 0)
                {
                    return here;
                }

                var (left, right) = (Cheapest(tree.Nodes[node].Child), Cheapest(tree.Nodes[node].Child + 1));
                var below = (left.Cost + right.Cost, left.Leaves + right.Leaves);
                return here.Item1 <= below.Item1 + 1e-9 ? here : below;
            }
        }

        sizes.ShouldBe(sizes.OrderDescending());
        sizes[0].ShouldBeGreaterThan(sizes[3]);
        sizes[^1].ShouldBe(1);
    }

    [Fact]
    public void A_forest_beats_its_trees()
    {
        var (train, test) = (Samples.Curves(1000, 6, 3), Samples.Curves(1000, 6, 4));
        var tree = Samples.Rmse(new RandomForestLearner().Fit(train, Configuration.Of(("n_estimators", 1)), Context), test);
        var forest = Samples.Rmse(new RandomForestLearner().Fit(train, Configuration.Of(("n_estimators", 60)), Context), test);
        var extra = Samples.Rmse(new ExtraTreesLearner().Fit(train, Configuration.Of(("n_estimators", 60)), Context), test);
        forest.ShouldBeLessThan(0.75 * tree);
        extra.ShouldBeLessThan(0.75 * tree);
    }

    [Fact]
    public void Importance_finds_the_features_that_matter()
    {
        var importance = new RandomForestLearner().Fit(Samples.Curves(800, 8, 3), Configuration.Of(("n_estimators", 20)), Context).Importance.ShouldNotBeNull();
        importance.Sum().ShouldBe(1, 1e-9);
        importance.Take(4).Min().ShouldBeGreaterThan(importance.Skip(4).Max());
    }

    [Fact]
    public void A_stopped_forest_keeps_the_trees_it_has_or_says_that_it_stopped()
    {
        var data = Samples.Curves(3000, 8, 3);
        using var stop = new CancellationTokenSource(TimeSpan.FromMilliseconds(700));
        var model = new RandomForestLearner().Fit(data, Configuration.Of(("n_estimators", 100_000)), new FitContext(1, 2, null, stop.Token)).ShouldBeOfType<ForestModel>();
        model.Trees.ShouldBeInRange(1, 99_999);
        using var stopped = new CancellationTokenSource();
        stopped.Cancel();
        Should.Throw<OperationCanceledException>(() => new RandomForestLearner().Fit(data, Configuration.Empty, new FitContext(1, 2, null, stopped.Token)));
    }

    [Fact]
    public void A_damaged_forest_is_refused()
    {
        var model = new RandomForestLearner().Fit(Samples.Clouds(60, 2, 2, 1), Configuration.Of(("n_estimators", 2)), Context);
        var bytes = Samples.Save(model);
        using var stream = new MemoryStream();
        stream.Write(bytes);
        using (var zip = new System.IO.Compression.ZipArchive(stream, System.IO.Compression.ZipArchiveMode.Update, leaveOpen: true))
        {
            zip.GetEntry("child.npy")!.Delete();
            new Roux.Learning.Pipelines.ArchiveWriter(zip).WriteArray("child", new int[((ForestModel)model).Nodes]);
        }

        Should.Throw<InvalidDataException>(() => Samples.Load(model.Kind, stream.ToArray()));
    }

    private static (double Impurity, int Feature, float Threshold) BestByTryingAll(TrainingSet data, Impurity impurity)
    {
        var best = (Impurity: double.PositiveInfinity, Feature: -1, Threshold: 0f);
        for (var j = 0; j < data.X.Columns; j++)
        {
            var values = Enumerable.Range(0, data.X.Rows).Select(row => data.X.Dense![row * data.X.Columns + j]).Distinct().Order().ToArray();
            for (var i = 0; i + 1 < values.Length; i++)
            {
                var threshold = (values[i] + values[i + 1]) / 2;
                var impure = Impure(data, impurity, j, threshold);
                if (impure < best.Impurity - 1e-10)
                {
                    best = (impure, j, threshold);
                }
            }
        }

        return best;
    }

    /// <summary>Weighted impurity of both sides of a split, from the definition.</summary>
    private static double Impure(TrainingSet data, Impurity impurity, int feature, float threshold) =>
        Enumerable.Range(0, data.X.Rows).GroupBy(row => data.X.Dense![row * data.X.Columns + feature] <= threshold).Sum(side =>
        {
            var total = side.Sum(row => data.Weights![row]);
            if (impurity == Impurity.SquaredError)
            {
                var mean = side.Sum(row => data.Weights![row] * data.Y.Values[row]) / total;
                return side.Sum(row => data.Weights![row] * Math.Pow(data.Y.Values[row] - mean, 2));
            }

            var shares = side.GroupBy(row => data.Y.Labels[row]).Select(group => group.Sum(row => data.Weights![row]) / total);
            return total * (impurity == Impurity.Gini ? 1 - shares.Sum(share => share * share) : -shares.Sum(share => share * Math.Log(share)));
        });
}
