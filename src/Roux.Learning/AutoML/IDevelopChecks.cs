using Roux.Learning.Data;
using Roux.Tracking;

namespace Roux.Learning.AutoML;

/// <summary>Checks that look by themselves while a development goes on.</summary>
public interface IDevelopChecks
{
    /// <summary>Looks at the data before the search. Stops quietly, with what was found by then, when asked to.</summary>
    IReadOnlyList<Finding> OfData(DevelopOptions options, LoadedTable data, LoadedTable? test, CancellationToken cancellation);

    /// <summary>Looks at the winner. Stops quietly, with what was found by then, when asked to.</summary>
    IReadOnlyList<Finding> OfWinner(DevelopResult result, CancellationToken cancellation);

    /// <summary>Makes one list of what the development knows by itself and of what the checks found: each cause once, the most important first.</summary>
    IReadOnlyList<Finding> Settle(IReadOnlyList<Finding> known, IReadOnlyList<Finding> ofData, IReadOnlyList<Finding> ofWinner);
}
