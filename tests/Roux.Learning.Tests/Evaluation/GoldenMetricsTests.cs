using System.Globalization;
using System.Text.Json.Nodes;
using Roux.Learning.Data;
using Roux.Learning.Evaluation;
using Shouldly;
using Xunit;

namespace Roux.Learning.Tests.Evaluation;

/// <summary>Metrics against values that scikit-learn computed.</summary>
public sealed class GoldenMetricsTests
{
    private static readonly Dictionary<string, string> Renamed = new()
    {
        ["roc_auc_ovr_macro"] = "roc_auc",
        ["roc_auc_ovo_macro"] = "roc_auc_ovo",
        ["ece_10_equal_width_bins_of_top_probability"] = "ece",
    };

    [Fact]
    public void Classification_metrics_and_curves_match()
    {
        var golden = new Golden();
        var cases = Golden.Cases("classification.json");
        foreach (var item in cases)
        {
            var (y, p) = Classification(item!);
            var expected = item!["expected"]!.AsObject();
            foreach (var (key, value) in expected.Where(pair => pair.Value is JsonValue))
            {
                var name = Rename(key);
                golden.Compare($"{item["case"]} {key}", Metrics.Find(name).Compute(y, p), value!.GetValue<double>());
            }

            CompareConfusion(golden, item, ConfusionMatrix.Of(y, p));
            if (expected.ContainsKey("roc_fpr"))
            {
                var roc = RocCurve.Of(y, p);
                golden.Compare($"{item["case"]} fpr", roc.FalsePositiveRate, Golden.Numbers(expected["roc_fpr"]));
                golden.Compare($"{item["case"]} tpr", roc.TruePositiveRate, Golden.Numbers(expected["roc_tpr"]));
                var curve = PrecisionRecallCurve.Of(y, p);
                golden.Compare($"{item["case"]} precision", curve.Precision, Golden.Numbers(expected["pr_precision"]));
                golden.Compare($"{item["case"]} recall", curve.Recall, Golden.Numbers(expected["pr_recall"]));
            }
        }

        golden.Verify();
        cases.Count.ShouldBeGreaterThanOrEqualTo(12);
        golden.Compared.ShouldBeGreaterThan(1000);
    }

    [Fact]
    public void Absent_classes_leave_areas_undefined()
    {
        foreach (var item in Golden.Cases("classification.json"))
        {
            var (y, p) = Classification(item!);
            var known = item!["expected"]!.AsObject().Any(pair => pair.Key.StartsWith("roc_auc", StringComparison.Ordinal));
            double.IsNaN(Metrics.Find("roc_auc").Compute(y, p)).ShouldBe(!known, item["case"]!.ToString());
        }
    }

    [Fact]
    public void Regression_metrics_match()
    {
        var golden = new Golden();
        var cases = Golden.Cases("regression.json");
        foreach (var item in cases)
        {
            var y = Target.Regression(Golden.Numbers(item!["y_true"]));
            var p = new Predictions(TaskKind.Regression, 1, Golden.Numbers(item["y_pred"]));
            foreach (var (key, value) in item["expected"]!.AsObject())
            {
                golden.Compare($"{item["case"]} {key}", Metrics.Find(key).Compute(y, p), value!.GetValue<double>());
            }
        }

        golden.Verify();
        cases.Count.ShouldBeGreaterThanOrEqualTo(6);
    }

    private static string Rename(string key)
    {
        if (Renamed.TryGetValue(key, out var renamed))
        {
            return renamed;
        }

        string[] parts = key.Split('_');
        return parts is [_, "macro" or "micro" or "weighted"] ? $"{parts[1]}_{parts[0]}" : key;
    }

    private static (Target Y, Predictions P) Classification(JsonNode item)
    {
        var labels = Golden.Integers(item["y_true"]);
        var rows = item["probabilities"]!.AsArray().Select(Golden.Numbers).ToArray();
        string[] classes = [.. Enumerable.Range(0, rows[0].Length).Select(k => k.ToString(CultureInfo.InvariantCulture))];
        var y = Target.Classification(labels, classes);
        return (y, new Predictions(y.Task, classes.Length, [.. rows.SelectMany(row => row)]));
    }

    private static void CompareConfusion(Golden golden, JsonNode item, ConfusionMatrix matrix)
    {
        var expected = item["expected"]!["confusion_matrix"]!.AsArray().Select(Golden.Integers).ToArray();
        for (var i = 0; i < expected.Length; i++)
        {
            for (var j = 0; j < expected.Length; j++)
            {
                golden.Compare($"{item["case"]} confusion {i} {j}", matrix[i, j], expected[i][j]);
            }
        }
    }
}
