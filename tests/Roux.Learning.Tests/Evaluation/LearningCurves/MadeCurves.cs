using Roux.Learning.Evaluation;
using Roux.Learning.Evaluation.LearningCurves;

namespace Roux.Learning.Tests.Evaluation.LearningCurves;

/// <summary>Learning curves drawn from a known power law with known noise.</summary>
internal sealed class MadeCurves(Random random)
{
    private static readonly int[] Sizes = [100, 200, 400, 800, 1600, 3200];
    private const int RepeatRows = 800;
    private const int Repeats = 5;

    public required Metric Metric { get; init; }

    /// <summary>The true error; numbers of rows are told in units of the largest size.</summary>
    public required Func<double, double> Truth { get; init; }

    /// <summary>Standard deviation of the error over the choice of learned rows, at the largest size; a share of the error where it has no bound.</summary>
    public double Learning { get; init; } = 0.003;

    public double Largest => Sizes[^1];

    public LearningCurve Draw()
    {
        var points = new List<CurvePoint>();
        for (var repeat = 0; repeat < Repeats; repeat++)
        {
            var height = Simulated.Normal(random) / Math.Sqrt(RepeatRows);
            foreach (var size in Sizes)
            {
                var learned = Simulated.Normal(random) * Learning * Math.Sqrt(Largest / size);
                points.Add(new CurvePoint(size, size, repeat, Score(0.5 * Truth(size / Largest)), Score(Noisy(size, height, learned)), double.NaN, double.NaN, 0));
            }
        }

        return new LearningCurve
        {
            Name = "made", Family = "made", Metric = Metric, Points = points, RowNoise = RowNoise(1), ModelNoise = 0, RepeatRows = RepeatRows, ValidationRows = Repeats * RepeatRows,
        };
    }

    /// <summary>The score of one model on one test set.</summary>
    public double Test(double rows, int testRows) => Score(Noisy(rows, Simulated.Normal(random) / Math.Sqrt(testRows), Simulated.Normal(random) * Learning * Math.Sqrt(Largest / rows)));

    private double Noisy(double rows, double height, double learned)
    {
        var error = Truth(rows / Largest);
        return Metric.HigherIsBetter ? error + height * RowNoise(rows / Largest) + learned : error * Math.Exp(height * 0.8 + learned);
    }

    private double RowNoise(double share) => Metric.HigherIsBetter ? Math.Sqrt(Truth(share) * (1 - Truth(share))) : 0.8 * Truth(share);

    private double Score(double error) => Metric.HigherIsBetter ? 1 - error : error;
}
