using System.Globalization;
using Roux.Learning.AutoML;
using Roux.Learning.Evaluation.Calibration;
using Roux.Learning.Evaluation.Decisions;

namespace Roux.Learning.Reports.Sections;

/// <summary>Whether probabilities can be trusted, and what each threshold brings.</summary>
internal static class DecisionSection
{
    private const int MostLabels = 30;

    public static ReportSection Make(ReportContext context)
    {
        var (calibration, decision) = (context.Result.Evidence.Calibration, context.Result.Evidence.Decision);
        return new("decision", "Decisions", "From probabilities to decisions", calibration is null && decision is null ? Markup.Empty
            : Markup.Concat(calibration is null ? Markup.Empty : Calibration(calibration), decision is null ? Markup.Empty : Decision(context, decision)));
    }

    private static Markup Calibration(CalibrationEvidence calibration)
    {
        if (calibration.Before is not { } before || calibration.After is not { } after)
        {
            return Markup.Empty;
        }

        var done = calibration.Method != CalibrationMethod.None;
        var lead = done
            ? $"The winner's probabilities were calibrated by {Name(calibration.Method)}. On the final rows the gap between promise and outcome (expected calibration error) went from {Figures.Percent(before.CalibrationError)} to {Figures.Percent(after.CalibrationError)}."
            : $"The winner's probabilities stay as the model gives them: on the final rows they are off by {Figures.Percent(after.CalibrationError)} on average (expected calibration error).";
        return Markup.Of($"<p class=\"lead\">{lead}</p>\n{Effect(before, after, done)}{Trials(calibration)}");
    }

    private static Markup Effect(CalibrationFigures before, CalibrationFigures after, bool done)
    {
        if (!done)
        {
            return Markup.Empty;
        }

        var table = new HtmlTable("Calibration on the final rows", new TableColumn("Lower is better"), new TableColumn("Before", true), new TableColumn("After", true));
        table.Add(["Expected calibration error", Number(before.CalibrationError), Number(after.CalibrationError)]);
        table.Add(["Log loss", Number(before.LogLoss), Number(after.LogLoss)]);
        table.Add(["Brier score", Number(before.Brier), Number(after.Brier)]);
        return table.Finish();
    }

    private static Markup Trials(CalibrationEvidence calibration)
    {
        if (calibration.Trials.Count == 0)
        {
            return Markup.Of($"<p class=\"note\">{Sentence(calibration.Reason)}</p>\n");
        }

        var table = new HtmlTable("Ways of calibration, on predictions out of fold", new TableColumn("Way"), new TableColumn("Log loss", true), new TableColumn("Gain", true), new TableColumn("Standard error", true), new TableColumn("Calibration error", true));
        foreach (var trial in calibration.Trials)
        {
            table.Add([trial.Method == CalibrationMethod.None ? "none" : Name(trial.Method), Number(trial.LogLoss), trial.Method == CalibrationMethod.None ? "" : Number(trial.Gain), trial.Method == CalibrationMethod.None ? "" : Number(trial.StandardError), Number(trial.CalibrationError)], trial.Method == calibration.Method ? "best" : "");
        }

        return Markup.Of($"<details><summary>How it was chosen</summary><p>{Sentence(calibration.Reason)} Every way was learned on the other folds and judged on rows that it had not seen.</p>{table.Finish()}</details>\n");
    }

    private static Markup Decision(ReportContext context, DecisionEvidence decision)
    {
        var rule = decision.Rule is null ? decision.Event is null ? "The most probable class is predicted."
                : $"“{Figures.Cut(decision.Event, Words.LongName)}” is predicted from a probability of 0.5 on, the usual rule."
            : decision.Rule.Costs.Length > 0 ? "The class of the least expected cost is predicted."
            : decision.Event is null ? "Each label is given from a threshold of its own on."
            : $"“{Figures.Cut(decision.Event, Words.LongName)}” is predicted from a probability of {Number(decision.Rule.Thresholds[0])} on ({decision.Rule.Reason}).";
        var effect = decision.Measure is null ? "" : $" On the final rows {Title(decision.Measure)} is {Number(decision.Final.Chosen)}; with the usual rule it would be {Number(decision.Final.Usual)}.";
        return Markup.Of($"<h3>The decision</h3>\n<p>{rule}{effect}</p>\n{Points(decision)}{Labels(decision)}");
    }

