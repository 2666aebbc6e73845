using Roux.Learning.Data;
using Roux.Learning.Pipelines;

namespace Roux.Learning.Features.Columns;

/// <summary>
/// The mean of the target per level, shrunk towards the overall mean where a level is rare: (sum + m * prior) / (n + m), with
/// m the ratio of the variance within levels to the variance between them (Micci-Barreca 2001, "A preprocessing scheme for
/// high-cardinality categorical attributes", section 3; the variances by one-way random-effects analysis of variance). Class
/// targets have one mean a class (binary: the positive class only), at most <see cref="MaxOutputs"/>, the most frequent.
/// </summary>
internal sealed class TargetMeans
{
    /// <summary>Most classes that get a mean.</summary>
    public const int MaxOutputs = 10;

    private const double MinSmoothing = 1;
    private const double MaxSmoothing = 1e4;

    /// <summary>Used where every level occurs once, so that nothing can be said about the variances.</summary>
    private const double DefaultSmoothing = 20;

    private readonly double[] means;

    private TargetMeans(string[] outputs, double[] priors, double[] means) => (Outputs, Priors, this.means) = (outputs, priors, means);

    /// <summary>What each mean is of: a class, or empty for the only one.</summary>
    public string[] Outputs { get; }

    /// <summary>Overall means, which unknown levels get.</summary>
    public double[] Priors { get; }

    /// <summary>The mean of one output for a level; unknown levels (negative) get the prior.</summary>
    public double this[int level, int output] => level < 0 ? Priors[output] : means[level * Outputs.Length + output];

    /// <summary>Fits to training rows.</summary>
    /// <param name="levelOfRow">Level of each row, or negative for none.</param>
    /// <param name="levels">Number of levels.</param>
    /// <param name="y">Answers.</param>
    /// <param name="folds">Folds for the out-of-fold values.</param>
    /// <returns>Means over all rows, for rows to come; and rows x outputs, row-major, where each row's value was computed without its fold.</returns>
    public static (TargetMeans Full, float[] OutOfFold) Fit(int[] levelOfRow, int levels, Target y, InnerFolds folds)
    {
        var (names, answers) = Answers(y);
        var sums = new Sums(levelOfRow, levels, answers, folds);
        var outOfFold = new float[levelOfRow.Length * names.Length];
        for (var fold = 0; fold < folds.Count; fold++)
        {
            var without = sums.Estimate(names, folds.Count == 1 ? -1 : fold);
            for (var row = 0; row < levelOfRow.Length; row++)
            {
                for (var output = 0; folds.FoldOfRow[row] == fold && output < names.Length; output++)
                {
                    outOfFold[row * names.Length + output] = (float)without[levelOfRow[row], output];
                }
            }
        }

        return (sums.Estimate(names, -1), outOfFold);
    }

    /// <summary>Writes the arrays <c>means</c> and <c>priors</c> and the list <c>outputs</c>.</summary>
    public void Write(ArchiveWriter archive)
    {
        archive.WriteJson("outputs", ArchiveJson.ToJson(Outputs));
        archive.WriteArray("priors", Priors);
        archive.WriteArray("means", means);
    }

    /// <summary>Reads what <see cref="Write"/> wrote.</summary>
    public static TargetMeans Read(ArchiveReader archive, int levels)
    {
        var outputs = ArchiveJson.TextsOf(archive.ReadJson("outputs"), "outputs");
        var priors = archive.ReadDoubles("priors");
        var means = archive.ReadDoubles("means");
        ArchiveJson.Require(priors.Length == outputs.Length && means.Length == (long)levels * outputs.Length, $"target means: {means.Length} means and {priors.Length} priors for {levels} levels x {outputs.Length} outputs");
        return new TargetMeans(outputs, priors, means);
    }

    private static (string[] Names, double[][] Answers) Answers(Target y)
    {
        switch (y.Task)
        {
            case TaskKind.Regression:
                return ([""], [y.Values]);
            case TaskKind.Binary:
                return ([""], [Array.ConvertAll(y.Labels, label => (double)label)]);
            case TaskKind.Multiclass:
                var counts = new int[y.Classes.Length];
                foreach (var label in y.Labels)
                {
                    counts[label]++;
                }

                return Chosen(y, counts, (row, k) => y.Labels[row] == k);
            default:
                var ones = new int[y.Classes.Length];
                for (var i = 0; i < y.Indicators.Length; i++)
                {
                    ones[i % ones.Length] += y.Indicators[i] ? 1 : 0;
                }

                return Chosen(y, ones, (row, k) => y.Indicators[row * y.Classes.Length + k]);
        }
    }

