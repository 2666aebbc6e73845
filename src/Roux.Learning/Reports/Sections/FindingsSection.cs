namespace Roux.Learning.Reports.Sections;

/// <summary>What the checks found: severity, evidence, cause, fix, how to verify.</summary>
internal static class FindingsSection
{
    private const int MaxFindings = 40;

    public static ReportSection Make(ReportContext context)
    {
        var findings = context.Result.Findings;
        return new("findings", "Findings", "Findings", findings.Count == 0
            ? Markup.Of($"<p>The checks of data and model found nothing to report.</p>\n")
            : Markup.Of($"""
                <p class="lead">{FindingArticle.Summary(findings)}</p>
                {findings.Take(MaxFindings).Select(FindingArticle.Write)}
                {(findings.Count > MaxFindings ? Markup.Of($"<p class=\"note\">{Words.Many(findings.Count - MaxFindings, "less severe finding")} more: roux show {context.Result.RunId}</p>") : Markup.Empty)}
                """));
    }
}
