using System.Text.Json.Nodes;
using Roux.Debugging.Findings;
using Roux.Learning.Data;
using Roux.Tracking;

namespace Roux.Debugging.Checks.Pipelines;

/// <summary>Whether the columns that a model gets in use are those that it was trained on: there, of the same kind, in the same unit.</summary>
public sealed class ServingColumns : Check<ServingSubject>
{
    private static readonly (double Factor, string Words)[] Units =
    [
        (10, "a power of ten"), (100, "a power of ten (percent and share, cents and whole)"), (1_000, "a power of ten (thousands)"), (1e6, "a power of ten (millions)"),
        (60, "minutes and seconds"), (24, "days and hours"), (3_600, "hours and seconds"), (7, "weeks and days"), (12, "years and months"), (365.25, "years and days"),
        (2.54, "inches and centimetres"), (25.4, "inches and millimetres"), (0.3048, "feet and metres"), (1.609, "miles and kilometres"), (2.2046, "kilograms and pounds"), (28.35, "ounces and grams"), (1_024, "bytes and kilobytes"), (255, "0..1 and 0..255"), (57.2958, "degrees and radians"),
    ];

    private static readonly Threshold Straight = new("straight", 0.02, "root mean square distance of the quantiles in use from a multiple of those of training, over their spread: at most", "quantiles of the same values in another unit lie on a line exactly; of two samples of a few hundred rows within about 2%");
    private static readonly Threshold Factor = new("factor", 2, "that multiple, or one over it: at least", "a column that doubles as a whole; drift seldom stretches every quantile alike");
    private static readonly Threshold Lost = new("lost", 0.2, "share of the values in use that cannot be read as the column's type: at least", "a fifth of the values becomes missing");

    /// <inheritdoc/>
    public override string Name => "serving-columns";

    /// <inheritdoc/>
    public override string Definition => "A column in use is absent (serving-column-missing), cannot be read as the type of training (serving-type), or holds the same quantity in another unit: every quantile is the same multiple of that of training (serving-unit).";

    /// <inheritdoc/>
    public override IReadOnlyList<Threshold> Thresholds => [Straight, Factor, Lost];

    /// <inheritdoc/>
    public override IReadOnlyList<string> Explains => ["drift", "domain-drift", "input-shift"];

    /// <inheritdoc/>
    public override IEnumerable<Finding> Run(ServingSubject subject, CheckContext context)
    {
        if (subject.Serving is not { RowCount: >= 20 } serving)
        {
            yield break;
        }

        foreach (var spec in subject.Trained.Members.SelectMany(member => member.Featurizer.Columns).DistinctBy(column => column.Name))
        {
            if (subject.Training.Find(spec.Name) is not { } then)
            {
                continue;
            }

            if (serving.Find(spec.Name) is not { } now)
            {
                yield return new Finding("serving-column-missing", Severity.High, $"'{spec.Name}', which the model reads, is not among the columns in use.")
                {
                    Columns = [spec.Name],
                    Cause = "The column was renamed or is not delivered any more.",
                    Fix = "Deliver it under its name, or fit the model without it.",
                    Verify = "Every column that the model reads is there.",
                };
                continue;
            }

            if (Unreadable(spec, then, now, context) is { } type)
            {
                yield return type;
            }
            else if (spec.Role == ColumnRole.Numeric && then is NumberColumn before && now is NumberColumn after && OtherUnit(spec.Name, before.Values, after.Values, context) is { } unit)
            {
                yield return unit;
            }
        }
    }

    private Finding? Unreadable(ColumnSpec spec, Column then, Column now, CheckContext context)
    {
        if (spec.Role != ColumnRole.Numeric || then is not NumberColumn || now is not TextColumn texts)
        {
            return null;
        }

        var known = Enumerable.Range(0, now.Length).Where(row => !now.IsMissing(row)).ToArray();
        var lost = known.Where(row => !double.TryParse(texts[row], System.Globalization.NumberStyles.Float, System.Globalization.CultureInfo.InvariantCulture, out _)).ToArray();
        return known.Length == 0 || lost.Length < context.Value(Name, Lost) * known.Length ? null
            : new Finding("serving-type", Severity.High, $"'{spec.Name}' held numbers in training; in use {lost.Length:N0} of {known.Length:N0} values are none, such as '{Short(texts[lost[0]]!)}', and reach the model as missing.")
            {
                Columns = [spec.Name],
                Evidence = new JsonObject { ["unreadable"] = lost.Length, ["values"] = known.Length, ["example"] = Short(texts[lost[0]]!) },
                Cause = "Another format of numbers (decimal comma, thousands separator, unit or currency behind the number), or another column under this name.",
                Fix = "Deliver plain numbers, or convert them before the model.",
                Verify = "All values in use can be read as numbers.",
            };
    }

    private Finding? OtherUnit(string name, double[] before, double[] after, CheckContext context)
    {
        var (then, now) = (Quantiles(before), Quantiles(after));
        if (then is null || now is null || then.Distinct().Count() < 5)
        {
            return null;
        }

        var (xx, xy) = (then.Sum(value => value * value), then.Zip(now, (a, b) => a * b).Sum());
        var factor = xy / xx;
        var spread = now.Max() - now.Min();
        var apart = Math.Sqrt(then.Zip(now, (a, b) => (b - factor * a) * (b - factor * a)).Average()) / spread;
        var size = Math.Max(factor, 1 / factor);
        if (!(factor > 0) || !(spread > 0) || size < context.Value(Name, Factor) || apart > context.Value(Name, Straight) * Math.Sqrt(1 + 2_000.0 / Math.Min(before.Length, after.Length)))
        {
            return null;
        }

        var known = Units.Where(unit => Math.Abs(Math.Log(size / Math.Max(unit.Factor, 1 / unit.Factor))) < 0.03).Select(unit => unit.Words).FirstOrDefault();
        return new Finding("serving-unit", known is null ? Severity.Medium : Severity.High, $"'{name}' comes in another unit than in training: every quantile is {factor:G4} times what it was{(known is null ? "" : $" ({known})")}.")
        {
            Columns = [name],
            Evidence = new JsonObject
            {
                ["factor"] = factor,
                ["distance_from_line"] = apart,
                [EvidencePlot.Key] = new EvidencePlot(PlotKind.Scatter, "Quantiles in use over those of training", "training", "in use", [new PlotSeries("5% to 95%", then, now)]).ToJson(),
            },
            Cause = "The source delivers the quantity in another unit, or a conversion that training had is missing (or done twice).",
            Fix = "Convert it to the unit of training before the model, and write the unit into the name of the column.",
            Verify = "The quantiles of both lie on the diagonal.",
        };
    }

    /// <summary>The 5% to 95% quantiles in steps of 5%; <c>null</c> with fewer than 20 values.</summary>
    private static double[]? Quantiles(double[] values)
    {
        double[] sorted = [.. values.Where(double.IsFinite).Order()];
        return sorted.Length < 20 ? null : [.. Enumerable.Range(1, 19).Select(i => sorted[(int)(i / 20.0 * (sorted.Length - 1))])];
    }

    private static string Short(string text) => text.Length <= 30 ? text : text[..30] + "…";
}
