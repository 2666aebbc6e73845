using Roux.Learning.Data;

namespace Roux.Learning.Features.Text;

/// <summary>Chooses the terms that become features, on training rows.</summary>
internal static class TermSelection
{
    /// <summary>Bounds the memory of the scores: terms x classes. Beyond it the more frequent terms are scored.</summary>
    private const long MaxCells = 50_000_000;

    /// <summary>The terms to keep, in no particular order, and in how many rows each term occurs. Where there are too many, those that depend most on the target.</summary>
    /// <param name="rows">Terms of each row.</param>
    /// <param name="y">Answers.</param>
    /// <param name="minRows">Terms in fewer rows are left out.</param>
    /// <param name="most">Most terms kept.</param>
    /// <param name="cancellation">Asks to stop.</param>
    public static (int[] Terms, int[] RowCounts) Select(TermRows rows, Target y, int minRows, int most, CancellationToken cancellation)
    {
        var rowCounts = new int[rows.Terms];
        for (var row = 0; row < y.Count; row++)
        {
            CheckNowAndThen(row, cancellation);
            foreach (var term in rows.Row(row))
            {
                rowCounts[term]++;
            }
        }

        var terms = Enumerable.Range(0, rowCounts.Length).Where(term => rowCounts[term] >= minRows).ToArray();
        if (terms.Length <= most)
        {
            return (terms, rowCounts);
        }

        var affordable = (int)Math.Max(most, MaxCells / Math.Max(1, y.Width));
        terms = Best(terms, affordable, Array.ConvertAll(terms, term => (double)rowCounts[term]), rows);
        terms = Best(terms, most, Scores(rows, y, terms, rowCounts, cancellation), rows);
        return (terms, rowCounts);
    }

    /// <summary>
    /// How strongly the presence of each term depends on the target: Pearson's χ² of the 2 x K table for classes (the largest over
    /// the labels for multilabel), n r² for numbers (Yang and Pedersen 1997, "A comparative study on feature selection in text categorization").
    /// </summary>
    private static double[] Scores(TermRows rows, Target y, int[] terms, int[] rowCounts, CancellationToken cancellation)
    {
        var place = new int[rows.Terms];
        Array.Fill(place, -1);
        for (var i = 0; i < terms.Length; i++)
        {
            place[terms[i]] = i;
        }

        var width = y.Width;
        var sums = new double[terms.Length * width]; // per term and class the rows that have both, or the sum of the answers
        var answers = new double[width];
        var totals = new double[width];
        var squares = 0.0;
        for (var row = 0; row < y.Count; row++)
        {
            CheckNowAndThen(row, cancellation);
            Answers(y, row, answers);
            for (var k = 0; k < width; k++)
            {
                totals[k] += answers[k];
            }

            squares += answers[0] * answers[0];
            foreach (var term in rows.Row(row))
            {
                if (place[term] < 0)
                {
                    continue;
                }

                for (var k = 0; k < width; k++)
                {
                    sums[place[term] * width + k] += answers[k];
                }
            }
        }

        var scores = new double[terms.Length];
        for (var i = 0; i < terms.Length; i++)
        {
            scores[i] = y.Task == TaskKind.Regression
                ? SquaredCorrelation(sums[i], rowCounts[terms[i]], totals[0], squares, y.Count)
                : ChiSquared(sums.AsSpan(i * width, width), rowCounts[terms[i]], totals, y.Count, y.Task == TaskKind.Multilabel);
        }

        return scores;
    }

    private static void Answers(Target y, int row, double[] answers)
    {
        if (y.Task == TaskKind.Regression)
        {
            answers[0] = y.Values[row];
            return;
        }

        for (var k = 0; k < answers.Length; k++)
        {
            answers[k] = (y.Task == TaskKind.Multilabel ? y.Indicators[row * answers.Length + k] : y.Labels[row] == k) ? 1 : 0;
        }
    }

    private static double SquaredCorrelation(double sum, double present, double total, double squares, double n)
    {
        var mean = total / n;
        var variance = squares / n - mean * mean;
        if (variance <= 0 || present >= n)
        {
            return 0;
        }

        var d = sum / present - mean;
        return d * d * present * n / ((n - present) * variance);
    }

    private static double ChiSquared(ReadOnlySpan<double> both, double present, double[] totals, double n, bool separately)
    {
        if (present >= n)
        {
            return 0;
        }

        var (sum, largest) = (0.0, 0.0);
        for (var k = 0; k < totals.Length; k++)
        {
            var expected = totals[k] * present / n;
            if (expected <= 0 || totals[k] >= n)
            {
                continue;
            }

            var d = both[k] - expected;
            var cell = d * d / expected * n / (n - present); // the rows with and without the term
            sum += cell;
            largest = Math.Max(largest, cell * n / (n - totals[k])); // and the rows of the other labels
        }

        return separately ? largest : sum;
    }

    private static int[] Best(int[] terms, int most, double[] scores, TermRows rows)
    {
        if (terms.Length <= most)
        {
            return terms;
        }

        var order = Enumerable.Range(0, terms.Length).ToArray();
        Array.Sort(order, (a, b) => scores[a] != scores[b] ? scores[b].CompareTo(scores[a]) : rows.TieBreak(terms[a]).CompareTo(rows.TieBreak(terms[b])));
        return [.. order.Take(most).Select(i => terms[i])];
    }

    private static void CheckNowAndThen(int row, CancellationToken cancellation)
    {
        if ((row & 255) == 0)
        {
            cancellation.ThrowIfCancellationRequested();
        }
    }
}
