namespace Roux.Learning.Data;

/// <summary>A distribution by its cumulative shares.</summary>
/// <param name="Edges">Values, ascending: all there are where <paramref name="IsExact"/>, else quantiles at steps of a twentieth, each once.</param>
/// <param name="Shares">Per edge the share of values that are not above it; ascending, the last is 1.</param>
/// <param name="IsExact">Whether the edges are all values, so that shares jump at them; else they run straight from edge to edge.</param>
public sealed record ValueSpread(IReadOnlyList<double> Edges, IReadOnlyList<double> Shares, bool IsExact)
{
    /// <summary>Share of values that are not above <paramref name="value"/>.</summary>
    public double At(double value)
    {
        var below = -1;
        for (var i = 0; i < Edges.Count && Edges[i] <= value; i++)
        {
            below = i;
        }

        if (below < 0)
        {
            return 0;
        }

        if (IsExact || below == Edges.Count - 1)
        {
            return Shares[below];
        }

        return Shares[below] + ((Shares[below + 1] - Shares[below]) * (value - Edges[below]) / (Edges[below + 1] - Edges[below]));
    }

    /// <summary>Share of values below <paramref name="value"/>: other than <see cref="At"/> where the distribution jumps.</summary>
    public double Before(double value)
    {
        var at = -1;
        for (var i = 0; i < Edges.Count && Edges[i] < value; i++)
        {
            at = i;
        }

        return at < 0 ? 0 : IsExact ? Shares[at] : At(value);
    }
}
