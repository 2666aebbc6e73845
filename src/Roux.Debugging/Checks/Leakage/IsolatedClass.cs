using Roux.Learning.Data;

namespace Roux.Debugging.Checks.Leakage;

/// <summary>A class of several that one column tells from all others without an error, by a limit or by its levels.</summary>
/// <param name="Column">The column.</param>
/// <param name="Class">The class.</param>
internal sealed record IsolatedClass(string Column, int Class)
{
    private const int MostRows = 20_000, MostClasses = 20, LeastRows = 20;

    /// <summary>Finds it; <c>null</c> where the column isolates none, or is not known in every row.</summary>
    /// <param name="subject">A table of three classes or more.</param>
    /// <param name="name">The column.</param>
    /// <param name="slips">Share of the class's rows that may lie on the other side.</param>
    /// <param name="seed">Draws the rows that are looked at.</param>
    public static IsolatedClass? Of(TableSubject subject, string name, double slips, int seed)
    {
        var labels = subject.Target!.Labels;
        var chosen = TableSubject.Sample(subject.Labelled.Length, MostRows, seed);
        var counts = new int[subject.Target.Classes.Length];
        foreach (var i in chosen)
        {
            counts[labels[i]]++;
        }

        var wanted = Enumerable.Range(0, counts.Length).Where(k => counts[k] >= LeastRows && chosen.Length - counts[k] >= LeastRows).OrderByDescending(k => counts[k]).Take(MostClasses);
        int[]? order = subject.Train[name] switch
        {
            NumberColumn numbers when chosen.All(i => !numbers.IsMissing(subject.Labelled[i])) => Sorted(chosen, i => numbers.Values[subject.Labelled[i]]),
            TextColumn texts when texts.Levels.Length <= 50 && chosen.All(i => texts.Codes[subject.Labelled[i]] >= 0) => chosen,
            _ => null,
        };
        if (order is null)
        {
            return null;
        }

        var ids = subject.Train[name] is TextColumn text ? Array.ConvertAll(order, i => text.Codes[subject.Labelled[i]]) : null;
        var values = subject.Train[name] is NumberColumn number ? Array.ConvertAll(order, i => number.Values[subject.Labelled[i]]) : null;
        foreach (var k in wanted)
        {
            var own = Array.ConvertAll(order, i => labels[i] == k);
            var wrong = ids is not null ? ByLevel(ids, own) : ByLimit(values!, own, counts[k]);
            if (wrong <= slips * counts[k])
            {
                return new IsolatedClass(name, k);
            }
        }

        return null;
    }

    private static int[] Sorted(int[] chosen, Func<int, double> value)
    {
        var order = (int[])chosen.Clone();
        Array.Sort(Array.ConvertAll(chosen, i => value(i)), order);
        return order;
    }

    /// <summary>Rows on the wrong side when every level goes to where most of its rows are.</summary>
    private static int ByLevel(int[] levels, bool[] own)
    {
        var (inside, all) = (new int[levels.Max() + 1], new int[levels.Max() + 1]);
        for (var i = 0; i < levels.Length; i++)
        {
            inside[levels[i]] += own[i] ? 1 : 0;
            all[levels[i]]++;
        }

        return Enumerable.Range(0, all.Length).Sum(level => Math.Min(inside[level], all[level] - inside[level]));
    }

    /// <summary>Rows on the wrong side of the best limit, the class above it or below.</summary>
    private static int ByLimit(double[] sorted, bool[] own, int count)
    {
        var (below, best) = (0, int.MaxValue);
        for (var i = 0; i < sorted.Length - 1; i++)
        {
            below += own[i] ? 1 : 0;
            if (sorted[i] < sorted[i + 1])
            {
                var others = i + 1 - below;
                best = Math.Min(best, Math.Min(others + count - below, below + sorted.Length - count - others));
            }
        }

        return best;
    }
}
