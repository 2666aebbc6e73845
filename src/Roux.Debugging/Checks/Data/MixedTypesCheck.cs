using System.Globalization;
using Roux.Learning.Data;
using Roux.Tracking;

namespace Roux.Debugging.Checks.Data;

/// <summary>Columns in which most values are numbers and some are not.</summary>
public sealed class MixedTypesCheck : Check<TableSubject>
{
    private static readonly Threshold Share = new("share", 0.6, "share of the known values that are numbers, in a column that is not all numbers", "A majority that chance hardly makes");

    private static readonly Threshold Quantities = new("distinct", 20, "different numbers from which on they are quantities rather than codes, and the severity medium", "As many levels as are still read as classes elsewhere");

    /// <inheritdoc/>
    public override string Name => "mixed-types";

    /// <inheritdoc/>
    public override string Definition => "Most values of a text column are numbers: a few others keep it from being read as numbers.";

    /// <inheritdoc/>
    public override IReadOnlyList<Threshold> Thresholds => [Share, Quantities];

    /// <inheritdoc/>
    public override IReadOnlyList<string> Explains => ["high-cardinality", "rare-levels", "inconsistent-spelling"];

    /// <inheritdoc/>
    public override IEnumerable<Finding> Run(TableSubject subject, CheckContext context)
    {
        foreach (var spec in subject.Columns.Where(spec => spec.Role is ColumnRole.Categorical or ColumnRole.Text or ColumnRole.Target or ColumnRole.List or ColumnRole.Id))
        {
            if (subject.Train[spec.Name] is not TextColumn column)
            {
                continue;
            }

            var numeric = Array.ConvertAll(column.Levels, level => IsNumber(level));
            int numbers = 0, known = 0;
            var others = new Dictionary<string, int>(StringComparer.Ordinal);
            var distinct = new HashSet<int>();
            foreach (var code in column.Codes.Where(code => code >= 0))
            {
                known++;
                if (numeric[code])
                {
                    numbers++;
                    distinct.Add(code);
                }
                else
                {
                    others[column.Levels[code]] = others.GetValueOrDefault(column.Levels[code]) + 1;
                }
            }

            if (others.Count == 0 || numbers < context.Value(Name, Share) * known || distinct.Count < 5)
            {
                continue;
            }

            var quantities = distinct.Count >= context.Value(Name, Quantities);
            var shown = others.OrderByDescending(pair => pair.Value).ThenBy(pair => pair.Key, StringComparer.Ordinal).Take(10).ToArray();
            yield return new Finding(Name, quantities ? Severity.Medium : Severity.Low,
                $"'{spec.Name}' is read as text because of {Wording.Count(known - numbers, "value")} of {known:N0}: {Wording.List([.. shown.Select(pair => $"'{Wording.Short(pair.Key, 20)}'")])}; the others are numbers")
            {
                Columns = [spec.Name],
                Evidence = Figures.Of(("numbers", numbers), ("others", known - numbers), ("different_numbers", distinct.Count)).WithBars("Values that are no numbers", "rows", shown.Select(pair => (pair.Key, (double)pair.Value))),
                Cause = "A word for 'missing', a unit, a thousands separator or a decimal comma stands among the numbers.",
                Fix = $"Correct those values, or read the column as numbers (--column \"{spec.Name}=numeric\"), which makes them missing.",
                Verify = "The column's role is numeric.",
            };
        }
    }

    private static bool IsNumber(string text) => double.TryParse(text.AsSpan().Trim(), NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && double.IsFinite(value)
        && !(text.Length > 1 && text[0] == '0' && char.IsDigit(text[1]));
}
