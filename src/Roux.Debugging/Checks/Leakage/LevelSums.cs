using Roux.Learning.Data;

namespace Roux.Debugging.Checks.Leakage;

/// <summary>Sum and number of the answers of each level of a category; of the test rows too, where asked.</summary>
/// <param name="Values">By row that is counted its number to predict, or 1 where it is of the class asked about.</param>
/// <param name="Levels">By row its level.</param>
/// <param name="Column">By row the number in the column that may hold the means.</param>
/// <param name="Count">Number of levels.</param>
internal sealed record LevelSums(double[] Values, int[] Levels, double[] Column, int Count)
{
    /// <summary>Sums of the levels.</summary>
    public double[] Sums { get; } = Added(Values, Levels, Count);

    /// <summary>Rows of the levels.</summary>
    public double[] Rows { get; } = Added(Array.ConvertAll(Values, _ => 1.0), Levels, Count);

    /// <summary>The rows of which level, number and answer are known.</summary>
    /// <param name="subject">The table.</param>
    /// <param name="column">Name of the column that may hold the means.</param>
    /// <param name="category">Name of the category.</param>
    /// <param name="oneClass">Class that is counted; ignored for numbers.</param>
    /// <param name="withTest">Whether test rows are counted as well.</param>
    public static LevelSums Of(TableSubject subject, string column, string category, int oneClass, bool withTest)
    {
        var (values, levels, numbers) = (new List<double>(), new List<int>(), new List<double>());
        var names = new Dictionary<string, int>(StringComparer.Ordinal);
        void Add(Table table, int[] rows, Target answers)
        {
            if (table.Find(column) is not NumberColumn number || table.Find(category) is not TextColumn text)
            {
                return;
            }

            for (var i = 0; i < rows.Length; i++)
            {
                var (row, code) = (rows[i], text.Codes[rows[i]]);
                if (code < 0 || number.IsMissing(row))
                {
                    continue;
                }

                var level = text.Levels[code];
                names.TryAdd(level, names.Count);
                levels.Add(names[level]);
                numbers.Add(number.Values[row]);
                values.Add(answers.Task == TaskKind.Regression ? answers.Values[i] : answers.Labels[i] == oneClass ? 1 : 0);
            }
        }

        Add(subject.Train, subject.Labelled, subject.Target!);
        if (withTest && subject is { Test: { } test, TestTarget: { } known })
        {
            Add(test, subject.TestLabelled, known);
        }

        return new LevelSums([.. values], [.. levels], [.. numbers], names.Count);
    }

    /// <summary>The number of each level, where all its rows have the same; <c>null</c> where they have not.</summary>
    public double[]? Single()
    {
        var found = new double[Count];
        Array.Fill(found, double.NaN);
        for (var i = 0; i < Levels.Length; i++)
        {
            if (double.IsNaN(found[Levels[i]]))
            {
                found[Levels[i]] = Column[i];
            }
            else if (Math.Abs(found[Levels[i]] - Column[i]) > 1e-9 * Math.Abs(Column[i]))
            {
                return null;
            }
        }

        return found;
    }

    /// <summary>
    /// Whether every number is the mean answer of the level's other rows: then number times the others, plus the row's own answer, is the
    /// level's sum. It gives the answer away: of two classes the rows of a level have two numbers, the lower for the higher answer.
    /// </summary>
    public bool LeavesOneOut(double agreement)
    {
        double off = 0, all = 0;
        var (mean, used) = (Values.Average(), 0);
        for (var i = 0; i < Levels.Length; i++)
        {
            var rows = Rows[Levels[i]];
            if (rows >= 2)
            {
                var expected = (Sums[Levels[i]] - Values[i]) / (rows - 1);
                off += (Column[i] - expected) * (Column[i] - expected);
                all += (expected - mean) * (expected - mean);
                used++;
            }
        }

        return used >= 50 && all > 0 && off <= (1 - agreement) * all;
    }

    private static double[] Added(double[] values, int[] levels, int count)
    {
        var sums = new double[count];
        for (var i = 0; i < levels.Length; i++)
        {
            sums[levels[i]] += values[i];
        }

        return sums;
    }
}
