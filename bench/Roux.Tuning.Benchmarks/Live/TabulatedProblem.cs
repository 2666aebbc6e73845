using Roux.Tuning.Numerics;

namespace Roux.Tuning.Benchmarks.Live;

/// <summary>A live problem answered from its table: microseconds instead of tenths of a second.</summary>
internal sealed class TabulatedProblem
{
    private readonly UnitSpace unit;
    private readonly CurveSurrogate surrogate;
    private readonly CurveTable table;

    public TabulatedProblem(CurveTable table)
    {
        (this.table, unit) = (table, new UnitSpace(table.Problem.Space));
        surrogate = new CurveSurrogate(unit, [.. table.Configurations.Select(unit.Encode)], table.Curves);
    }

    public string Name => table.Problem.Name;

    public SearchSpace Space => table.Problem.Space;

    public int Steps => table.Problem.Steps;

    /// <summary>The least final loss in the table, which is also the least that any configuration is answered with.</summary>
    public double Best => table.Curves.Min(curve => curve[^1]);

    /// <summary>The loss after each step.</summary>
    public double[] Curve(Configuration configuration) => surrogate.Predict(unit.Encode(configuration));

    /// <summary>The problem of the final loss alone, for samplers.</summary>
    public Problem Whole() => new(Name, Space, Best, values => Curve(Read(values))[^1], []);

    /// <summary>
    /// How well configurations held out are ordered by the surrogate, and by the nearest configuration of the table: rank correlation (Spearman
    /// 1904) of the final losses, over five folds.
    /// </summary>
    public (double Surrogate, double Nearest) HeldOut()
    {
        double[][] points = [.. table.Configurations.Select(unit.Encode)];
        var (foretold, nearest) = (new double[points.Length], new double[points.Length]);
        for (var fold = 0; fold < 5; fold++)
        {
            int[] known = [.. Enumerable.Range(0, points.Length).Where(i => i % 5 != fold)];
            var model = new CurveSurrogate(unit, [.. known.Select(i => points[i])], [.. known.Select(i => table.Curves[i])]);
            for (var i = fold; i < points.Length; i += 5)
            {
                foretold[i] = model.Predict(points[i])[^1];
                nearest[i] = table.Curves[known.MinBy(other => points[i].Zip(points[other], (a, b) => (a - b) * (a - b)).Sum())][^1];
            }
        }

        double[] truth = [.. table.Curves.Select(curve => curve[^1])];
        return (Spearman(foretold, truth), Spearman(nearest, truth));
    }

    /// <summary>Rank correlation of the loss after a step with the final one: what the early part of a curve is worth.</summary>
    public double Foresight(int step) => Spearman([.. table.Curves.Select(curve => curve[step])], [.. table.Curves.Select(curve => curve[^1])]);

    private Configuration Read(double[] values) => new(Space.Parameters.Zip(values, (parameter, value) => KeyValuePair.Create(parameter.Name, parameter switch
    {
        CategoricalParameter choice => choice.Choices[(int)value],
        IntParameter => (object)(long)value,
        _ => value,
    })));

    private static double Spearman(double[] a, double[] b)
    {
        var (x, y) = (Ranks(a), Ranks(b));
        var (meanX, meanY) = (x.Average(), y.Average());
        var covariance = x.Zip(y, (p, q) => (p - meanX) * (q - meanY)).Sum();
        return covariance / Math.Sqrt(x.Sum(p => (p - meanX) * (p - meanX)) * y.Sum(q => (q - meanY) * (q - meanY)));
    }

    private static double[] Ranks(double[] values)
    {
        var ranks = new double[values.Length];
        foreach (var group in values.Select((value, index) => (value, index)).OrderBy(pair => pair.value).Select((pair, rank) => (pair.value, pair.index, rank)).GroupBy(entry => entry.value))
        {
            var rank = group.Average(entry => entry.rank);
            foreach (var entry in group)
            {
                ranks[entry.index] = rank;
            }
        }

        return ranks;
    }
}