    private static Markup Points(DecisionEvidence decision)
    {
        if (decision.Points.Count == 0)
        {
            return Markup.Empty;
        }

        var costs = decision.Points.Any(point => !double.IsNaN(point.CostPerThousand));
        var columns = new List<TableColumn> { new("Predicted from"), new("Precision", true, "alerts that are right"), new("Recall", true, "events that are found"), new("Alerts", true, "per 1,000 rows") };
        if (costs)
        {
            columns.Add(new("Cost", true, "per 1,000 rows"));
        }

        var table = new HtmlTable("What other thresholds would bring", columns);
        foreach (var point in decision.Points)
        {
            var name = point.Kind switch { "chosen" => $"{Number(point.Threshold)} (chosen)", "default" => $"{Number(point.Threshold)} (usual)", _ => Number(point.Threshold) };
            List<Cell> cells = [name, Figures.Percent(point.Precision), Figures.Percent(point.Recall), Figures.Value(Math.Round(point.AlertsPerThousand, 1))];
            if (costs)
            {
                cells.Add(Figures.Value(Math.Round(point.CostPerThousand, 2)));
            }

            table.Add(cells, point.Kind == "chosen" || (decision.Rule is null && point.Kind == "default") ? "best" : "");
        }

        return Markup.Of($"{table.Finish()}<p class=\"note\">{Trade(decision.Points)} The table is from predictions out of fold{(decision.Rule is null ? "" : ", on which the threshold was chosen, so the chosen line is a little flattered")}.</p>\n");
    }

    /// <summary>The trade-off in one sentence, from the strictest to the widest threshold of the table.</summary>
    private static string Trade(IReadOnlyList<OperatingPoint> points)
    {
        var alerting = points.Where(point => !double.IsNaN(point.Precision)).ToArray();
        return alerting.Length < 2 ? "" : $"Finding {Figures.Percent(alerting[^1].Recall)} of the events means that {Figures.Percent(alerting[^1].Precision)} of the alerts are right; with {Figures.Percent(alerting[0].Recall)} found it is {Figures.Percent(alerting[0].Precision)}.";
    }

    private static Markup Labels(DecisionEvidence decision)
    {
        if (decision.Labels.Count == 0)
        {
            return Markup.Empty;
        }

        var title = Title(decision.Measure!);
        var table = new HtmlTable(decision.Labels.Count > MostLabels ? $"The first {MostLabels} of {Figures.Count(decision.Labels.Count)} labels" : "Threshold of each label", new TableColumn("Label"), new TableColumn("Threshold", true), new TableColumn(title, true, "at 0.5"), new TableColumn(title, true, "at the threshold")) { Sortable = true };
        foreach (var label in decision.Labels.Take(MostLabels))
        {
            table.Add([Words.Name(label.Label), Number(label.Threshold), Number(label.Usual), Number(label.Chosen)]);
        }

        return table.Finish();
    }

    private static string Name(CalibrationMethod method) => method switch
    {
        CalibrationMethod.Platt => "Platt scaling",
        CalibrationMethod.Isotonic => "isotonic regression",
        CalibrationMethod.Temperature => "temperature scaling",
        CalibrationMethod.Beta => "beta calibration",
        _ => "nothing",
    };

    private static string Title(string measure) => measure == "cost_per_1000" ? "the cost of 1,000 rows" : Evaluation.Metrics.Find(measure).Title;

    private static string Sentence(string text) => char.ToUpper(text[0], CultureInfo.InvariantCulture) + text[1..] + ".";

    private static string Number(double value) => double.IsFinite(value) && Math.Abs(value) < 10 ? Figures.Sign(value.ToString("0.0000", CultureInfo.InvariantCulture)) : Figures.Value(value);
}
