using Roux.Learning.Data;

namespace Roux.Learning.Evaluation.Stored;

/// <summary>Predictions read back with their rows and the known answers.</summary>
/// <param name="Rows">What names each row, such as its place in the data from 1; each once, in the order of the file.</param>
/// <param name="Target">The known answers.</param>
/// <param name="Decided">Of one class per row: the class that was decided for, as an index into the target's. Else empty.</param>
/// <param name="Predictions">Numbers of regression; probabilities of classes, or 0 and 1 where none are stored.</param>
/// <param name="HasProbabilities">Whether probabilities are stored.</param>
public sealed record StoredPredictions(string[] Rows, Target Target, int[] Decided, Predictions Predictions, bool HasProbabilities)
{
    /// <summary>Number of rows.</summary>
    public int Count => Rows.Length;

    /// <summary>Whether a row was predicted right: the class, or all labels. For regression there is no right and wrong.</summary>
    public bool IsRight(int row)
    {
        if (Target.Task != TaskKind.Multilabel)
        {
            return Decided[row] == Target.Labels[row];
        }

        for (var label = 0; label < Target.Classes.Length; label++)
        {
            if (Predictions.Has(row, label) != Target.Indicators[(row * Target.Classes.Length) + label])
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>The known answer of a row in words.</summary>
    public string Answer(int row) => Target.Task switch
    {
        TaskKind.Regression => Target.Values[row].ToString("G6", System.Globalization.CultureInfo.InvariantCulture),
        TaskKind.Multilabel => string.Join(", ", Target.Classes.Where((_, label) => Target.Indicators[(row * Target.Classes.Length) + label])),
        _ => Target.Classes[Target.Labels[row]],
    };

    /// <summary>What was predicted for a row, in words.</summary>
    public string Prediction(int row) => Target.Task switch
    {
        TaskKind.Regression => Predictions.Values[row].ToString("G6", System.Globalization.CultureInfo.InvariantCulture),
        TaskKind.Multilabel => string.Join(", ", Target.Classes.Where((_, label) => Predictions.Has(row, label))),
        _ => Target.Classes[Decided[row]],
    };

    /// <summary>The probability given to what was decided; NaN where there is none.</summary>
    public double Confidence(int row) => HasProbabilities && Decided.Length > 0 ? Predictions.Values[(row * Predictions.Width) + Decided[row]] : double.NaN;
}
