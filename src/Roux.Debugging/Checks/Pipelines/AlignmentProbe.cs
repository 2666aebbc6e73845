using MathNet.Numerics.LinearAlgebra;
using Roux.Learning.Data;
using Roux.Learning.Features;
using Roux.Learning.Learners;
using Roux.Tuning;
using Association = Roux.Learning.Data.Profiling.Association;

namespace Roux.Debugging.Checks.Pipelines;

/// <summary>
/// Whether features know anything of the answers, told apart from any model in use: a ridge regression of the answers on the most telling features,
/// learned on every other block of rows and judged on the blocks between by an exact permutation variance (Pitman 1937). Answers may be
/// shifted against the rows, to find labels that are off by some rows.
/// </summary>
internal sealed class AlignmentProbe
{
    private const int MostRows = 6_000;
    private const int MostFeatures = 64;
    private const int MostOutputs = 20;
    private const int Block = 50;

    /// <summary>A feature that follows shifted answers so closely is made of them (an earlier value in a time series): no evidence of a shift.</summary>
    private const double Copy = 0.98;

    private readonly FeatureMatrix x;
    private readonly Target target;
    private readonly double[][] outputs;
    private readonly int rows;
    private readonly int[] columns;

    /// <param name="x">Features; the first 6,000 rows are looked at, in their order.</param>
    /// <param name="y">Answers of the same rows.</param>
    public AlignmentProbe(FeatureMatrix x, Target y)
    {
        rows = Math.Min(MostRows, x.Rows);
        (this.x, target) = (x, y);
        outputs = [.. OutputsOf(y, rows)];
        columns = [.. Enumerable.Range(0, x.Columns).Where(j => !x.Features[j].Name.Contains("@mean", StringComparison.Ordinal))]; // made from the answers
    }

    /// <summary>Rows that are looked at.</summary>
    public int Rows => rows;

    /// <summary>Standard errors by which what the features say of the answers exceeds chance; about normal where they know nothing.</summary>
    /// <param name="lag">The answer of row i is taken from row i + <paramref name="lag"/>.</param>
    /// <param name="withoutCopies">Whether features that are the shifted answers themselves are left out.</param>
    public double Deviations(int lag = 0, bool withoutCopies = false)
    {
        var first = Math.Max(0, -lag);
        var count = rows - Math.Abs(lag);
        int[] learn = [.. Enumerable.Range(first, Math.Max(0, count)).Where(row => row / Block % 2 == 0)], judge = [.. Enumerable.Range(first, Math.Max(0, count)).Where(row => row / Block % 2 == 1)];
        if (learn.Length < 20 || judge.Length < 20)
        {
            return 0;
        }

        var answers = Array.ConvertAll(outputs, output => Array.ConvertAll(learn, row => output[row + lag]));
        var chosen = Choose(learn, answers, withoutCopies);
        if (chosen.Length == 0)
        {
            return 0;
        }

        var (a, means, scales) = Standardised(learn, chosen, null, null);
        var gram = a.TransposeThisAndMultiply(a) + Matrix<double>.Build.DenseIdentity(chosen.Length) * (0.01 * learn.Length + 1);
        var solver = gram.Cholesky();
        var (b, _, _) = Standardised(judge, chosen, means, scales);
        var said = Matrix<double>.Build.Dense(judge.Length, outputs.Length);
        for (var k = 0; k < outputs.Length; k++)
        {
            var mean = answers[k].Average();
            var weights = solver.Solve(a.TransposeThisAndMultiply(Vector<double>.Build.Dense(Array.ConvertAll(answers[k], value => value - mean))));
            said.SetColumn(k, b * weights);
        }

        return Agreement(said, Matrix<double>.Build.Dense(judge.Length, outputs.Length, (i, k) => outputs[k][judge[i] + lag]));
    }

