using Roux.Debugging.Checks;
using Roux.Learning.Data;

namespace Roux.Debugging.Slices;

/// <summary>What to do about a weak slice: more rows, a look at the labels, or a column that is missing.</summary>
/// <param name="Kind"><c>check_labels</c>, <c>more_data</c> or <c>missing_feature</c>.</param>
/// <param name="Cause">Why it is weak, likely.</param>
/// <param name="Fix">What to do.</param>
/// <param name="TrainingRows">Training rows that fulfil the conditions; <c>null</c> where training rows are not at hand.</param>
public sealed record SliceAdvice(string Kind, string Cause, string Fix, int? TrainingRows)
{
    /// <summary>Below this share of the slice's share among evaluation rows, training knows too little of it.</summary>
    private const double Scarce = 0.5;

    /// <summary>Wrong answers of which the model is sure: from this mean probability on, the label is doubted rather than the model (Northcutt et al. 2021).</summary>
    private const double Sure = 0.75;

    /// <summary>Advises on a slice of a model's evaluation rows.</summary>
    public static SliceAdvice Of(ModelSubject subject, WeakSlice slice)
    {
        var (y, p) = (subject.Evaluation.Answers, subject.Evaluation.Predictions);
        var rows = subject.Training?.Table is { } training ? SliceRows.In(training, slice).Length : (int?)null;
        var usual = (double)slice.Rows.Length / subject.Evaluation.Count;
        if (rows is { } known && subject.Training!.Count > 0 && (double)known / subject.Training.Count < Scarce * usual)
        {
            return new SliceAdvice("more_data", $"Training knows few such rows: {known:N0} of {subject.Training.Count:N0}, where {100 * usual:0.#}% are to be expected.", "Collect and label more rows of this kind, or weight those there are.", rows);
        }

        if (y.Task is TaskKind.Binary or TaskKind.Multiclass)
        {
            var labels = p.Labels();
            double[] sureness = [.. slice.Rows.Where(row => labels[row] != y.Labels[row]).Select(row => p.Row(row)[labels[row]])];
            if (sureness.Length > 0 && sureness.Average() >= Sure)
            {
                return new SliceAdvice("check_labels", $"The model is sure ({100 * sureness.Average():0}% on average) where it is wrong: the labels of these rows may be wrong, or they follow another rule than elsewhere.",
                    "Read twenty of these rows with their labels. If the labels are wrong, correct them; if another rule holds, give the model a column that tells where.", rows);
            }
        }

        return new SliceAdvice("missing_feature", "What decides these rows is in no column, or the model cannot express how the columns of the slice act together.",
            "Add a column that tells such rows apart, or an interaction of the named columns, or take a family that finds interactions (boosting).", rows);
    }
}
