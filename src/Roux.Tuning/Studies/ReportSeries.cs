using System.Collections;

namespace Roux.Tuning;

/// <summary>
/// What a trial had reported at some moment. Later moments share what is the same: a further report copies nothing, and a snapshot never changes.
/// </summary>
internal sealed class ReportSeries : IReadOnlyList<(long Step, double Value)>
{
    private readonly List<(long Step, double Value)> shared;

    private ReportSeries(List<(long Step, double Value)> shared) => (this.shared, Count) = (shared, shared.Count);

    /// <inheritdoc/>
    public int Count { get; }

    /// <inheritdoc/>
    public (long Step, double Value) this[int index] => index < Count ? shared[index] : throw new ArgumentOutOfRangeException(nameof(index), index, $"there are {Count}");

    /// <summary>These reports and one more.</summary>
    public static ReportSeries Of(IReadOnlyList<(long Step, double Value)> before, long step, double value)
    {
        // Only the latest snapshot may let the list grow; another goes its own way.
        var list = before is ReportSeries series && series.shared.Count == series.Count ? series.shared : [.. before];
        list.Add((step, value));
        return new ReportSeries(list);
    }

    /// <inheritdoc/>
    public IEnumerator<(long Step, double Value)> GetEnumerator()
    {
        for (var i = 0; i < Count; i++)
        {
            yield return shared[i];
        }
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
