namespace Roux.Debugging.Checks.Reproducibility;

/// <summary>Where two trainings part, and how far their answers lie apart in the end.</summary>
/// <param name="Stage">The first mark that differs; <c>null</c> where only the answers do.</param>
/// <param name="Largest">The largest difference of two answers.</param>
/// <param name="Share">Share of rows whose answer differs: another class, or by more than a hundredth of the spread of the answers.</param>
/// <param name="Differences">Of each answer.</param>
internal sealed record Parting(RepeatStage? Stage, double Largest, double Share, double[] Differences)
{
    /// <summary>Compares; <c>null</c> where nothing differs beyond a tolerance (relative to the size of the numbers).</summary>
    public static Parting? Of(RepeatTrace one, RepeatTrace other, double tolerance)
    {
        RepeatStage? parted = null;
        for (var i = 0; i < Math.Min(one.Stages.Count, other.Stages.Count) && parted is null; i++)
        {
            if (Differs(one.Stages[i].Values, other.Stages[i].Values, tolerance))
            {
                parted = one.Stages[i];
            }
        }

        var count = Math.Min(one.Answers.Length, other.Answers.Length);
        var differences = new double[count];
        for (var i = 0; i < count; i++)
        {
            differences[i] = double.IsNaN(one.Answers[i]) && double.IsNaN(other.Answers[i]) ? 0 : Math.Abs(one.Answers[i] - other.Answers[i]);
        }

        var largest = differences.Length == 0 ? 0 : differences.Max(value => double.IsNaN(value) ? double.PositiveInfinity : value);
        return parted is null && !Differs(one.Answers, other.Answers, tolerance) ? null : new Parting(parted, largest, ShareOfRows(one, other, differences), differences);
    }

    private static bool Differs(IReadOnlyList<double> one, IReadOnlyList<double> other, double tolerance)
    {
        if (one.Count != other.Count)
        {
            return true;
        }

        // Relative to the largest of the numbers: single ones may be nothing but rounding.
        var size = one.Where(double.IsFinite).Select(Math.Abs).DefaultIfEmpty(0).Max();
        for (var i = 0; i < one.Count; i++)
        {
            if (one[i] != other[i] && !(double.IsNaN(one[i]) && double.IsNaN(other[i])) && !(Math.Abs(one[i] - other[i]) <= tolerance * size))
            {
                return true;
            }
        }

        return false;
    }

    private static double ShareOfRows(RepeatTrace one, RepeatTrace other, double[] differences)
    {
        var rows = differences.Length / one.Width;
        if (rows == 0)
        {
            return 0;
        }

        if (one.Width == 1)
        {
            var finite = one.Answers.Where(double.IsFinite).ToArray();
            var spread = finite.Length == 0 ? 0 : finite.Max() - finite.Min();
            return differences.Count(value => !(value <= spread / 100)) / (double)rows;
        }

        return Enumerable.Range(0, rows).Count(row => Best(one, row) != Best(other, row)) / (double)rows;
    }

    private static int Best(RepeatTrace trace, int row)
    {
        var answers = trace.Answers.AsSpan(row * trace.Width, trace.Width);
        var best = 0;
        for (var i = 1; i < answers.Length; i++)
        {
            best = answers[i] > answers[best] ? i : best;
        }

        return best;
    }
}
