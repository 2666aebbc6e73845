namespace Roux.Tracking;

/// <summary>A promotion that the model's gates do not allow. The message names the rules.</summary>
public sealed class PromotionRefusedException : TrackingException
{
    private const int Told = 5;

    /// <param name="report">What the gates said.</param>
    /// <param name="target">Where the version was to go, such as <c>stage Production</c>.</param>
    public PromotionRefusedException(GateReport report, string target) : base(MessageOf(report, target)) => Report = report;

    /// <summary>What the gates said.</summary>
    public GateReport Report { get; }

    private static string MessageOf(GateReport report, string target)
    {
        var failures = report.Failures.ToList();
        var list = string.Join("; ", failures.Take(Told).Select(failure => $"{failure.Title}: {failure.Judgement.Reason}"));
        var more = failures.Count > Told ? System.FormattableString.Invariant($"; and {failures.Count - Told} more") : "";
        return $"{report.Model}/{report.Version} does not pass the gates of {report.Model} for {target}: {list}{more}. See all rules with: roux gate {report.Model}/{report.Version}";
    }
}
