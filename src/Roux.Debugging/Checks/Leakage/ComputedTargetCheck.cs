using Roux.Learning.Data;
using Roux.Learning.Evaluation.Statistics;
using Roux.Tracking;

namespace Roux.Debugging.Checks.Leakage;

/// <summary>Numbers to predict that are computed from columns: their sum, difference, product or ratio.</summary>
public sealed class ComputedTargetCheck : Check<TableSubject>
{
    private static readonly Threshold Left = new("left", 1e-4, "share of the variance that a linear function of the columns, or of their logarithms, leaves", "Rounding leaves about so much; honest measurements leave their noise");

    private static readonly Threshold Few = new("few", 3, "most columns that suffice for a high severity; more are of medium severity", "A total of its parts, an amount of price and quantity; a long formula may be an honest law");

    private const int MostRows = 4_000, MostColumns = 40;

    /// <inheritdoc/>
    public override string Name => "computed-target";

    /// <inheritdoc/>
    public override string Definition => "A few columns together give the number to predict by addition or multiplication, with nothing but rounding left (least squares on the values, or on their logarithms).";

    /// <inheritdoc/>
    public override IReadOnlyList<Threshold> Thresholds => [Left, Few];

    /// <inheritdoc/>
    public override IReadOnlyList<string> Explains => ["redundant-columns"];

    /// <inheritdoc/>
    public override IEnumerable<Finding> Run(TableSubject subject, CheckContext context)
    {
        if (subject.Target is not { Task: TaskKind.Regression, Count: >= 50 })
        {
            yield break;
        }

        var columns = subject.Features.Where(column => column.Role is ColumnRole.Numeric or ColumnRole.Boolean && subject.Train[column.Name] is NumberColumn).Take(MostColumns)
            .Select(column => (column.Name, ((NumberColumn)subject.Train[column.Name]).Values)).ToArray();
        int[] rows = [.. subject.Labelled.Where(row => columns.All(column => double.IsFinite(column.Values[row])))];
        rows = [.. TableSubject.Sample(rows.Length, MostRows, context.Seed).Select(i => rows[i])];
        if (columns.Length < 2 || rows.Length < Math.Max(50, 5 * columns.Length))
        {
            yield break;
        }

        var y = Array.ConvertAll(rows, row => subject.Values[row]);
        var x = columns.Select(column => (column.Name, Values: Array.ConvertAll(rows, row => column.Values[row]))).ToList();
        var positive = x.Where(column => column.Values.All(value => value > 0)).Select(column => (column.Name, Values: Array.ConvertAll(column.Values, Math.Log))).ToList();
        (string[] Names, string How) found = Least(x, y, context) is { Length: > 0 } sum ? (sum, "adding")
            : y.All(value => value > 0) && Least(positive, Array.ConvertAll(y, Math.Log), context) is { Length: > 0 } product ? (product, "multiplying") : ([], "");
        if (found.Names.Length < 2)
        {
            yield break; // One column alone is told of by suspected-leak.
        }

        var few = found.Names.Length <= context.Value(Name, Few);
        yield return new Finding(Name, few ? Severity.High : Severity.Medium, $"'{subject.TargetName}' can be computed by {found.How} {Wording.Names(found.Names)}: nothing but rounding is left")
        {
            Columns = found.Names,
            Evidence = Figures.Of(("columns", found.Names.Length), ("left", Share(x.Concat(positive).Where(column => found.Names.Contains(column.Name)).Take(found.Names.Length).ToList(), y)))
                .WithBars("Share of the variance that is left", "share", [("without these columns", 1 - OtherColumns.Skill(subject, found.Names, context)), ("with them", 0)]),
            Cause = "The columns are parts of the answer, or were written when it was known.",
            Fix = "If the parts are known when predictions are needed, compute the answer instead of learning it; if not, leave them out (--drop).",
            Verify = "Score again without the columns: if the score falls to a believable one, they were a leak.",
        };
    }

    /// <summary>The fewest columns that still give the answer, found by leaving out one after another; none where even all do not.</summary>
    private string[] Least(List<(string Name, double[] Values)> columns, double[] y, CheckContext context)
    {
        var limit = context.Value(Name, Left);
        if (columns.Count == 0 || !(Share(columns, y) <= limit))
        {
            return [];
        }

        var kept = columns.ToList();
        foreach (var column in columns)
        {
            context.Cancellation.ThrowIfCancellationRequested();
            var without = kept.Where(other => other.Name != column.Name).ToList();
            if (without.Count > 0 && Share(without, y) <= limit)
            {
                kept = without;
            }
        }

        return [.. kept.Select(column => column.Name)];
    }

    private static double Share(List<(string Name, double[] Values)> columns, double[] y)
    {
        var mean = y.Average();
        var all = y.Sum(value => (value - mean) * (value - mean));
        return all > 0 ? new LeastSquaresFit([.. columns.Select(column => column.Values)], y).ResidualSquares / all : double.NaN;
    }
}
