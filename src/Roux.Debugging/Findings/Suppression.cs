using System.Globalization;
using System.Text.RegularExpressions;
using Roux.Tracking;

namespace Roux.Debugging.Findings;

/// <summary>Findings that somebody has looked at and lives with.</summary>
/// <param name="Check">Name of the check.</param>
/// <param name="Columns">Columns or layers that it is about, <c>*</c> standing for any characters; empty: whatever it is about.</param>
/// <param name="Reason">Why they are no trouble.</param>
/// <param name="Until">The last day on which it counts; <c>null</c>: for good.</param>
public sealed record Suppression(string Check, IReadOnlyList<string> Columns, string Reason, DateOnly? Until)
{
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(1);

    /// <summary>Whether it is about one finding alone: somebody accepted it where findings are shown.</summary>
    public bool IsAccepted { get; private init; }

    /// <summary>A finding that somebody accepted.</summary>
    public static Suppression Of(AcceptedFinding accepted)
    {
        ArgumentNullException.ThrowIfNull(accepted);
        return new Suppression(accepted.Check, accepted.Columns, string.Create(CultureInfo.InvariantCulture, $"{accepted.Reason} (accepted by {accepted.Actor} on {accepted.Time.UtcDateTime:yyyy-MM-dd})"), null) { IsAccepted = true };
    }

    /// <summary>Whether a finding is meant: of this check, and about no column but those named.</summary>
    public bool Covers(Finding finding)
    {
        ArgumentNullException.ThrowIfNull(finding);
        if (IsAccepted)
        {
            return finding.Check == Check && finding.Columns.SequenceEqual(Columns, StringComparer.Ordinal);
        }

        return finding.Check == Check && (Columns.Count == 0 || (finding.Columns.Count > 0 && finding.Columns.All(column => Columns.Any(pattern => Matches(pattern, column)))));
    }

    private static bool Matches(string pattern, string column) =>
        Regex.IsMatch(column, $"^{Regex.Escape(pattern).Replace("\\*", ".*", StringComparison.Ordinal)}$", RegexOptions.Singleline | RegexOptions.CultureInvariant | RegexOptions.NonBacktracking, Longest);
}

/// <summary>A finding that is not told, and why.</summary>
/// <param name="Finding">The finding.</param>
/// <param name="Suppression">What keeps it quiet.</param>
public sealed record SuppressedFinding(Finding Finding, Suppression Suppression);
