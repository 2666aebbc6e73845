using Roux.Learning.Data;

namespace Roux.Learning.Learners.Trees;

/// <summary>What every tree of a forest learns from.</summary>
/// <param name="Columns">Features by rank.</param>
/// <param name="Labels">Class tasks: one a row; else empty.</param>
/// <param name="Values">Regression: one a row; else empty.</param>
/// <param name="Weights">One a row.</param>
/// <param name="Classes">Number of classes; 0 for regression.</param>
internal sealed record TreeData(RankedColumns Columns, int[] Labels, double[] Values, double[] Weights, int Classes)
{
    /// <summary>Most numbers that a sparse matrix may take when written out in full.</summary>
    private const long MaxDense = 400_000_000;

    public static TreeData From(TrainingSet training, double[] weights, FitContext context)
    {
        var x = training.X;
        if (x.IsSparse)
        {
            if ((long)x.Rows * x.Columns > MaxDense)
            {
                throw new LearnerException($"trees need every number written out, and {x.Rows} x {x.Columns} sparse features are too many: limit the text features");
            }

            x = Densify(x, 0, x.Rows);
        }

        return new TreeData(RankedColumns.From(x, context), training.Y.Labels, training.Y.Values, weights, training.Y.Task == TaskKind.Regression ? 0 : training.Y.Classes.Length);
    }

    /// <summary>Rows [first, end) of a sparse matrix in dense form.</summary>
    public static Features.FeatureMatrix Densify(Features.FeatureMatrix x, int first, int end)
    {
        var dense = new float[(long)(end - first) * x.Columns];
        for (var row = first; row < end; row++)
        {
            for (var e = x.RowStarts![row]; e < x.RowStarts[row + 1]; e++)
            {
                dense[(long)(row - first) * x.Columns + x.Indices![e]] = x.Values![e];
            }
        }

        return Features.FeatureMatrix.FromDense(end - first, x.Features, dense);
    }
}
