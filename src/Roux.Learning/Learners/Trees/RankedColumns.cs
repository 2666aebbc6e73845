using Roux.Learning.Features;

namespace Roux.Learning.Learners.Trees;

/// <summary>
/// Features column by column, each value replaced by its rank among the distinct values of its feature. Up to 50,000 rows ranks are exact;
/// beyond, values are gathered in at most 255 bins of about equal counts.
/// </summary>
internal sealed class RankedColumns
{
    /// <summary>Most rows for which every distinct value keeps its own rank.</summary>
    public const int MaxExactRows = 50_000;

    private RankedColumns(int rows, int columns, int rankShift)
    {
        Rows = rows;
        Codes = new ushort[columns][];
        Lows = new float[columns][];
        Highs = new float[columns][];
        HasMissing = new bool[columns];
        MostlyLowest = new bool[columns];
        RankShift = rankShift;
    }

    public int Rows { get; }

    public int Columns => Codes.Length;

    /// <summary>Per feature, per row: the rank of the value; for a missing one the number of ranks.</summary>
    public ushort[][] Codes { get; }

    /// <summary>Per feature, per rank: the smallest value of that rank.</summary>
    public float[][] Lows { get; }

    /// <summary>Per feature, per rank: the largest value of that rank.</summary>
    public float[][] Highs { get; }

    /// <summary>Per feature: whether any value is missing.</summary>
    public bool[] HasMissing { get; }

    /// <summary>Per feature: whether at least half of the rows have the lowest value, as the zeros of terms and indicators do.</summary>
    public bool[] MostlyLowest { get; }

    /// <summary>A rank shifted left by this many bits leaves room for a row number in 32 bits.</summary>
    public int RankShift { get; }

    /// <exception cref="LearnerException">More than 16 million rows.</exception>
    public static RankedColumns From(FeatureMatrix dense, FitContext context)
    {
        if (dense.Rows >= 1 << 24)
        {
            throw new LearnerException($"trees take at most {(1 << 24) - 1} rows here, not {dense.Rows}: train on a sample");
        }

        var exact = dense.Rows <= MaxExactRows;
        var ranked = new RankedColumns(dense.Rows, dense.Columns, exact ? 16 : 24);
        Loops.For(dense.Columns, context.Threads, context.Cancellation, column => ranked.Rank(dense, column, exact ? ushort.MaxValue : 255));
        return ranked;
    }

    /// <summary>A threshold t with everything of rank <paramref name="left"/> at or below it and everything of rank <paramref name="right"/> above it.</summary>
    public float Between(int column, int left, int right)
    {
        var (low, high) = (Highs[column][left], Lows[column][right]);
        var middle = (float)(((double)low + high) / 2);
        return middle >= low && middle < high ? middle : low;
    }

    private void Rank(FeatureMatrix dense, int column, int maxRanks)
    {
        var values = new float[Rows];
        var order = new int[Rows];
        for (var row = 0; row < Rows; row++)
        {
            values[row] = dense.Dense![row * dense.Columns + column];
            order[row] = row;
        }

        Array.Sort(values, order); // NaN first
        var missing = 0;
        while (missing < Rows && float.IsNaN(values[missing]))
        {
            missing++;
        }

        var distinct = 0;
        for (var i = missing; i < Rows; i++)
        {
            distinct += i == missing || values[i] != values[i - 1] ? 1 : 0;
        }

        var lows = new List<float>();
        var highs = new List<float>();
        var codes = new ushort[Rows];
        var perBin = distinct <= maxRanks ? 0 : (double)(Rows - missing) / maxRanks;
        var nextEdge = 0.0;
        for (var i = missing; i < Rows; i++)
        {
            var isNew = i == missing || values[i] != values[i - 1];
            if (isNew && i - missing >= nextEdge && lows.Count < maxRanks)
            {
                lows.Add(values[i]);
                highs.Add(values[i]);
                nextEdge = Math.Max(nextEdge + perBin, i - missing + Math.Min(perBin, 1));
            }

            highs[^1] = values[i];
            codes[order[i]] = (ushort)(lows.Count - 1);
        }

        for (var i = 0; i < missing; i++)
        {
            codes[order[i]] = (ushort)lows.Count;
        }

        MostlyLowest[column] = codes.AsSpan().Count((ushort)0) * 2 >= Rows;
        (Codes[column], Lows[column], Highs[column], HasMissing[column]) = (codes, [.. lows], [.. highs], missing > 0);
    }
}
