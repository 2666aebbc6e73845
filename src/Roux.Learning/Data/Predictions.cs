namespace Roux.Learning.Data;

/// <summary>What a model says of some rows.</summary>
public sealed class Predictions
{
    /// <param name="task">The kind of task.</param>
    /// <param name="width">Outputs per row: the number of classes, or 1 for regression.</param>
    /// <param name="values">Rows x width, row-major. Class tasks: probabilities (rows sum to 1 for binary and multiclass; each in [0, 1] for multilabel). Held, not copied.</param>
    public Predictions(TaskKind task, int width, double[] values)
    {
        Task = task;
        Width = width;
        Values = values;
        Rows = values.Length / width;
    }

    /// <summary>The kind of task.</summary>
    public TaskKind Task { get; }

    /// <summary>Outputs per row.</summary>
    public int Width { get; }

    /// <summary>Rows x width, row-major.</summary>
    public double[] Values { get; }

    /// <summary>Number of rows.</summary>
    public int Rows { get; }

    /// <summary>The outputs of one row.</summary>
    public ReadOnlySpan<double> Row(int row) => Values.AsSpan(row * Width, Width);

    /// <summary>For binary and multiclass: the most probable class of each row; the first of equals.</summary>
    public int[] Labels()
    {
        var labels = new int[Rows];
        for (var row = 0; row < Rows; row++)
        {
            var outputs = Row(row);
            var best = 0;
            for (var k = 1; k < outputs.Length; k++)
            {
                if (outputs[k] > outputs[best])
                {
                    best = k;
                }
            }

            labels[row] = best;
        }

        return labels;
    }

    /// <summary>The given rows, in the given order.</summary>
    public Predictions Take(ReadOnlySpan<int> rows)
    {
        var values = new double[rows.Length * Width];
        for (var i = 0; i < rows.Length; i++)
        {
            Row(rows[i]).CopyTo(values.AsSpan(i * Width));
        }

        return new Predictions(Task, Width, values);
    }
}