    /// <summary>The same by a forest, which sees what no straight line shows; on at most 2,000 rows.</summary>
    public double ForestDeviations(int seed, int threads, CancellationToken cancellation)
    {
        int[] some = [.. Enumerable.Range(0, Math.Min(rows, 2_000))];
        if (target.Task == TaskKind.Multilabel || some.Length < 40)
        {
            return 0;
        }

        var step = Math.Max(2, some.Length / 20);
        int[] learn = [.. some.Where(row => row / step % 2 == 0)], judge = [.. some.Where(row => row / step % 2 == 1)];
        var forest = LearnerCatalog.Find("random-forest")!;
        try
        {
            var dense = Dense();
            var model = forest.Fit(new TrainingSet(dense.Take(learn), target.Take(learn)), Configuration.Of(("n_estimators", 60)), new FitContext(seed, threads, Cancellation: cancellation));
            var p = model.Predict(dense.Take(judge));
            var width = Math.Min(p.Width, MostOutputs);
            return Agreement(Matrix<double>.Build.Dense(judge.Length, outputs.Length, (i, k) => p.Row(i)[p.Width == 2 ? 1 : Math.Min(k, width - 1)]),
                Matrix<double>.Build.Dense(judge.Length, outputs.Length, (i, k) => outputs[k][judge[i]]));
        }
        catch (LearnerException)
        {
            return 0;
        }
    }

    /// <summary>Columns that the probe reads.</summary>
    private FeatureMatrix Dense()
    {
        var chosen = Choose([.. Enumerable.Range(0, rows)], outputs.Select(output => output[..rows]).ToArray(), false, 256);
        var values = new float[(long)rows * chosen.Length];
        Fill([.. Enumerable.Range(0, rows)], chosen, (row, column, value) => values[(long)row * chosen.Length + column] = value);
        return FeatureMatrix.FromDense(rows, [.. chosen.Select(j => x.Features[j])], values);
    }

    /// <summary>One number a row for each output: class membership (of two classes the second), rank of a number, or label.</summary>
    private static IEnumerable<double[]> OutputsOf(Target y, int rows)
    {
        switch (y.Task)
        {
            case TaskKind.Regression:
                yield return Association.Ranks(y.Values[..rows]);
                break;
            case TaskKind.Multilabel:
                for (var k = 0; k < Math.Min(MostOutputs, y.Width); k++)
                {
                    yield return [.. Enumerable.Range(0, rows).Select(row => y.Indicators[row * y.Width + k] ? 1.0 : 0.0)];
                }

                break;
            default:
                for (var k = y.Width == 2 ? 1 : 0; k < Math.Min(MostOutputs, y.Width); k++)
                {
                    yield return [.. Enumerable.Range(0, rows).Select(row => y.Labels[row] == k ? 1.0 : 0.0)];
                }

                break;
        }
    }

    /// <summary>The features that go with the answers most, on the rows that are learned from.</summary>
    private int[] Choose(int[] learn, double[][] answers, bool withoutCopies, int most = MostFeatures)
    {
        var place = new int[x.Rows];
        Array.Fill(place, -1);
        for (var i = 0; i < learn.Length; i++)
        {
            place[learn[i]] = i;
        }

        var centred = Array.ConvertAll(answers, answer => answer.Average() is var mean ? Array.ConvertAll(answer, value => value - mean) : []);
        var squares = centred.Select(answer => answer.Sum(value => value * value)).ToArray();
        var (sums, own, cross) = (new double[x.Columns], new double[x.Columns], new double[x.Columns * answers.Length]);
        void Add(int row, int column, double value)
        {
            if (!double.IsFinite(value))
            {
                return;
            }

            sums[column] += value;
            own[column] += value * value;
            for (var k = 0; k < centred.Length; k++)
            {
                cross[column * centred.Length + k] += value * centred[k][place[row]];
            }
        }

        for (var i = 0; i < learn.Length; i++)
        {
            var row = learn[i];
            if (x.Dense is { } dense)
            {
                for (var j = 0; j < x.Columns; j++)
                {
                    Add(row, j, dense[(long)row * x.Columns + j]);
                }
            }
            else
            {
                for (var at = x.RowStarts![row]; at < x.RowStarts[row + 1]; at++)
                {
                    Add(row, x.Indices![at], x.Values![at]);
                }
            }
        }

        var strength = new double[x.Columns];
        foreach (var j in columns)
        {
            var variance = own[j] - sums[j] * sums[j] / learn.Length;
            for (var k = 0; k < centred.Length && variance > 1e-12 * own[j]; k++)
            {
                strength[j] = Math.Max(strength[j], cross[j * centred.Length + k] * cross[j * centred.Length + k] / Math.Max(variance * squares[k], 1e-300));
            }
        }

        return [.. columns.Where(j => strength[j] > 0 && !(withoutCopies && strength[j] > Copy * Copy)).OrderByDescending(j => strength[j]).ThenBy(j => j).Take(most)];
    }

