using System.Runtime.InteropServices;
using System.Text;
using Roux.Learning.Data;
using Roux.Learning.Features;
using Roux.Learning.Learners;
using Roux.Learning.Learners.Boosting;
using Roux.Tuning;
using Shouldly;
using Xunit;

namespace Roux.Learning.Tests.Learners.Boosting;

public sealed unsafe partial class LightGbmTextTests
{
    private static BoostedTreesModel Fit(TrainingSet data) =>
        (BoostedTreesModel)new LightGbmLearner().Fit(data, Configuration.Of(("max_rounds", 30)), new FitContext(3));

    [Fact]
    public void Walks_the_trees_as_LightGBM_does()
    {
        foreach (var data in new[] { Synthetic.EvenCodes(2000, 70, 1), Synthetic.Classes(2000, 3, 1), Synthetic.Regression(2000, 1, missing: 0.2) })
        {
            var model = Fit(data);
            var probe = Probe(data.X);
            var raw = NativeRawScores(model.Member(0).Span, probe);
            var scores = new double[raw.Length];
            model.Ensembles[0].AddScores(probe.Dense, scores, 1);
            scores.ShouldBe(raw);
        }
    }

    /// <summary>The rows, then the same with missing, huge, negative, infinite and fractional values strewn in.</summary>
    private static FeatureMatrix Probe(FeatureMatrix x)
    {
        var random = new Random(1);
        float[] odd = [float.NaN, 1e9f, -1, 0, -0f, float.PositiveInfinity, float.NegativeInfinity, 2.5f, 1e-36f];
        var values = x.Dense!.Concat(x.Dense!.Select(v => random.Next(3) == 0 ? odd[random.Next(odd.Length)] : v)).ToArray();
        // Infinite category codes are undefined in the native library (a cast of infinity to int).
        for (var i = 0; i < values.Length; i++)
        {
            if (x.Features[i % x.Columns].Kind == FeatureKind.Category && !float.IsNaN(values[i]) && Math.Abs(values[i]) > 1e8f)
            {
                values[i] = 1e8f;
            }
        }

        return FeatureMatrix.FromDense(2 * x.Rows, x.Features, values);
    }

    private static double[] NativeRawScores(ReadOnlySpan<byte> text, FeatureMatrix x)
    {
        byte[] terminated = [.. text, 0];
        fixed (byte* pointer = terminated)
        fixed (float* data = x.Dense)
        {
            LightGbmNative.Check(LGBM_BoosterLoadModelFromString(pointer, out _, out var booster));
            using (booster)
            {
                var raw = new double[x.Rows * Ensemble(text).Outputs];
                fixed (double* result = raw)
                {
                    LightGbmNative.Check(LGBM_BoosterPredictForMat(booster, data, 0, x.Rows, x.Columns, 1, 1, 0, -1, "num_threads=1", out var length, result));
                    length.ShouldBe(raw.Length);
                }

                return raw;
            }
        }
    }

    private static TreeEnsemble Ensemble(ReadOnlySpan<byte> text) => LightGbmText.Parse(text);

    [Fact]
    public void A_damaged_text_is_refused_and_never_crashes()
    {
        var text = Fit(Synthetic.EvenCodes(300, 12, 1)).Member(0).ToArray();
        var random = new Random(1);
        var refused = 0;
        for (var trial = 0; trial < 3000; trial++)
        {
            var damaged = text.ToArray();
            var at = random.Next(damaged.Length);
            switch (trial % 4)
            {
                case 0:
                    damaged[at] = (byte)random.Next(256);
                    break;
                case 1:
                    damaged = damaged[..at];
                    break;
                case 2:
                    damaged[at] = (byte)"0123456789- \n="[random.Next(14)];
                    break;
                default:
                    damaged = [.. damaged[..at], .. "99999"u8, .. damaged[at..]];
                    break;
            }

            try
            {
                var ensemble = LightGbmText.Parse(damaged);
                ensemble.AddScores(new float[ensemble.Features], new double[ensemble.Outputs], 1);
            }
            catch (InvalidDataException)
            {
                refused++;
            }
        }

        refused.ShouldBeGreaterThan(1000);
    }

    [Theory]
    [InlineData("left_child=", "left_child=0 ", "holds more than")]
    [InlineData("max_feature_idx=1", "max_feature_idx=0", "splits on feature 1 of 1")]
    [InlineData("num_leaves=", "num_leaves=999", "is too short")]
    [InlineData("num_tree_per_iteration=1", "num_tree_per_iteration=7", "do not divide")]
    [InlineData("tree\n", "forest\n", "expected 'tree'")]
    public void The_damage_is_named(string from, string to, string message)
    {
        var text = Encoding.UTF8.GetString(Fit(Synthetic.EvenCodes(300, 12, 1)).Member(0).Span);
        var at = text.IndexOf(from, StringComparison.Ordinal);
        var damaged = text[..at] + to + text[(at + from.Length)..];
        Should.Throw<InvalidDataException>(() => LightGbmText.Parse(Encoding.UTF8.GetBytes(damaged))).Message.ShouldContain(message);
    }

    [Fact]
    public void A_tree_that_is_a_ring_is_refused()
    {
        var builder = new TreeEnsemble.Builder(1, 1);
        builder.BeginTree(2);
        builder.AddLeaf(1);
        builder.AddLeaf(2);
        builder.AddLeaf(3);
        builder.AddThresholdSplit(0, 0.5, TreeEnsemble.MissingKind.NaN, true, 1, ~0, 1);
        builder.AddThresholdSplit(0, 0.5, TreeEnsemble.MissingKind.NaN, true, 0, ~1, 1);
        Should.Throw<InvalidDataException>(builder.EndTree).Message.ShouldContain("reached twice");
    }

    [LibraryImport("lib_lightgbm")]
    private static partial int LGBM_BoosterLoadModelFromString(byte* text, out int iterations, out LightGbmBoosterHandle booster);

    [LibraryImport("lib_lightgbm", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int LGBM_BoosterPredictForMat(
        LightGbmBoosterHandle booster, float* data, int dataType, int rows, int columns, int isRowMajor, int predictType, int start, int iterations,
        string parameters, out long length, double* result);
}
