namespace Roux.Learning.Data.Profiling;

/// <summary>The target in a form in which other columns can be compared with it.</summary>
internal sealed class TargetColumn
{
    /// <summary>Cells above which a table of levels by classes is not made.</summary>
    private const long MostCells = 4_000_000;

    private readonly int[] classes;
    private readonly double[]? values;
    private readonly int classCount;

    private TargetColumn(int[] classes, int classCount, double[]? values) =>
        (this.classes, this.classCount, this.values) = (classes, classCount, values);

    /// <summary>Prepares a target; <c>null</c> for several labels per row, which are not compared column by column.</summary>
    public static TargetColumn? Of(int tableRows, int[]? sample, Target target, int[]? rows)
    {
        if (target.Task == TaskKind.Multilabel)
        {
            return null;
        }

        // Per row of the table: its class (-1 where unknown), and its number for regression.
        var classes = new int[tableRows];
        Array.Fill(classes, -1);
        if (target.Task != TaskKind.Regression)
        {
            for (var i = 0; i < target.Count; i++)
            {
                classes[rows?[i] ?? i] = target.Labels[i];
            }

            return new TargetColumn(classes, target.Classes.Length, null);
        }

        var values = new double[tableRows];
        Array.Fill(values, double.NaN);
        for (var i = 0; i < target.Count; i++)
        {
            values[rows?[i] ?? i] = target.Values[i];
        }

        var (bins, count) = Binning.OfNumbers(values, sample ?? [.. Enumerable.Range(0, tableRows)]);
        foreach (var (row, bin) in (sample ?? [.. Enumerable.Range(0, tableRows)]).Zip(bins))
        {
            classes[row] = bin;
        }

        return new TargetColumn(classes, count, values);
    }

    /// <summary>Compares a column with the target, over the sampled rows in which both are known.</summary>
    public TargetAssociation? Associate(Column column, int[]? sample)
    {
        var rows = (sample ?? [.. Enumerable.Range(0, column.Length)]).Where(row => classes[row] >= 0 && !column.IsMissing(row)).ToArray();
        if (rows.Length < 2)
        {
            return null;
        }

        double[]? numbers = column switch
        {
            NumberColumn number => Array.ConvertAll(rows, row => number.Values[row]),
            DateColumn date => Array.ConvertAll(rows, row => (double)date.Ticks[row]),
            _ => null,
        };
        var (bins, levels) = column is TextColumn text
            ? Binning.OfLevels(text, rows)
            : Binning.OfNumbers(numbers!, [.. Enumerable.Range(0, rows.Length)]);
        if ((long)levels * classCount > MostCells)
        {
            return null;
        }

        var answers = Array.ConvertAll(rows, row => classes[row]);
        var counts = Contingency(bins, levels, answers);
        var information = Association.MutualInformation(counts, levels, classCount);
        if (values is null)
        {
            var skill = Association.ClassSkill(counts, levels, classCount);
            return numbers is null
                ? new TargetAssociation("cramers_v", Association.CramersV(counts, levels, classCount), information, skill)
                : new TargetAssociation("correlation_ratio", Association.CorrelationRatio(answers, classCount, numbers), information, skill);
        }

        var y = Array.ConvertAll(rows, row => values[row]);
        var explained = Association.ValueSkill(bins, levels, y);
        if (numbers is null)
        {
            return new TargetAssociation("correlation_ratio", Association.CorrelationRatio(bins, levels, y), information, explained);
        }

        var linear = Association.Pearson(numbers, y);
        return new TargetAssociation("pearson", linear, information, Math.Max(explained, double.IsNaN(linear) ? 0 : linear * linear));
    }

    private int[] Contingency(int[] bins, int levels, int[] answers)
    {
        var counts = new int[levels * classCount];
        for (var i = 0; i < bins.Length; i++)
        {
            counts[bins[i] * classCount + answers[i]]++;
        }

        return counts;
    }
}