    private static (string[] Names, double[][] Answers) Chosen(Target y, int[] counts, Func<int, int, bool> isTrue)
    {
        var chosen = Enumerable.Range(0, counts.Length).OrderByDescending(k => counts[k]).ThenBy(k => k).Take(MaxOutputs).Order().ToArray();
        var answers = Array.ConvertAll(chosen, k =>
        {
            var values = new double[y.Count];
            for (var row = 0; row < values.Length; row++)
            {
                values[row] = isTrue(row, k) ? 1 : 0;
            }

            return values;
        });
        return (Array.ConvertAll(chosen, k => y.Classes[k]), answers);
    }

    /// <summary>Counts, sums and squares per fold and level, from which the means without any one fold follow.</summary>
    private sealed class Sums
    {
        private readonly int levels;
        private readonly int outputs;
        private readonly int[][] counts;
        private readonly double[][] sums;
        private readonly double[][] squares;

        public Sums(int[] levelOfRow, int levels, double[][] answers, InnerFolds folds)
        {
            (this.levels, outputs) = (levels, answers.Length);
            // The last slot of each fold takes the rows without a level: they count towards the prior alone.
            counts = [.. Enumerable.Range(0, folds.Count).Select(_ => new int[levels + 1])];
            sums = [.. Enumerable.Range(0, folds.Count).Select(_ => new double[(levels + 1) * outputs])];
            squares = [.. Enumerable.Range(0, folds.Count).Select(_ => new double[outputs])];
            for (var row = 0; row < levelOfRow.Length; row++)
            {
                var fold = folds.FoldOfRow[row];
                var level = levelOfRow[row] < 0 ? levels : levelOfRow[row];
                counts[fold][level]++;
                for (var output = 0; output < outputs; output++)
                {
                    var value = answers[output][row];
                    sums[fold][level * outputs + output] += value;
                    if (level < levels)
                    {
                        squares[fold][output] += value * value;
                    }
                }
            }
        }

        /// <summary>The smoothed means over all folds but one; -1 leaves none out.</summary>
        public TargetMeans Estimate(string[] names, int without)
        {
            var n = new double[levels + 1];
            var s = new double[(levels + 1) * outputs];
            var q = new double[outputs];
            for (var fold = 0; fold < counts.Length; fold++)
            {
                if (fold != without)
                {
                    Add(n, Array.ConvertAll(counts[fold], count => (double)count));
                    Add(s, sums[fold]);
                    Add(q, squares[fold]);
                }
            }

            var priors = new double[outputs];
            var means = new double[levels * outputs];
            for (var output = 0; output < outputs; output++)
            {
                var total = 0.0;
                for (var level = 0; level <= levels; level++)
                {
                    total += s[level * outputs + output];
                }

                priors[output] = total / Math.Max(1, n.Sum());
                var m = Smoothing(n, s, q[output], output);
                for (var level = 0; level < levels; level++)
                {
                    means[level * outputs + output] = (s[level * outputs + output] + m * priors[output]) / (n[level] + m);
                }
            }

            return new TargetMeans(names, priors, means);
        }

        private static void Add(double[] to, double[] values)
        {
            for (var i = 0; i < to.Length; i++)
            {
                to[i] += values[i];
            }
        }

        private double Smoothing(double[] n, double[] s, double squares, int output)
        {
            var (rows, groups, sumOfSquaredCounts, total) = (0.0, 0, 0.0, 0.0);
            for (var level = 0; level < levels; level++)
            {
                rows += n[level];
                groups += n[level] > 0 ? 1 : 0;
                sumOfSquaredCounts += n[level] * n[level];
                total += s[level * outputs + output];
            }

            if (groups < 2 || rows <= groups)
            {
                return DefaultSmoothing;
            }

            var grand = total / rows;
            var between = 0.0;
            for (var level = 0; level < levels; level++)
            {
                if (n[level] > 0)
                {
                    var d = s[level * outputs + output] / n[level] - grand;
                    between += n[level] * d * d;
                }
            }

            var within = Math.Max(0, squares - rows * grand * grand - between) / (rows - groups);
            var typicalCount = (rows - sumOfSquaredCounts / rows) / (groups - 1);
            var variance = (between / (groups - 1) - within) / typicalCount;
            return variance > 0 ? Math.Clamp(within / variance, MinSmoothing, MaxSmoothing) : MaxSmoothing;
        }
    }
}
