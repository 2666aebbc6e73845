namespace Roux.Learning.Data;

/// <summary>The known answers, one per row, in the form the task needs. No value is missing.</summary>
public sealed class Target
{
    private Target(TaskKind task, string[] classes, int[] labels, double[] values, bool[] indicators, int count) =>
        (Task, Classes, Labels, Values, Indicators, Count) = (task, classes, labels, values, indicators, count);

    /// <summary>The kind of task.</summary>
    public TaskKind Task { get; }

    /// <summary>Names of the classes, sorted ordinally (numbers by value); empty for regression. For binary tasks index 1 is the positive class.</summary>
    public string[] Classes { get; }

    /// <summary>Binary and multiclass: per row an index into <see cref="Classes"/>. Else empty.</summary>
    public int[] Labels { get; }

    /// <summary>Regression: the number of each row. Else empty.</summary>
    public double[] Values { get; }

    /// <summary>Multilabel: rows x classes, row-major. Else empty.</summary>
    public bool[] Indicators { get; }

    /// <summary>Number of rows.</summary>
    public int Count { get; }

    /// <summary>Number of outputs a prediction has per row: the number of classes, or 1 for regression.</summary>
    public int Width => Task == TaskKind.Regression ? 1 : Classes.Length;

    /// <summary>A target of numbers.</summary>
    public static Target Regression(double[] values) => new(TaskKind.Regression, [], [], values, [], values.Length);

    /// <summary>A target of one class per row; binary when there are two classes.</summary>
    /// <param name="labels">Per row an index into <paramref name="classes"/>.</param>
    /// <param name="classes">Names of the classes, at least two.</param>
    public static Target Classification(int[] labels, string[] classes) =>
        new(classes.Length == 2 ? TaskKind.Binary : TaskKind.Multiclass, classes, labels, [], [], labels.Length);

    /// <summary>A target of any number of classes per row.</summary>
    /// <param name="indicators">Rows x classes, row-major.</param>
    /// <param name="classes">Names of the classes.</param>
    public static Target Multilabel(bool[] indicators, string[] classes) =>
        new(TaskKind.Multilabel, classes, [], [], indicators, indicators.Length / classes.Length);

    /// <summary>The given rows, in the given order; the classes stay the same.</summary>
    public Target Take(ReadOnlySpan<int> rows)
    {
        var labels = Labels.Length == 0 ? [] : new int[rows.Length];
        var values = Values.Length == 0 ? [] : new double[rows.Length];
        var indicators = Indicators.Length == 0 ? [] : new bool[rows.Length * Classes.Length];
        for (var i = 0; i < rows.Length; i++)
        {
            if (labels.Length > 0)
            {
                labels[i] = Labels[rows[i]];
            }

            if (values.Length > 0)
            {
                values[i] = Values[rows[i]];
            }

            if (indicators.Length > 0)
            {
                Array.Copy(Indicators, rows[i] * Classes.Length, indicators, i * Classes.Length, Classes.Length);
            }
        }

        return new Target(Task, Classes, labels, values, indicators, rows.Length);
    }

    /// <summary>For multilabel: the binary question of one class.</summary>
    public Target Label(int index)
    {
        var labels = new int[Count];
        for (var row = 0; row < Count; row++)
        {
            labels[row] = Indicators[row * Classes.Length + index] ? 1 : 0;
        }

        return Classification(labels, ["no", Classes[index]]);
    }
}
