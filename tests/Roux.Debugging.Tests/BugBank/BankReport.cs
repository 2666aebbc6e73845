using System.Globalization;
using System.Text;
using Roux.Debugging.Checks;
using Roux.Tracking;
using Shouldly;

namespace Roux.Debugging.Tests.BugBank;

/// <summary>How well the checks do on bugs and on healthy set-ups.</summary>
public sealed class BankReport
{
    private readonly List<(Bug Bug, int Seed, int Place, IReadOnlyList<Finding> Findings)> bugs = [];
    private readonly List<(Healthy Healthy, int Seed, IReadOnlyList<Finding> Findings)> healthy = [];

    private BankReport()
    {
    }

    /// <summary>Shares of the bugs whose right finding came first, and was there at all; of the healthy set-ups with a false alarm of high and of medium severity.</summary>
    public (double First, double Named, double High, double Medium) Rates => (
        Share(bugs, bug => bug.Place == 0), Share(bugs, bug => bug.Place >= 0),
        Share(healthy, one => one.Findings.Any(finding => finding.Severity == Severity.High)), Share(healthy, one => one.Findings.Any(finding => finding.Severity == Severity.Medium)));

    /// <summary>Looks at every bug and every healthy set-up with every seed.</summary>
    public static BankReport Of(IEnumerable<Bug> bugs, IEnumerable<Healthy> healthy, params int[] seeds)
    {
        var report = new BankReport();
        foreach (var bug in bugs)
        {
            foreach (var seed in seeds)
            {
                var findings = bug.Findings(seed);
                report.bugs.Add((bug, seed, findings.ToList().FindIndex(finding => bug.Expected.Contains(finding.Check)), findings));
            }
        }

        foreach (var one in healthy)
        {
            report.healthy.AddRange(seeds.Select(seed => (one, seed, one.Findings(seed))));
        }

        return report;
    }

    /// <summary>Right finding first for at least 90%, named for 97% (where no others are given), no false alarm of severity high, of severity medium under 5%; the message lists what went wrong.</summary>
    public void ShouldBeGood(double first = 0.9, double named = 0.97)
    {
        var rates = Rates;
        var text = ToString();
        bugs.SelectMany(bug => bug.Findings).Concat(healthy.SelectMany(one => one.Findings)).ShouldNotContain(finding => finding.Check == CheckRunner.Failed, text);
        rates.High.ShouldBe(0, text);
        if (bugs.Count > 0)
        {
            rates.First.ShouldBeGreaterThanOrEqualTo(first, text);
            rates.Named.ShouldBeGreaterThanOrEqualTo(named, text);
        }

        rates.Medium.ShouldBeLessThan(0.05, text);
    }

    /// <summary>The rates, and every bug that was not found first and every false alarm.</summary>
    public override string ToString()
    {
        var text = new StringBuilder();
        var (first, named, high, medium) = Rates;
        text.AppendLine(CultureInfo.InvariantCulture, $"{bugs.Count} bugs: right finding first {first:P1}, named {named:P1}; {healthy.Count} healthy: false alarms high {high:P1}, medium {medium:P1}");
        foreach (var (bug, seed, place, findings) in bugs.Where(bug => bug.Place != 0))
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"  {(place < 0 ? "MISSED" : $"place {place + 1}")} {bug.Name} (seed {seed}): expected {string.Join(" or ", bug.Expected)}, got {Names(findings)}");
        }

        foreach (var (one, seed, findings) in healthy.Where(one => one.Findings.Any(finding => finding.Severity >= Severity.Medium)))
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"  FALSE ALARM {one.Name} (seed {seed}): {string.Join("; ", findings.Where(finding => finding.Severity >= Severity.Medium).Select(finding => $"{finding.Check} ({finding.Severity}): {finding.Message}"))}");
        }

        return text.ToString();
    }

    private static string Names(IReadOnlyList<Finding> findings) => findings.Count == 0 ? "nothing" : string.Join(", ", findings.Take(8).Select(finding => $"{finding.Check} ({finding.Severity})"));

    private static double Share<T>(List<T> items, Func<T, bool> which) => items.Count == 0 ? 0 : (double)items.Count(which) / items.Count;
}
