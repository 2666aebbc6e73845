using MathNet.Numerics.LinearAlgebra;
using Roux.Learning.Learners.Linear;

namespace Roux.Learning.Evaluation.Statistics;

/// <summary>
/// Maximum-likelihood logistic regression with an intercept, by iteratively reweighted least squares (McCullagh and Nelder 1989, section 2.5). A penalty too small to matter keeps weights
/// finite where classes are separated.
/// </summary>
public sealed class LogisticFit
{
    private const double Penalty = 1e-6;
    private const int MostSteps = 30;

    private readonly IReadOnlyList<double[]> columns;
    private readonly bool[] labels;
    private OrthogonalBasis? weighted;

    /// <param name="columns">Standardised regressors, without the intercept.</param>
    /// <param name="labels">Whether each row is of the class.</param>
    /// <param name="cancellation">Asks to stop.</param>
    public LogisticFit(IReadOnlyList<double[]> columns, bool[] labels, CancellationToken cancellation = default)
    {
        (this.columns, this.labels) = (columns, labels);
        Weights = new double[columns.Count + 1];
        Probabilities = new double[labels.Length];
        LogLikelihood = Evaluate(Weights, Probabilities);
        for (var step = 0; step < MostSteps; step++)
        {
            cancellation.ThrowIfCancellationRequested();
            if (!Step())
            {
                break;
            }
        }
    }

    /// <summary>The intercept, then one weight a column.</summary>
    public double[] Weights { get; private set; }

    /// <summary>Probability of the class for each row.</summary>
    public double[] Probabilities { get; private set; }

    /// <summary>The logarithm of the likelihood, at most 0.</summary>
    public double LogLikelihood { get; private set; }

    /// <summary>
    /// The score test (Rao 1948) of one more column: whether it would get a weight.
    /// </summary>
    /// <returns>Chi-square with one degree of freedom and its p-value.</returns>
    public TestStatistic Score(double[] more)
    {
        ArgumentNullException.ThrowIfNull(more);
        var root = Array.ConvertAll(Probabilities, p => Math.Sqrt(Math.Max(p * (1 - p), 1e-12)));
        if (weighted is null)
        {
            weighted = new OrthogonalBasis();
            weighted.Add(root);
            foreach (var column in columns)
            {
                weighted.Add([.. column.Zip(root, (value, w) => value * w)]);
            }
        }

        var rest = weighted.Rest([.. more.Zip(root, (value, w) => value * w)]);
        var (score, variance) = (0.0, 0.0);
        for (var row = 0; row < more.Length; row++)
        {
            score += rest[row] * ((labels[row] ? 1 : 0) - Probabilities[row]) / root[row];
            variance += rest[row] * rest[row];
        }

        var chi = variance > 1e-9 ? score * score / variance : 0;
        return new TestStatistic(chi, Tails.ChiSquare(chi, 1));
    }

    private bool Step()
    {
        var p = columns.Count + 1;
        var hessian = Matrix<double>.Build.Dense(p, p);
        var gradient = Vector<double>.Build.Dense(p);
        var curvature = Array.ConvertAll(Probabilities, probability => Math.Max(probability * (1 - probability), 1e-12));
        var scaled = new double[labels.Length];
        for (var i = 0; i < p; i++)
        {
            for (var row = 0; row < scaled.Length; row++)
            {
                scaled[row] = curvature[row] * Value(i, row);
                gradient[i] += Value(i, row) * ((labels[row] ? 1 : 0) - Probabilities[row]);
            }

            gradient[i] -= Penalty * Weights[i];
            hessian[i, i] = Penalty;
            for (var j = 0; j <= i; j++)
            {
                hessian[i, j] += j == 0 ? scaled.Sum() : Vectors.Dot(scaled, columns[j - 1]);
                hessian[j, i] = hessian[i, j];
            }
        }

        var direction = hessian.Solve(gradient);
        for (var factor = 1.0; factor > 1e-4; factor /= 2)
        {
            double[] tried = [.. Weights.Select((weight, i) => weight + factor * direction[i])];
            var probabilities = new double[labels.Length];
            var likelihood = Evaluate(tried, probabilities);
            if (likelihood > LogLikelihood || Math.Abs(likelihood - LogLikelihood) < 1e-12)
            {
                var gain = likelihood - LogLikelihood;
                (Weights, Probabilities, LogLikelihood) = (tried, probabilities, likelihood);
                return gain > 1e-8 * Math.Max(1, Math.Abs(likelihood));
            }
        }

        return false;
    }

    private double Value(int i, int row) => i == 0 ? 1 : columns[i - 1][row];

    private double Evaluate(double[] weights, double[] probabilities)
    {
        Array.Fill(probabilities, weights[0]);
        for (var i = 0; i < columns.Count; i++)
        {
            for (var row = 0; row < probabilities.Length; row++)
            {
                probabilities[row] += weights[i + 1] * columns[i][row];
            }
        }

        var sum = 0.0;
        for (var row = 0; row < probabilities.Length; row++)
        {
            var z = probabilities[row];
            sum += (labels[row] ? Math.Min(z, 0) : Math.Min(-z, 0)) - double.LogP1(Math.Exp(-Math.Abs(z)));
            probabilities[row] = Learners.Probabilities.Logistic(z).One;
        }

        return sum;
    }
}
