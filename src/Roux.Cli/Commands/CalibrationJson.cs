using System.Text.Json.Nodes;
using Roux.Learning.AutoML;

namespace Roux.Cli.Commands;

/// <summary>Calibration in the JSON document of a development.</summary>
internal static class CalibrationJson
{
    public static JsonObject? Of(CalibrationEvidence? calibration) => calibration is null ? null : new JsonObject
    {
        ["method"] = calibration.Method.ToString().ToLowerInvariant(),
        ["reason"] = calibration.Reason,
        ["tried"] = new JsonArray([.. calibration.Trials.Select(trial => (JsonNode)new JsonObject
        {
            ["method"] = trial.Method.ToString().ToLowerInvariant(),
            ["log_loss"] = Number(trial.LogLoss),
            ["gain"] = Number(trial.Gain),
            ["standard_error"] = Number(trial.StandardError),
            ["ece"] = Number(trial.CalibrationError),
            ["brier"] = Number(trial.Brier),
        })]),
        ["before"] = Of(calibration.Before),
        ["after"] = Of(calibration.After),
    };

    private static JsonObject? Of(CalibrationFigures? figures) => figures is null ? null : new JsonObject
    {
        ["log_loss"] = Number(figures.LogLoss), ["brier"] = Number(figures.Brier), ["ece"] = Number(figures.CalibrationError),
    };

    private static JsonValue? Number(double value) => double.IsFinite(value) ? JsonValue.Create(value) : null;
}
