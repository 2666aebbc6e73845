using Roux.Learning.Evaluation.Statistics;

namespace Roux.Learning.Evaluation.LearningCurves;

/// <summary>
/// What a measured learning curve lets one expect of more (or fewer) rows. Many curves are drawn, each fitted to the measured means moved
/// by their own noise (a parametric bootstrap over repeats and residuals), under forms in proportion to how far they are believed
/// (<see cref="CurveForm"/>). Whatever is asked is answered by the quantiles over these curves.
/// </summary>
public sealed class CurveForecast
{
    /// <summary>Level of the intervals unless another is asked for.</summary>
    public const double Level = 0.9;

    /// <summary>Fewest sizes of which a curve can be made.</summary>
    public const int FewestSizes = 3;

    /// <summary>"Final" quality is that at this multiple of the present rows: as far as a forecast is dared.</summary>
    public const double Horizon = 10;

    private const string Method = "average of learning-curve forms, parametric bootstrap";
    private readonly CurveScale scale;
    private readonly CurveNoise noise;
    private readonly CurveFit[] curves;
    private readonly double[] scoring;
    private readonly double[] learning;
    private readonly double fewest;

    private CurveForecast(CurveScale scale, CurveNoise noise, CurveFit[] curves, double[] scoring, double[] learning, double fewest, IReadOnlyList<(CurveForm Form, double Share)> forms) =>
        (this.scale, this.noise, this.curves, this.scoring, this.learning, this.fewest, Forms) = (scale, noise, curves, scoring, learning, fewest, forms);

    /// <summary>The smallest size measured.</summary>
    public double FewestRows => fewest;

    /// <summary>The forms and how far each is believed; shares sum to 1.</summary>
    public IReadOnlyList<(CurveForm Form, double Share)> Forms { get; }

    internal IReadOnlyList<CurveFit> Curves => curves;

    internal CurveScale Scale => scale;

    /// <summary>Makes a forecast.</summary>
    /// <param name="curve">Measured scores; fits whose score is not a number are passed over.</param>
    /// <param name="seed">Decides the draws. Curves validated on the same rows, drawn with the same seed, can be compared draw by draw.</param>
    /// <param name="draws">Number of curves drawn.</param>
    /// <returns><c>null</c> when fewer than <see cref="FewestSizes"/> sizes were measured.</returns>
    public static CurveForecast? Of(LearningCurve curve, int seed, int draws = 600)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(draws, 20);
        curve = curve with { Points = [.. curve.Points.Where(point => double.IsFinite(point.Validation))] };
        if (curve.Points.DistinctBy(point => point.Size).Count() < FewestSizes)
        {
            return null;
        }

