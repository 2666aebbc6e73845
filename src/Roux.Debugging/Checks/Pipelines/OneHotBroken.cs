using System.Text.Json.Nodes;
using Roux.Learning.Features;
using Roux.Tracking;

namespace Roux.Debugging.Checks.Pipelines;

/// <summary>Whether one-hot features are one-hot.</summary>
public sealed class OneHotBroken : Check<InputSubject>
{
    private static readonly Threshold Share = new("share", 0.01, "share of the rows in which several features of one column are set: above", "exactly one is set by definition; a row in a hundred allows for repair by hand");
    private static readonly Threshold None = new("none", 0.2, "share of the rows in which no feature of one column is set: at least", "unknown levels are left without a feature, but seldom in a fifth of the training rows");

    /// <inheritdoc/>
    public override string Name => "one-hot-broken";

    /// <inheritdoc/>
    public override string Definition => "Of the 0/1 features of one categorical column, several are set in a row, or none in many rows.";

    /// <inheritdoc/>
    public override IReadOnlyList<Threshold> Thresholds => [Share, None];

    /// <inheritdoc/>
    public override IEnumerable<Finding> Run(InputSubject subject, CheckContext context)
    {
        var x = subject.X;
        foreach (var group in Groups(subject))
        {
            context.Cancellation.ThrowIfCancellationRequested();
            var place = group.Select((column, i) => (column, i)).ToDictionary(pair => pair.column, pair => pair.i);
            var (several, none) = (0, 0);
            for (var row = 0; row < x.Rows; row++)
            {
                var sum = Sum(x, row, place);
                several += sum > 1.001 ? 1 : 0;
                none += sum < 0.999 ? 1 : 0;
            }

            var source = x.Features[group[0]].Source;
            if (several > context.Value(Name, Share) * x.Rows)
            {
                yield return Found(subject, group, source, several, $"{several:N0} of {x.Rows:N0} rows have several of the {group.Count} features of '{source}' set, where exactly one belongs.",
                    "Levels were added up instead of chosen, codes of two columns fall on the same features, or the encoder was applied to text of several levels.", Severity.High);
            }
            else if (none >= context.Value(Name, None) * x.Rows)
            {
                yield return Found(subject, group, source, none, $"{none:N0} of {x.Rows:N0} rows have none of the {group.Count} features of '{source}' set.",
                    "Levels are spelled in another way than when the encoder was fitted (case, spaces, numbers as text), or the column was read as missing.", Severity.Medium);
            }
        }
    }

    private static IEnumerable<IReadOnlyList<int>> Groups(InputSubject subject)
    {
        var declared = subject.OneHot.SelectMany(group => group).ToHashSet();
        return subject.OneHot.Where(group => group.Count > 1).Concat(Enumerable.Range(0, subject.X.Columns)
            .Where(j => subject.X.Features[j] is { Kind: FeatureKind.Indicator } feature && !declared.Contains(j) && !subject.Lists.Contains(feature.Source) && feature.Name.StartsWith(feature.Source + "=", StringComparison.Ordinal))
            .GroupBy(j => subject.X.Features[j].Source).Where(group => group.Count() > 1).Select(group => (IReadOnlyList<int>)[.. group]));
    }

    private static double Sum(FeatureMatrix x, int row, Dictionary<int, int> place)
    {
        var sum = 0.0;
        if (x.Dense is { } dense)
        {
            foreach (var column in place.Keys)
            {
                sum += dense[(long)row * x.Columns + column];
            }

            return sum;
        }

        for (var i = x.RowStarts![row]; i < x.RowStarts[row + 1]; i++)
        {
            sum += place.ContainsKey(x.Indices![i]) ? x.Values![i] : 0;
        }

        return sum;
    }

    private Finding Found(InputSubject subject, IReadOnlyList<int> group, string source, int rows, string message, string cause, Severity severity) => new(Name, severity, message)
    {
        Columns = [source],
        Evidence = new JsonObject { ["rows"] = rows, ["of"] = subject.X.Rows, ["features"] = group.Count },
        Cause = cause,
        Fix = "Fit the encoder on the training rows once, store it with the model, and give levels it does not know a feature of their own.",
        Verify = "The features of the column sum to 1 in every row.",
    };
}
