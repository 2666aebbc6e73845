using Roux.Learning.Data;
using Roux.Tuning;

namespace Roux.Learning.Learners;

/// <summary>The weight of each training row: what the caller gave, times what balances the classes.</summary>
internal static class RowWeights
{
    /// <summary>The hyperparameter <c>class_weight</c>.</summary>
    public static CategoricalParameter ClassWeight { get; } = new("class_weight", ["none", "balanced"]);

    /// <summary>
    /// One weight a row, never negative, not all zero. Under <c>class_weight = balanced</c> each class gets the same total weight
    /// and the sum over all rows stays as it was (King and Zeng 2001; the same rule as scikit-learn's).
    /// </summary>
    /// <exception cref="LearnerException">No rows, a negative or non-finite weight, all weights zero, or an unknown class_weight.</exception>
    public static double[] Of(TrainingSet training, Configuration configuration)
    {
        var rows = training.X.Rows;
        if (rows == 0)
        {
            throw new LearnerException("there are no rows to learn from");
        }

        if (training.Y.Count != rows || (training.Weights is not null && training.Weights.Length != rows))
        {
            throw new LearnerException($"{rows} rows of features, {training.Y.Count} answers and {training.Weights?.Length ?? rows} weights do not belong together");
        }

        var weights = new double[rows];
        var total = 0.0;
        for (var row = 0; row < rows; row++)
        {
            weights[row] = training.Weights?[row] ?? 1;
            if (!(weights[row] >= 0) || double.IsPositiveInfinity(weights[row]))
            {
                throw new LearnerException($"row {row} has weight {weights[row]}; weights are finite and not negative");
            }

            total += weights[row];
        }

        if (total <= 0)
        {
            throw new LearnerException("all row weights are zero: there is nothing to learn from");
        }

        var mode = configuration.Choice("class_weight", "none");
        if (mode == "balanced" && training.Y.Task is TaskKind.Binary or TaskKind.Multiclass)
        {
            Balance(weights, training.Y, total);
        }
        else if (mode is not "none" and not "balanced")
        {
            throw new LearnerException($"class_weight is '{mode}'; allowed are none and balanced");
        }

        return weights;
    }

    /// <summary>Total weight of each class.</summary>
    public static double[] PerClass(Target y, double[] weights)
    {
        var totals = new double[y.Classes.Length];
        for (var row = 0; row < weights.Length; row++)
        {
            totals[y.Labels[row]] += weights[row];
        }

        return totals;
    }

    private static void Balance(double[] weights, Target y, double total)
    {
        var perClass = PerClass(y, weights);
        var present = perClass.Count(weight => weight > 0);
        for (var row = 0; row < weights.Length; row++)
        {
            if (weights[row] > 0)
            {
                weights[row] *= total / (present * perClass[y.Labels[row]]);
            }
        }
    }
}
