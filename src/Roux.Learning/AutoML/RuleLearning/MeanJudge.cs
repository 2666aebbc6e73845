using System.Globalization;
using System.Numerics;
using Roux.Learning.Data;
using Roux.Learning.Evaluation.Statistics;

namespace Roux.Learning.AutoML;

/// <summary>
/// Judges rules that answer with the mean of their rows. Quality is the root of the share of rows covered times the distance of their mean from that of the rows
/// that are left, in standard deviations (the mean test of Klösgen 1996), the distance taken at the near end of its 95 % interval.
/// </summary>
internal sealed class MeanJudge(Target target) : CoverJudge
{
    private readonly double[] values = target.Values;
    private Moments population;

    public override int Answers => 2; // above or below the mean

    public override double Worth => 0.01;

    public override void Consider(ulong[] population) => this.population = Of(population);

    public override CoverVerdict Judge(ulong[] cover, int rows)
    {
        var covered = Of(cover);
        if (covered.Count < 2 || population.Deviation == 0)
        {
            return new CoverVerdict(0, covered.Mean);
        }

        var distance = Math.Abs(covered.Mean - population.Mean) - 1.96 * covered.Deviation / Math.Sqrt(covered.Count);
        return new CoverVerdict(Math.Sqrt((double)rows / population.Count) * distance / population.Deviation, covered.Mean);
    }

    /// <summary>The two-sided z-test of the mean of a sample drawn without replacement.</summary>
    public override double PValue(ulong[] cover, ulong[] population, double answer)
    {
        var (drawn, all) = (Of(cover), Of(population));
        if (drawn.Count == all.Count || all.Deviation == 0)
        {
            return 1;
        }

        var error = all.Deviation * Math.Sqrt((1.0 / drawn.Count) - (1.0 / all.Count));
        return 2 * Tails.NormalBelow(-Math.Abs(drawn.Mean - all.Mean) / error);
    }

    public override double Default(ulong[] rows) => Of(rows) is { Count: > 0 } moments ? moments.Mean : values.Average();

    public override double Loss(ulong[] rows, double answer)
    {
        var moments = Of(rows);
        return moments.Count == 0 ? 0 : moments.Count * ((moments.Deviation * moments.Deviation) + ((moments.Mean - answer) * (moments.Mean - answer)));
    }

    /// <summary>Four significant digits, which is more than a mean of few rows knows.</summary>
    public override string Text(double answer) => double.Parse(answer.ToString("G4", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture).ToString("R", CultureInfo.InvariantCulture);

    private Moments Of(ulong[] rows)
    {
        var (count, mean, squares) = (0, 0.0, 0.0);
        for (var word = 0; word < rows.Length; word++)
        {
            for (var bits = rows[word]; bits != 0; bits &= bits - 1)
            {
                var value = values[(word << 6) + BitOperations.TrailingZeroCount(bits)];
                var before = mean;
                mean += (value - mean) / ++count;
                squares += (value - before) * (value - mean);
            }
        }

        return new Moments(count, mean, count == 0 ? 0 : Math.Sqrt(squares / count));
    }

    private readonly record struct Moments(int Count, double Mean, double Deviation);
}
