namespace Roux.Tuning.Benchmarks;

/// <summary>A problem with a known optimum, to be minimised.</summary>
/// <param name="Name">What it is called.</param>
/// <param name="Space">Its dimensions x0, x1, …</param>
/// <param name="Best">Least value there is.</param>
/// <param name="Evaluate">The value at a point.</param>
/// <param name="Optuna">Medians that Optuna 5.0-dev reached at 50 and at 100 trials, minus nothing: random, TPE, CMA-ES, GP.</param>
internal sealed record Problem(string Name, SearchSpace Space, double Best, Func<double[], double> Evaluate, double[][] Optuna)
{
    public double Of(Configuration configuration) => Evaluate([.. Space.Parameters.Select(parameter => parameter is CategoricalParameter choice
        ? choice.Choices.Select(Configuration.Format).ToList().IndexOf(configuration.Choice(parameter.Name, "")) : configuration.Float(parameter.Name, double.NaN))]);

    /// <summary>
    /// The same problem in a box moved by up to a fifth of its width in each dimension, so that nothing is gained by where an
    /// optimum usually lies in its box.
    /// </summary>
    public Problem Shifted(int seed)
    {
        var random = new Random(seed);
        return this with
        {
            Space = new SearchSpace([.. Space.Parameters.Select(parameter =>
            {
                if (parameter is not FloatParameter { Log: false } range || Name == "Network-like")
                {
                    return parameter;
                }

                var shift = (random.NextDouble() - 0.5) * 0.4 * (range.High - range.Low);
                return range with { Low = range.Low + shift, High = range.High + shift };
            })]),
        };
    }

    private static readonly SearchSpace HyperSpace = new(
        new FloatParameter("lr", 1e-5, 1, Log: true), new FloatParameter("decay", 1e-6, 1e-1, Log: true), new IntParameter("width", 16, 1024, Log: true),
        new IntParameter("layers", 1, 6), new FloatParameter("dropout", 0, 0.7), new CategoricalParameter("activation", ["relu", "tanh", "gelu"]), new IntParameter("batch", 16, 512, Log: true));

    public static IReadOnlyList<Problem> All { get; } =
    [
        new("Branin", new SearchSpace(new FloatParameter("x0", -5, 10), new FloatParameter("x1", 0, 15)), 0, Branin, [[0.75, 0.38], [0.110, 0.019], [0.75, 0.014], [0.0001, 0]]),
        new("Hartmann 6", Box(6, 0, 1), 0, Hartmann, [[1.55, 1.20], [0.33, 0.094], [0.73, 0.27], [0.003, 0.0002]]),
        new("Ackley 10", Box(10, -15, 30), 0, Ackley, [[18.3, 18.0], [14.0, 10.8], [13.4, 10.5], [13.6, 4.4]]),
        new("Rosenbrock 8", Box(8, -2, 2), 0, Rosenbrock, [[6.20, 5.91], [4.74, 3.92], [4.07, 3.24], [3.42, 2.34]]),
        new("Levy 8", Box(8, -10, 10), 0, Levy, [[18.7, 15.5], [10.1, 4.3], [3.3, 1.9], [8.6, 4.3]]),
        new("Network-like", HyperSpace, 0, Hyper, []),
        new("Styblinski 6", Box(6, -5, 5), 0, Styblinski, [[81, 75], [51, 34], [80, 59], [68, 44]]),
    ];

    private static SearchSpace Box(int dimensions, double low, double high) =>
        new([.. Enumerable.Range(0, dimensions).Select(i => new FloatParameter($"x{i}", low, high))]);

    /// <summary>Shaped as the loss of a network over its settings: a valley in the learning rate that depends on width and batch, steep on the side that diverges, small effects of the rest.</summary>
    private static double Hyper(double[] x)
    {
        var (lr, decay, width, layers, dropout, activation, batch) = (Math.Log10(x[0]), Math.Log10(x[1]), Math.Log2(x[2]), x[3], x[4], x[5], Math.Log2(x[6]));
        var best = -2.2 - 0.15 * (width - 6) + 0.15 * (batch - 6) - 0.1 * (layers - 2) + (activation == 1 ? 0.3 : 0);
        var off = lr - best;
        var rate = off > 0 ? 1 - Math.Exp(-Math.Pow(off / 0.45, 2)) : 1 - Math.Exp(-Math.Pow(off / 1.1, 2) * 0.7);
        var capacity = 0.12 * Math.Exp(-0.5 * (width - 4)) + 0.05 * Math.Abs(layers - 3) / 3;
        var regular = 0.05 * Math.Pow((decay + 4 - 0.2 * (width - 7)) / 2, 2) + 0.15 * Math.Pow(dropout - 0.25 - 0.03 * (width - 7), 2);
        return 0.9 * rate + (1 - rate) * (capacity + regular) + (activation == 0 ? 0.01 : activation == 2 ? 0 : 0.03);
    }

    private static double Branin(double[] x)
    {
        var part = x[1] - 5.1 / (4 * Math.PI * Math.PI) * x[0] * x[0] + 5 / Math.PI * x[0] - 6;
        return part * part + 10 * (1 - 1 / (8 * Math.PI)) * Math.Cos(x[0]) + 10 - 0.39788735772973816;
    }

    private static double Hartmann(double[] x)
    {
        double[] alpha = [1, 1.2, 3, 3.2];
        double[][] a = [[10, 3, 17, 3.5, 1.7, 8], [0.05, 10, 17, 0.1, 8, 14], [3, 3.5, 1.7, 10, 17, 8], [17, 8, 0.05, 10, 0.1, 14]];
        double[][] p =
        [
            [0.1312, 0.1696, 0.5569, 0.0124, 0.8283, 0.5886], [0.2329, 0.4135, 0.8307, 0.3736, 0.1004, 0.9991],
            [0.2348, 0.1451, 0.3522, 0.2883, 0.3047, 0.6650], [0.4047, 0.8828, 0.8732, 0.5743, 0.1091, 0.0381],
        ];
        return 3.32236801141551 - Enumerable.Range(0, 4).Sum(i => alpha[i] * Math.Exp(-Enumerable.Range(0, 6).Sum(j => a[i][j] * (x[j] - p[i][j]) * (x[j] - p[i][j]))));
    }

    private static double Ackley(double[] x) =>
        20 + Math.E - 20 * Math.Exp(-0.2 * Math.Sqrt(x.Average(v => v * v))) - Math.Exp(x.Average(v => Math.Cos(2 * Math.PI * v)));

    private static double Rosenbrock(double[] x)
    {
        var sum = 0.0;
        for (var i = 0; i + 1 < x.Length; i++)
        {
            sum += 100 * (x[i + 1] - x[i] * x[i]) * (x[i + 1] - x[i] * x[i]) + (1 - x[i]) * (1 - x[i]);
        }

        return Math.Log(1 + sum);
    }

    private static double Levy(double[] x)
    {
        var w = Array.ConvertAll(x, v => 1 + (v - 1) / 4);
        var sum = Math.Pow(Math.Sin(Math.PI * w[0]), 2);
        for (var i = 0; i + 1 < w.Length; i++)
        {
            sum += (w[i] - 1) * (w[i] - 1) * (1 + 10 * Math.Pow(Math.Sin(Math.PI * w[i] + 1), 2));
        }

        return sum + (w[^1] - 1) * (w[^1] - 1) * (1 + Math.Pow(Math.Sin(2 * Math.PI * w[^1]), 2));
    }

    private static double Styblinski(double[] x) => 0.5 * x.Sum(v => v * v * v * v - 16 * v * v + 5 * v) + 39.16616570377142 * x.Length;
}
