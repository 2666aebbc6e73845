using Roux.Learning.Evaluation.Assumptions;

namespace Roux.Learning.Reports.Sections;

/// <summary>How the assumptions of learners fare: a mark beside each score, and what was found.</summary>
internal static class AssumptionDetails
{
    /// <summary>In a few words; empty where nothing was checked for the learner.</summary>
    public static string Mark(AssumptionReport report, string learner)
    {
        var checks = report.For(learner);
        var (violated, doubtful) = (checks.Count(check => check.Status == AssumptionStatus.Violated), checks.Count(check => check.Status == AssumptionStatus.Doubtful));
        return checks.All(check => check.Status == AssumptionStatus.NotChecked) ? ""
            : violated == 0 && doubtful == 0 ? "hold"
            : string.Join(", ", new[] { violated > 0 ? $"{violated} violated" : "", doubtful > 0 ? $"{doubtful} doubtful" : "" }.Where(part => part.Length > 0));
    }

    /// <summary>All checks, the worst first.</summary>
    public static Markup Make(ReportContext context)
    {
        if (context.Result.Evidence.Assumptions is not { Checks.Count: > 0 } report)
        {
            return Markup.Empty;
        }

        var table = new HtmlTable("Assumptions", new TableColumn("Assumption"), new TableColumn("Status"), new TableColumn("What was found"), new TableColumn("What to do"), new TableColumn("Assumed by")) { Style = "full", HideCaption = true };
        foreach (var check in report.Checks)
        {
            table.Add(
            [
                check.Assumption,
                Word(check.Status),
                Markup.Of($"{Figures.Cut(check.Message, 400)}{(check.Bounds.Length == 0 ? Markup.Empty : Markup.Of($"<small>{check.Statistic} {Figures.Value(check.Value)}{(double.IsNaN(check.PValue) ? "" : $", p {Figures.PValue(check.PValue)}")}; {check.Bounds}</small>"))}"),
                Figures.Cut(check.Advice, 300),
                Markup.Of($"<small>{string.Join(", ", check.Learners)}</small>"),
            ], check.Status == AssumptionStatus.Violated ? "best" : "");
        }

        var violated = report.Checks.Count(check => check.Status == AssumptionStatus.Violated);
        return Markup.Of($"""
            <details><summary>What the learners take for granted{(violated > 0 ? $": {Words.Many(violated, "assumption")} violated" : "")}</summary>
            <p class="note">Checked on {Words.Many(report.Rows, "row")} and {Words.Many(report.Features, "feature")} of the development data. A violated assumption explains a poor score or makes weights and probabilities unreliable; it does not rule a model out that scores well.</p>
            {table.Finish()}</details>

            """);
    }

    public static string Word(AssumptionStatus status) => status == AssumptionStatus.NotChecked ? "not checked" : status.ToString().ToLowerInvariant();
}
