namespace Roux.Learning.Data;

/// <summary>What a model says of some rows.</summary>
public sealed class Predictions
{
    /// <param name="task">The kind of task.</param>
    /// <param name="width">Outputs per row: the number of classes, or 1 for regression.</param>
    /// <param name="values">Rows x width, row-major. Class tasks: probabilities (rows sum to 1 for binary and multiclass; each in [0, 1] for multilabel). Held, not copied.</param>
    /// <param name="rule">How probabilities become decisions; <c>null</c>: the most probable class, and labels above 0.5.</param>
    /// <exception cref="ArgumentException">The rule is not one for such predictions.</exception>
    public Predictions(TaskKind task, int width, double[] values, DecisionRule? rule = null)
    {
        if (rule is not null && !rule.Fits(task, width))
        {
            throw new ArgumentException($"the decision rule does not fit {task} predictions of {width} outputs", nameof(rule));
        }

        Rule = rule;
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

    /// <summary>How probabilities become decisions; <c>null</c>: the most probable class, and labels above 0.5.</summary>
    public DecisionRule? Rule { get; }

    /// <summary>For binary and multiclass: the class predicted for each row, by the rule or else the most probable.</summary>
    public int[] Labels()
    {
        if (Rule is null)
        {
            return MostProbable();
        }

        var labels = new int[Rows];
        for (var row = 0; row < Rows; row++)
        {
            labels[row] = Rule.Decide(Row(row));
        }

        return labels;
    }

    /// <summary>For multilabel: whether a row is given a label.</summary>
    public bool Has(int row, int label) => Rule is null ? Values[row * Width + label] > 0.5 : Values[row * Width + label] >= Rule.Thresholds[label];

    /// <summary>For binary and multiclass: the most probable class of each row, whatever the rule; the first of equals.</summary>
    public int[] MostProbable()
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

        return new Predictions(Task, Width, values, Rule);
    }
}
