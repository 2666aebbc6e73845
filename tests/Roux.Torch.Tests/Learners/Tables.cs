using Roux.Learning.Data;
using Roux.Learning.Features;
using Roux.Learning.Learners;

namespace Roux.Torch.Tests.Learners;

/// <summary>Tables that a straight line cannot learn: rings around the origin, shifted by a category.</summary>
internal static class Tables
{
    private static readonly Feature[] Features =
    [
        new("x", "x", FeatureKind.Numeric), new("y", "y", FeatureKind.Numeric), new("left", "left", FeatureKind.Indicator), new("kind", "kind", FeatureKind.Category, 3),
    ];

    public static (TrainingSet Training, TrainingSet Test) Rings(TaskKind task, int rows = 900) => (Make(task, rows, 1), Make(task, 300, 2));

    public static FeatureMatrix Sparse(FeatureMatrix x)
    {
        var (starts, indices, values) = (new long[x.Rows + 1], new List<int>(), new List<float>());
        for (var row = 0; row < x.Rows; row++)
        {
            for (var j = 0; j < x.Columns; j++)
            {
                if (x.Dense![row * x.Columns + j] is var value and not 0)
                {
                    indices.Add(j);
                    values.Add(value);
                }
            }

            starts[row + 1] = indices.Count;
        }

        return FeatureMatrix.FromSparse(x.Features, starts, [.. indices], [.. values]);
    }

    private static TrainingSet Make(TaskKind task, int rows, int seed)
    {
        var random = new Random(seed);
        var (values, labels, numbers) = (new float[rows * 4], new int[rows], new double[rows]);
        for (var row = 0; row < rows; row++)
        {
            var (x, y, kind) = (random.NextDouble() * 4 - 2, random.NextDouble() * 4 - 2, random.Next(3));
            var radius = Math.Sqrt(x * x + y * y) + 0.4 * kind;
            (values[4 * row], values[4 * row + 1], values[4 * row + 2], values[4 * row + 3]) = ((float)x, (float)y, x < 0 ? 1 : 0, kind);
            labels[row] = task == TaskKind.Binary ? (radius < 1.8 ? 0 : 1) : radius < 1.4 ? 0 : radius < 2.1 ? 1 : 2;
            numbers[row] = 100 + 10 * radius;
        }

        return new TrainingSet(
            FeatureMatrix.FromDense(rows, Features, values),
            task == TaskKind.Regression ? Target.Regression(numbers) : Target.Classification(labels, task == TaskKind.Binary ? ["in", "out"] : ["in", "between", "out"]));
    }
}
