using Roux.Debugging.Checks;
using Roux.Debugging.Checks.Models;
using Roux.Debugging.Findings;
using Roux.Learning.AutoML;
using Roux.Learning.Data;
using Roux.Tracking;

namespace Roux.Debugging.Sessions;

/// <summary>The checks as a development has them look by themselves: at its data before the search, at its winner after it.</summary>
/// <param name="context">Seed, threads, thresholds.</param>
public sealed class DevelopChecks(CheckContext context) : IDevelopChecks
{
    private static readonly HashSet<string> OfTables = TableChecks.All.Select(check => check.Name).ToHashSet(StringComparer.Ordinal);

    /// <summary>Checks whose question the development itself answers better, by all that it tried.</summary>
    private static readonly string[] AnsweredByDevelopment = ["worse-than-baseline", "high-bias", "decision-threshold", "test-set-too-small"];

    /// <inheritdoc/>
    public IReadOnlyList<Finding> OfData(DevelopOptions options, LoadedTable data, LoadedTable? test, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(data);
        return UntilStopped(TableChecks.All, () => TableSubject.Of(data.Table, options.Target, TableSession.Known(options, test), cancellation), cancellation);
    }

    /// <inheritdoc/>
    public IReadOnlyList<Finding> OfWinner(DevelopResult result, CancellationToken cancellation) =>
        UntilStopped([.. ModelChecks.All.Where(check => !AnsweredByDevelopment.Contains(check.Name))], () => ModelSubject.Of(result, context with { Cancellation = cancellation }), cancellation);

    /// <inheritdoc/>
    public IReadOnlyList<Finding> Settle(IReadOnlyList<Finding> known, IReadOnlyList<Finding> ofData, IReadOnlyList<Finding> ofWinner)
    {
        // The profile's rules are among the checks of tables, which look at more: what both say is said once.
        var kept = ofData.Count == 0 ? known : known.Where(finding => !OfTables.Contains(finding.Check));
        return FindingList.Of(kept.Concat(ofData).Concat(ofWinner), CheckCatalog.All);
    }

    private List<Finding> UntilStopped<TSubject>(IReadOnlyList<Check<TSubject>> checks, Func<TSubject> make, CancellationToken cancellation)
    {
        var found = new List<Finding>();
        try
        {
            var subject = make();
            foreach (var check in checks)
            {
                found.AddRange(CheckRunner.Run([check], subject, context with { Cancellation = cancellation }));
            }
        }
        catch (OperationCanceledException)
        {
            // Within the time of a development there is not always some for every check.
        }
        catch (DataException)
        {
            // What cannot be read as the checks need it is no reason to lose a finished development.
        }

        return found;
    }
}
