using Roux.Debugging.Checks;
using Roux.Tracking;
using Roux.Tracking.Exports;

namespace Roux.Debugging.Findings;

/// <summary>A debugging session as JUnit XML: one case a check, and a failure for each finding that is severe enough.</summary>
public static class JunitReport
{
    /// <summary>Writes the file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="result">The session.</param>
    /// <param name="failOn">The least severity that fails.</param>
    /// <exception cref="TrackingException">The file cannot be written.</exception>
    public static void Write(string path, DebugResult result, Severity failOn)
    {
        ArgumentNullException.ThrowIfNull(result);
        var cases = result.Findings.Select(finding => Of(finding, failOn)).ToList();
        cases.AddRange(result.Suppressed.Select(one => new JunitCase(Name(one.Finding), one.Finding.Check, JunitOutcome.Skipped, one.Suppression.Reason, "")));
        var spoken = result.Findings.Concat(result.Suppressed.Select(one => one.Finding)).Select(finding => finding.Check).ToHashSet(StringComparer.Ordinal);
        cases.AddRange(result.Checks.Where(card => !spoken.Contains(card.Name)).Select(card => new JunitCase(card.Name, card.Name, JunitOutcome.Pass, "", "")));
        JunitXml.Write(path, $"roux debug {result.Subject}", result.Subject, result.Time, cases);
    }

    private static JunitCase Of(Finding finding, Severity failOn)
    {
        var outcome = finding.Check == CheckRunner.Failed ? JunitOutcome.Error : finding.Severity >= failOn ? JunitOutcome.Failure : JunitOutcome.Pass;
        var details = $"{finding.Severity.ToString().ToLowerInvariant()}: {finding.Message}\nLikely cause: {finding.Cause}\nWhat to do: {finding.Fix}\nHow to verify: {finding.Verify}\n";
        return new JunitCase(Name(finding), finding.Check, outcome, outcome == JunitOutcome.Pass ? details : finding.Message, details);
    }

    private static string Name(Finding finding) => finding.Columns.Count == 0 ? finding.Check : $"{finding.Check} ({string.Join(", ", finding.Columns.Take(5))}{(finding.Columns.Count > 5 ? ", …" : "")})";
}
