using Roux.Learning.Data;
using Roux.Learning.Evaluation.Statistics;

namespace Roux.Learning.AutoML;

/// <summary>
/// Judges rules for classes. Quality is g^a (p - p0) (Klösgen 1996, "Explora"), with a = 1/2: the root of the share of rows covered times the gain in precision
/// over the class's share among the rows that are left. In the place of p stands the lower end of its Wilson interval (Wilson 1927), so that few rows
/// cannot look precise by luck.
/// </summary>
internal sealed class ClassJudge : CoverJudge
{
    private readonly string[] classes;
    private readonly ulong[][] members;
    private readonly double[] logFactorials;
    private int[] counts = [];
    private int total;

    public ClassJudge(Target target)
    {
        classes = target.Classes;
        members = [.. classes.Select((_, k) => Cover.Of(target.Count, row => target.Labels[row] == k))];
        logFactorials = new double[target.Count + 1];
        for (var n = 1; n < logFactorials.Length; n++)
        {
            logFactorials[n] = logFactorials[n - 1] + Math.Log(n);
        }
    }

    public override int Answers => classes.Length;

    public override void Consider(ulong[] population)
    {
        counts = Array.ConvertAll(members, member => Cover.CountBoth(member, population));
        total = counts.Sum();
    }

    public override CoverVerdict Judge(ulong[] cover, int rows)
    {
        var (best, most) = Majority(cover);
        var low = Proportion.Wilson(most, rows).Low;
        return new CoverVerdict(Math.Sqrt((double)rows / total) * (low - (double)counts[best] / total), best);
    }

    /// <summary>The upper tail of the hypergeometric distribution: Fisher's exact test (Fisher 1935), one-sided.</summary>
    public override double PValue(ulong[] cover, ulong[] population, double answer)
    {
        var member = members[(int)answer];
        var (drawn, hits, all, good) = (Cover.Count(cover), Cover.CountBoth(cover, member), Cover.Count(population), Cover.CountBoth(population, member));
        var tail = 0.0;
        for (var k = hits; k <= Math.Min(drawn, good); k++)
        {
            if (drawn - k <= all - good)
            {
                tail += Math.Exp(Choose(good, k) + Choose(all - good, drawn - k) - Choose(all, drawn));
            }
        }

        return Math.Min(1, tail);
    }

    public override double Default(ulong[] rows) => Majority(rows).Class;

    public override double Loss(ulong[] rows, double answer) => Cover.Count(rows) - Cover.CountBoth(rows, members[(int)answer]);

    public override string Text(double answer) => classes[(int)answer];

    private double Choose(int n, int k) => logFactorials[n] - logFactorials[k] - logFactorials[n - k];

    private (int Class, int Count) Majority(ulong[] rows)
    {
        var (best, most) = (0, -1);
        for (var k = 0; k < members.Length; k++)
        {
            var count = Cover.CountBoth(rows, members[k]);
            if (count > most)
            {
                (best, most) = (k, count);
            }
        }

        return (best, most);
    }
}
