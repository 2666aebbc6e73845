namespace Roux.Tuning.Benchmarks;

/// <summary>A problem of several objectives, to be minimised, with the point that bounds its hypervolume.</summary>
/// <param name="Name">What it is called.</param>
/// <param name="Space">Its dimensions x0, x1, …</param>
/// <param name="Reference">Volume beyond it does not count.</param>
/// <param name="Most">The hypervolume of its whole front.</param>
/// <param name="Evaluate">The values at a point.</param>
internal sealed record ParetoProblem(string Name, SearchSpace Space, double[] Reference, double Most, Func<double[], double[]> Evaluate)
{
    public double[] Of(Configuration configuration) => Evaluate([.. Space.Parameters.Select(parameter => configuration.Float(parameter.Name, double.NaN))]);

    public static IReadOnlyList<ParetoProblem> All { get; } =
    [
        new("ZDT1, 6 dimensions", Box(6), [1.1, 1.1], 1.1 * 1.1 - 1.0 / 3, x =>
        {
            var g = 1 + 9 * x.Skip(1).Average();
            return [x[0], g * (1 - Math.Sqrt(x[0] / g))];
        }),
        new("ZDT3, 6 dimensions", Box(6), [1.1, 1.1], 1.3285, x =>
        {
            var g = 1 + 9 * x.Skip(1).Average();
            return [x[0], g * (1 - Math.Sqrt(x[0] / g) - x[0] / g * Math.Sin(10 * Math.PI * x[0]))];
        }),
        new("DTLZ2, 6 dimensions, 2 objectives", Box(6), [1.1, 1.1], 1.21 - Math.PI / 4, x => Sphere(x, 2)),
        new("DTLZ2, 6 dimensions, 3 objectives", Box(6), [1.1, 1.1, 1.1], 1.331 - Math.PI / 6, x => Sphere(x, 3)),
        new("Branin and Currin", Box(2), [200, 14], 200 * 14, x => [Branin(15 * x[0] - 5, 15 * x[1]), Currin(x[0], x[1])]),
    ];

    private static SearchSpace Box(int dimensions) => new([.. Enumerable.Range(0, dimensions).Select(i => new FloatParameter($"x{i}", 0, 1))]);

    private static double[] Sphere(double[] x, int objectives)
    {
        var g = x.Skip(objectives - 1).Sum(v => (v - 0.5) * (v - 0.5));
        return [.. Enumerable.Range(0, objectives).Select(m => (1 + g) * x.Take(objectives - 1 - m).Aggregate(1.0, (product, v) => product * Math.Cos(v * Math.PI / 2))
            * (m == 0 ? 1 : Math.Sin(x[objectives - 1 - m] * Math.PI / 2)))];
    }

    private static double Branin(double a, double b)
    {
        var part = b - 5.1 / (4 * Math.PI * Math.PI) * a * a + 5 / Math.PI * a - 6;
        return part * part + 10 * (1 - 1 / (8 * Math.PI)) * Math.Cos(a) + 10;
    }

    private static double Currin(double a, double b) =>
        (b == 0 ? 1 : 1 - Math.Exp(-1 / (2 * b))) * (2300 * a * a * a + 1900 * a * a + 2092 * a + 60) / (100 * a * a * a + 500 * a * a + 4 * a + 20);
}
