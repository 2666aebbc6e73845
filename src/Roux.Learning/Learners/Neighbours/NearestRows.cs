namespace Roux.Learning.Learners.Neighbours;

/// <summary>How far apart rows are.</summary>
internal enum Metric
{
    /// <summary>Root of the summed squared differences.</summary>
    Euclidean,

    /// <summary>Sum of the absolute differences.</summary>
    Manhattan,

    /// <summary>1 minus the cosine of the angle; 1 where either row is all zeros.</summary>
    Cosine,
}

/// <summary>Keeps the k nearest of the rows offered, nearest first; of equals, the one offered first.</summary>
internal sealed class NearestRows(int k)
{
    private readonly double[] distances = new double[k];
    private readonly int[] rows = new int[k];

    public int Count { get; private set; }

    public ReadOnlySpan<double> Distances => distances.AsSpan(0, Count);

    public ReadOnlySpan<int> Rows => rows.AsSpan(0, Count);

    /// <summary>Rows at this distance or beyond need not be offered.</summary>
    public double Limit => Count < k ? double.PositiveInfinity : distances[k - 1];

    public void Clear() => Count = 0;

    /// <summary>Squared distances become distances.</summary>
    public void TakeRoots()
    {
        for (var i = 0; i < Count; i++)
        {
            distances[i] = Math.Sqrt(distances[i]);
        }
    }

    public void Offer(double distance, int row)
    {
        if (Count == k && !(distance < distances[k - 1]))
        {
            return;
        }

        var at = Count < k ? Count++ : k - 1;
        for (; at > 0 && distances[at - 1] > distance; at--)
        {
            (distances[at], rows[at]) = (distances[at - 1], rows[at - 1]);
        }

        (distances[at], rows[at]) = (distance, row);
    }
}
