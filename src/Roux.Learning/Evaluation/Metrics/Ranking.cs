using Roux.Learning.Data;

namespace Roux.Learning.Evaluation;

/// <summary>The rows in order of falling score for one class, with ties marked.</summary>
internal sealed class Ranking
{
    private Ranking(int[] rows, bool[] tied) => (Rows, Tied) = (rows, tied);

    /// <summary>Rows, the highest score first.</summary>
    public int[] Rows { get; }

    /// <summary>Whether the score at a place equals the one before it.</summary>
    public bool[] Tied { get; }

    /// <summary>Ranks rows by output <paramref name="output"/>; <c>null</c> if a score is not a number.</summary>
    public static Ranking? Of(Predictions p, int output)
    {
        var keys = new double[p.Rows];
        var rows = new int[p.Rows];
        for (var row = 0; row < rows.Length; row++)
        {
            keys[row] = -p.Values[row * p.Width + output];
            rows[row] = row;
            if (double.IsNaN(keys[row]))
            {
                return null;
            }
        }

        Array.Sort(keys, rows);
        var tied = new bool[rows.Length];
        for (var i = 1; i < keys.Length; i++)
        {
            tied[i] = keys[i] == keys[i - 1];
        }

        return new Ranking(rows, tied);
    }
}

/// <summary>One class's ranking together with which of its places hold a row of that class.</summary>
internal sealed class RankedClass(Ranking ranking, bool[] positive)
{
    /// <summary>The question "this output against the rest"; <c>null</c> if a score is not a number.</summary>
    public static RankedClass? Of(Target y, Predictions p, int output)
    {
        var ranking = Ranking.Of(p, output);
        if (ranking is null)
        {
            return null;
        }

        var positive = new bool[ranking.Rows.Length];
        for (var i = 0; i < positive.Length; i++)
        {
            var row = ranking.Rows[i];
            positive[i] = y.Task == TaskKind.Multilabel ? y.Indicators[row * p.Width + output] : y.Labels[row] == output;
        }

        return new RankedClass(ranking, positive);
    }

    /// <summary>Area under the ROC curve: the share of pairs of a positive and a negative row that are in order, ties counting half. NaN without either.</summary>
    public double Area(ReadOnlySpan<int> counts)
    {
        var (rows, tied) = (ranking.Rows, ranking.Tied);
        double above = 0, inOrder = 0, groupPositives = 0, groupNegatives = 0, negatives = 0;
        for (var i = 0; i < rows.Length; i++)
        {
            if (!tied[i])
            {
                inOrder += groupNegatives * (above + 0.5 * groupPositives);
                above += groupPositives;
                negatives += groupNegatives;
                groupPositives = groupNegatives = 0;
            }

            if (positive[i])
            {
                groupPositives += counts[rows[i]];
            }
            else
            {
                groupNegatives += counts[rows[i]];
            }
        }

        inOrder += groupNegatives * (above + 0.5 * groupPositives);
        above += groupPositives;
        negatives += groupNegatives;
        return above == 0 || negatives == 0 ? double.NaN : inOrder / (above * negatives);
    }

    /// <summary>Average precision: the sum over thresholds of precision times the gain in recall. Zero without a positive row, as in scikit-learn.</summary>
    public double AveragePrecision(ReadOnlySpan<int> counts)
    {
        var (rows, tied) = (ranking.Rows, ranking.Tied);
        double positives = 0, all = 0, group = 0, sum = 0;
        for (var i = 0; i < rows.Length; i++)
        {
            if (!tied[i])
            {
                positives += group;
                sum += group == 0 ? 0 : group * (positives / all);
                group = 0;
            }

            var count = counts[rows[i]];
            all += count;
            group += positive[i] ? count : 0;
        }

        positives += group;
        sum += group == 0 ? 0 : group * (positives / all);
        return positives == 0 ? 0 : sum / positives;
    }
}