        var scale = CurveScale.Of(curve.Metric);
        var means = CurveMeans.Of(curve.Points, scale);
        var noise = CurveNoise.Of(curve, means, scale);
        var misfit = new[] { CurveForm.PowerLaw, CurveForm.Exponential, CurveForm.LogPower }.Min(form => Fitter(means, noise, noise.Learned, scale).Fit(form, means.Errors).Deviance);
        noise = noise.With(misfit, Math.Max(1, means.Rows.Length - 3));
        var forms = CurveMixture.Weigh(means.Rows, means.Errors, Variances(means, noise, noise.Learned, scale), scale.Floor);
        return Draw(means, noise, scale, forms, seed, draws);
    }

    /// <summary>The score of models learned from so many rows, on average over such models and over endless rows to score on.</summary>
    /// <param name="rows">Rows learned from, more than 0.</param>
    /// <param name="level">Level of the interval.</param>
    public Interval Expected(double rows, double level = Level) => scale.ToScores(Sorted(b => Error(b, rows)), level, Method);

    /// <summary>The score that one model learned from so many rows will have on a test set of the given size: a prediction interval.</summary>
    /// <param name="rows">Rows learned from, more than 0.</param>
    /// <param name="testRows">Rows of the test set.</param>
    /// <param name="level">Level of the interval.</param>
    public Interval Score(double rows, int testRows, double level = Level)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(testRows, 1);
        return scale.ToScores(Sorted(b => scale.Shift(Error(b, rows), scoring[b] * noise.Row / Math.Sqrt(testRows) + learning[b])), level, Method);
    }

    /// <summary>How much better (positive) the expected score is with other rows than with the present ones, in the metric's unit.</summary>
    public Interval Gain(double present, double other, double level = Level)
    {
        var gains = Sorted(b => Error(b, present) - Error(b, other));
        return new Interval(CurveScale.Quantile(gains, 0.5), CurveScale.Quantile(gains, (1 - level) / 2), CurveScale.Quantile(gains, (1 + level) / 2), Method);
    }

    /// <summary>Probability that other rows make the expected score better by at least so much.</summary>
    public double ProbabilityOfGain(double present, double other, double least) =>
        Enumerable.Range(0, curves.Length).Count(b => Error(b, present) - Error(b, other) >= least) / (double)curves.Length;

    /// <summary>
    /// Rows that give a share of the final quality, that at <see cref="Horizon"/> times the present rows: that share of a score where higher is
    /// better; the final error over the share where lower is better. Not below the smallest size measured.
    /// </summary>
    /// <param name="share">In (0, 1), such as 0.95.</param>
    /// <param name="present">The present rows.</param>
    /// <param name="level">Level of the interval.</param>
    public Interval RowsFor(double share, double present, double level = Level)
    {
        var most = present * Horizon;
        var rows = Sorted(b =>
        {
            var final = Error(b, most);
            var wanted = scale.HigherIsBetter ? scale.Error(share * scale.Score(final)) : final / share;
            return Error(b, fewest) <= wanted ? fewest : Tails.Bisect(n => Error(b, n) <= wanted, fewest, most);
        });
        return new Interval(CurveScale.Quantile(rows, 0.5), CurveScale.Quantile(rows, (1 - level) / 2), CurveScale.Quantile(rows, (1 + level) / 2), Method);
    }

    internal double Error(int draw, double rows) => Math.Max(scale.Floor, curves[draw].Error(rows));

    private double[] Sorted(Func<int, double> value)
    {
        var values = new double[curves.Length];
        for (var b = 0; b < values.Length; b++)
        {
            values[b] = value(b);
        }

        Array.Sort(values);
        return values;
    }

    private static CurveForecast Draw(CurveMeans means, CurveNoise noise, CurveScale scale, (CurveForm Form, double Share)[] forms, int seed, int draws)
    {
        var curves = new CurveFit[draws];
        var (scoring, learning) = (new double[draws], new double[draws]);
        Parallel.For(0, draws, b =>
        {
            // The height comes first from the stream: curves of other models on the same rows are moved alike.
            var random = SplitMix64.Of(seed, b);
            var height = Normal(ref random) * noise.Level;
            scoring[b] = Normal(ref random);
            var z = Normal(ref random);
            var learned = noise.Learned * noise.Freedom / ChiSquare(ref random, noise.Freedom);
            learning[b] = z * Math.Sqrt(learned);
            var moved = noise.Variances(learned);
            for (var k = 0; k < moved.Length; k++)
            {
                moved[k] = scale.Shift(means.Errors[k], height + Normal(ref random) * Math.Sqrt(moved[k]));
            }

            curves[b] = Fitter(means, noise, learned, scale).Fit(FormOf(forms, (b + 0.5) / draws), moved);
        });
        return new CurveForecast(scale, noise, curves, scoring, learning, means.Rows[0], forms);
    }

    private static CurveForm FormOf((CurveForm Form, double Share)[] forms, double place)
    {
        foreach (var (form, share) in forms)
        {
            place -= share;
            if (place < 0)
            {
                return form;
            }
        }

        return forms[^1].Form;
    }

    private static CurveFitter Fitter(CurveMeans means, CurveNoise noise, double learned, CurveScale scale) =>
        new(means.Rows, Variances(means, noise, learned, scale), means.Rows[^1], scale.Floor);

    private static double[] Variances(CurveMeans means, CurveNoise noise, double learned, CurveScale scale) =>
        [.. noise.Weighing(learned).Select((variance, k) => variance * (scale.Relative ? means.Errors[k] * means.Errors[k] : 1))];

    private static double Normal(ref SplitMix64 random) => Tails.NormalQuantile(((random.Next() >> 11) + 0.5) / (1UL << 53));

    private static double ChiSquare(ref SplitMix64 random, int freedom)
    {
        var sum = 0.0;
        for (var i = 0; i < freedom; i++)
        {
            var z = Normal(ref random);
            sum += z * z;
        }

        return sum;
    }
}
