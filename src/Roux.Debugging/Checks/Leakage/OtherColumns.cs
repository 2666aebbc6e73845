using Roux.Learning.Data;
using Roux.Learning.Learners;

namespace Roux.Debugging.Checks.Leakage;

/// <summary>How much all columns but some tell together.</summary>
internal static class OtherColumns
{
    private const int MostRows = 5_000;

    /// <summary>Share of the zero rule's errors, or of the variance, that a quick model of the other columns takes away on rows it did not see; 0 where there are none, NaN where it cannot be fitted.</summary>
    /// <param name="subject">The table.</param>
    /// <param name="without">Columns that are left out.</param>
    /// <param name="context">Seed, threads.</param>
    /// <param name="answers">What is to be told instead of the target, in the order of the labelled rows.</param>
    public static double Skill(TableSubject subject, IReadOnlyCollection<string> without, CheckContext context, Target? answers = null)
    {
        var columns = subject.Features.Where(column => !without.Contains(column.Name) && column.Role is not (ColumnRole.Text or ColumnRole.List)).ToArray();
        if (columns.Length == 0)
        {
            return 0;
        }

        var chosen = TableSubject.Sample(subject.Labelled.Length, MostRows, context.Seed);
        var y = (answers ?? subject.Target!).Take(chosen);
        var rows = Array.ConvertAll(chosen, i => subject.Labelled[i]);
        try
        {
            var predictions = QuickFit.OutOfFold(subject.Train.Take(rows), columns, y, 3, context);
            return y.Task == TaskKind.Regression ? Explained(y.Values, predictions.Values) : Errors(y, predictions.MostProbable());
        }
        catch (Exception e) when (e is LearnerException or DataException)
        {
            return double.NaN;
        }
    }

    private static double Errors(Target y, int[] labels)
    {
        var most = Data.ClassCounts.Of(y).Max();
        var right = labels.Where((label, i) => label == y.Labels[i]).Count();
        return most >= y.Count ? 0 : Math.Clamp((double)(right - most) / (y.Count - most), 0, 1);
    }

    private static double Explained(double[] values, double[] predicted)
    {
        var mean = values.Average();
        double all = 0, left = 0;
        for (var i = 0; i < values.Length; i++)
        {
            all += (values[i] - mean) * (values[i] - mean);
            left += (values[i] - predicted[i]) * (values[i] - predicted[i]);
        }

        return all > 0 ? Math.Clamp(1 - left / all, 0, 1) : 0;
    }
}