    private (Matrix<double> Values, double[] Means, double[] Scales) Standardised(int[] rowsOf, int[] chosen, double[]? means, double[]? scales)
    {
        var values = Matrix<double>.Build.Dense(rowsOf.Length, chosen.Length);
        Fill(rowsOf, chosen, (row, column, value) => values[row, column] = value);
        var fit = means is null;
        means ??= new double[chosen.Length];
        scales ??= new double[chosen.Length];
        for (var j = 0; j < chosen.Length; j++)
        {
            var column = values.Column(j).ToArray();
            if (fit)
            {
                double[] known = [.. column.Where(double.IsFinite)];
                means[j] = known.DefaultIfEmpty().Average();
                scales[j] = Math.Sqrt(known.Select(value => (value - means[j]) * (value - means[j])).DefaultIfEmpty().Average());
            }

            for (var i = 0; i < column.Length; i++)
            {
                // A few huge values must not carry a straight line.
                values[i, j] = double.IsFinite(column[i]) && scales[j] > 0 ? Math.Clamp((column[i] - means[j]) / scales[j], -5, 5) : 0;
            }
        }

        return (values, means, scales);
    }

    private void Fill(int[] rowsOf, int[] chosen, Action<int, int, float> set)
    {
        var place = new int[x.Columns];
        Array.Fill(place, -1);
        for (var j = 0; j < chosen.Length; j++)
        {
            place[chosen[j]] = j;
        }

        for (var i = 0; i < rowsOf.Length; i++)
        {
            if (x.Dense is { } dense)
            {
                for (var j = 0; j < chosen.Length; j++)
                {
                    set(i, j, dense[(long)rowsOf[i] * x.Columns + chosen[j]]);
                }
            }
            else
            {
                for (var at = x.RowStarts![rowsOf[i]]; at < x.RowStarts[rowsOf[i] + 1]; at++)
                {
                    if (place[x.Indices![at]] >= 0)
                    {
                        set(i, place[x.Indices[at]], x.Values![at]);
                    }
                }
            }
        }
    }

    /// <summary>The trace of the cross-product of two centred matrices, over its standard deviation when rows of one are permuted at random.</summary>
    private static double Agreement(Matrix<double> said, Matrix<double> answers)
    {
        void Centre(Matrix<double> matrix)
        {
            for (var k = 0; k < matrix.ColumnCount; k++)
            {
                matrix.SetColumn(k, matrix.Column(k) - matrix.Column(k).Average());
            }
        }

        Centre(said);
        Centre(answers);
        var sum = said.PointwiseMultiply(answers).Enumerate().Sum();
        var variance = said.TransposeThisAndMultiply(said).PointwiseMultiply(answers.TransposeThisAndMultiply(answers)).Enumerate().Sum() / (said.RowCount - 1);
        return variance > 0 ? sum / Math.Sqrt(variance) : 0;
    }
}
