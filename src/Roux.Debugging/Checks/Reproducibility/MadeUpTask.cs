using System.Globalization;
using Roux.Learning.Data;

namespace Roux.Debugging.Checks.Reproducibility;

/// <summary>Tables whose answer is known because they are made up.</summary>
internal static class MadeUpTask
{
    public const string Target = "answer";

    private const int Rows = 300;
    private const int NoiseColumns = 120;

    /// <summary>What any learner of tables gets nearly all right: three clouds six standard deviations apart (two for two classes), or a straight line with a twentieth of noise; with a category and a column of noise beside it.</summary>
    public static Table Easy(TaskKind task, int seed)
    {
        var random = new Random(seed);
        var classes = task == TaskKind.Multiclass ? 3 : 2;
        var (a, b, noise, answers, labels, kinds) = (new double[Rows], new double[Rows], new double[Rows], new double[Rows], new int[Rows], new int[Rows]);
        for (var row = 0; row < Rows; row++)
        {
            var label = random.Next(classes);
            noise[row] = Normal(random);
            if (task == TaskKind.Regression)
            {
                (a[row], b[row]) = (Normal(random), Normal(random));
                answers[row] = 5 * a[row] + 0.25 * Normal(random);
            }
            else
            {
                (a[row], b[row]) = (6 * (label == 1 ? 1 : 0) + Normal(random), 6 * (label == 2 ? 1 : 0) + Normal(random));
            }

            (labels[row], kinds[row]) = (label, random.Next(3));
        }

        return new Table("known answer", [new NumberColumn("a", a), new NumberColumn("b", b), new NumberColumn("noise", noise), new TextColumn("kind", kinds, ["round", "square", "flat"]), task == TaskKind.Regression ? new NumberColumn(Target, answers) : Classes(labels, classes)]);
    }

    /// <summary>What nobody can get right: answers drawn by chance, beside 120 columns of noise.</summary>
    public static Table Nothing(TaskKind task, int seed)
    {
        var random = new Random(seed);
        var columns = new List<Column>();
        for (var i = 0; i < NoiseColumns; i++)
        {
            columns.Add(new NumberColumn("noise" + i.ToString(CultureInfo.InvariantCulture), [.. Enumerable.Range(0, Rows).Select(_ => Normal(random))]));
        }

        columns.Add(task == TaskKind.Regression
            ? new NumberColumn(Target, [.. Enumerable.Range(0, Rows).Select(_ => Normal(random))])
            : Classes([.. Enumerable.Range(0, Rows).Select(_ => random.Next(task == TaskKind.Multiclass ? 3 : 2))], task == TaskKind.Multiclass ? 3 : 2));
        return new Table("nothing to learn", columns);
    }

    private static TextColumn Classes(int[] labels, int count) => new(Target, labels, [.. new[] { "red", "green", "blue" }.Take(count)]);

    // Box and Muller 1958.
    private static double Normal(Random random) => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
}
