using System.Globalization;
using Roux.Tracking;
using Roux.Tracking.Exports;

namespace Roux.Cli.Gates;

/// <summary>A gate as JUnit XML: a rule that fails is a failure, one that cannot be told an error.</summary>
internal static class JunitFile
{
    public static void Write(string path, GateReport report)
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"{report.Model}/{report.Version}");
        JunitXml.Write(path, $"roux gate {name}", name, report.Time, [.. report.Results.Select(result => new JunitCase(
            result.Title,
            result.Kind,
            result.Judgement.Outcome switch { RuleOutcome.Pass => JunitOutcome.Pass, RuleOutcome.Fail => JunitOutcome.Failure, _ => JunitOutcome.Error },
            result.Judgement.Reason,
            $"{result.Title}: {result.Judgement.Reason}\n{result.Judgement.Numbers?.ToJsonString()}"))]);
    }
}
