using System.Text.Json.Nodes;
using Roux.Learning.Data;
using Roux.Learning.Evaluation.Calibration;

namespace Roux.Learning.Pipelines;

/// <summary>The calibrator and the rule of decision in a model file, described in docs/model-format.md.</summary>
internal static class DecisionFile
{
    private const int MostClasses = 100_000;

    public static void Write(Pipeline pipeline, JsonObject json, ArchiveWriter archive)
    {
        if (pipeline.Calibrator is { } calibrator)
        {
            json["calibration"] = Write(calibrator, archive);
        }

        if (pipeline.Rule is { } rule)
        {
            json["decision"] = new JsonObject { ["reason"] = rule.Reason, [rule.Costs.Length > 0 ? "costs" : "thresholds"] = Numbers(rule.Costs.Length > 0 ? rule.Costs : rule.Thresholds) };
        }
    }

    public static Calibrator? ReadCalibrator(JsonNode json, ArchiveReader archive)
    {
        if (!json.HasField("calibration"))
        {
            return null;
        }

        var node = json.Field("calibration");
        var method = node.Named<CalibrationMethod>("method");
        if (method == CalibrationMethod.Temperature)
        {
            return new TemperatureCalibrator(Positive(node, "temperature"), Positive(node, "floor"));
        }

        if (method == CalibrationMethod.Isotonic)
        {
            var count = node.Int("curves", 1, MostClasses);
            return new OneVsRestCalibrator(method, [.. Enumerable.Range(0, count).Select(i => new IsotonicMap(archive.In("calibration").ReadDoubles($"{i}.x"), archive.In("calibration").ReadDoubles($"{i}.y")))]);
        }

        ArchiveJson.Require(method is CalibrationMethod.Platt or CalibrationMethod.Beta, "its calibration has no method");
        return new OneVsRestCalibrator(method, [.. node.List("curves").Select(curve => (ProbabilityMap)(method == CalibrationMethod.Platt
            ? new PlattMap(curve!.Double("slope"), curve!.Double("offset"), Positive(curve!, "floor"))
            : new BetaMap(curve!.Double("a"), curve!.Double("b"), curve!.Double("c"), Positive(curve!, "floor"))))]);
    }

    public static DecisionRule? ReadRule(JsonNode json)
    {
        if (!json.HasField("decision"))
        {
            return null;
        }

        var node = json.Field("decision");
        return node.HasField("costs") ? DecisionRule.ByCost(ReadNumbers(node, "costs"), node.Text("reason"))
            : DecisionRule.PerLabel(ReadNumbers(node, "thresholds"), node.Text("reason"));
    }

    private static JsonObject Write(Calibrator calibrator, ArchiveWriter archive)
    {
        var json = new JsonObject { ["method"] = calibrator.Method.ToString() };
        switch (calibrator)
        {
            case TemperatureCalibrator temperature:
                json["temperature"] = temperature.Temperature;
                json["floor"] = temperature.LeastProbability;
                break;
            case OneVsRestCalibrator { Method: CalibrationMethod.Isotonic } isotonic:
                json["curves"] = isotonic.Maps.Count;
                for (var i = 0; i < isotonic.Maps.Count; i++)
                {
                    var map = (IsotonicMap)isotonic.Maps[i];
                    archive.In("calibration").WriteArray($"{i}.x", map.X);
                    archive.In("calibration").WriteArray($"{i}.y", map.Y);
                }

                break;
            case OneVsRestCalibrator curves:
                json["curves"] = new JsonArray([.. curves.Maps.Select(map => (JsonNode)(map switch
                {
                    PlattMap platt => new JsonObject { ["slope"] = platt.Slope, ["offset"] = platt.Offset, ["floor"] = platt.Floor },
                    BetaMap beta => new JsonObject { ["a"] = beta.A, ["b"] = beta.B, ["c"] = beta.C, ["floor"] = beta.Floor },
                    _ => throw new NotSupportedException($"a curve of type {map.GetType().Name} cannot be stored"),
                }))]);
                break;
            default:
                throw new NotSupportedException($"a calibrator of type {calibrator.GetType().Name} cannot be stored");
        }

        return json;
    }

    private static double Positive(JsonNode node, string name) => node.Double(name) is > 0 and var value ? value
        : throw new InvalidDataException($"field '{name}' is not above 0");

    private static JsonArray Numbers(double[] values) => new([.. values.Select(value => (JsonNode?)JsonValue.Create(value))]);

    private static double[] ReadNumbers(JsonNode node, string name) => [.. node.List(name).Select(value =>
        value is JsonValue number && number.TryGetValue(out double parsed) && double.IsFinite(parsed) ? parsed : throw new InvalidDataException($"field '{name}' holds something that is not a finite number"))];
}
