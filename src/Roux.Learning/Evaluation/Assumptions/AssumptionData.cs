using Roux.Learning.Data;
using Roux.Learning.Features;
using Roux.Learning.Learners.Trees;

namespace Roux.Learning.Evaluation.Assumptions;

/// <summary>A sample of the data as linear learners see it, but for texts and lists: standardised numbers, levels as 0 and 1 without the most frequent one, in the order of the rows.</summary>
internal sealed record AssumptionData
{
    /// <summary>Rows are taken in stretches of this many neighbours, so that dependence between them can show.</summary>
    public const int Block = 250;

    private const int MostRows = 3000;
    private const int MostFeatures = 60;

    /// <summary>One array a feature, one value a row.</summary>
    public required IReadOnlyList<double[]> Columns { get; init; }

    /// <summary>What each is.</summary>
    public required IReadOnlyList<Feature> Features { get; init; }

    /// <summary>The answers of the rows.</summary>
    public required Target Y { get; init; }

    /// <summary>The rows of the table.</summary>
    public required Table Table { get; init; }

    /// <summary>Features that all the columns make, those left out here included; texts and lists are not counted.</summary>
    public required int AllFeatures { get; init; }

    /// <summary>Rows of all the data, and how often its rarest class occurs there (all rows for numbers).</summary>
    public required (int Rows, int Events) Whole { get; init; }

    /// <summary>Whether texts or lists were left out.</summary>
    public required bool HasTexts { get; init; }

    /// <summary>For classes: the question that is looked at; for labels and more than two classes, the most frequent one against the rest.</summary>
    public required (string Name, bool[] Labels) Question { get; init; }

    /// <summary>A number a row: the answer, or 1 and 0 for the question.</summary>
    public double[] Numbers => Y.Task == TaskKind.Regression ? Y.Values : Array.ConvertAll(Question.Labels, label => label ? 1.0 : 0);

    /// <summary>Places of numeric features.</summary>
    public IEnumerable<int> Numeric => Enumerable.Range(0, Features.Count).Where(feature => Features[feature].Kind == FeatureKind.Numeric);

    /// <summary>Prepares a sample; <c>null</c> where no feature is left.</summary>
    public static AssumptionData? Of(Table table, IReadOnlyList<ColumnSpec> columns, Target y, AssumptionOptions options, CancellationToken cancellation)
    {
        var rows = Rows(table, options);
        var (part, answers) = (table.Take(rows), y.Take(rows));
        List<ColumnSpec> used = [.. columns.Where(column => column.Role is not (ColumnRole.Text or ColumnRole.List))];
        if (used.Count == 0 || rows.Length < 10)
        {
            return null;
        }

        var form = FeatureForm.Linear with { Text = TextEncoding.None };
        var (_, x) = Featurizer.Fit(part, used, answers, form, options.Seed, options.Threads, cancellation);
        var dense = x.Dense ?? TreeData.Densify(x, 0, x.Rows).Dense!;
        var all = Enumerable.Range(0, x.Columns).Select(feature => (Feature: x.Features[feature], Values: Enumerable.Range(0, x.Rows).Select(row => (double)dense[row * x.Columns + feature]).ToArray()))
            .Where(pair => pair.Values.Any(value => value != pair.Values[0])).ToList();
        DropBaseLevels(all);
        var question = QuestionOf(answers);
        var numbers = answers.Task == TaskKind.Regression ? answers.Values : Array.ConvertAll(question.Labels, label => label ? 1.0 : 0);
        var kept = all.Count <= MostFeatures ? all
            : [.. all.OrderByDescending(pair => Math.Abs(Statistics.Correlation.Pearson(pair.Values, numbers).Statistic) is var r && double.IsNaN(r) ? 0 : r).Take(MostFeatures)];
        return all.Count == 0 ? null : new AssumptionData
        {
            Columns = [.. kept.Select(pair => pair.Values)],
            Features = [.. kept.Select(pair => pair.Feature)],
            Y = answers,
            Table = part,
            AllFeatures = all.Count,
            Whole = (y.Count, Events(y)),
            HasTexts = used.Count < columns.Count,
            Question = question,
        };
    }

    private static int[] Rows(Table table, AssumptionOptions options)
    {
        var order = Enumerable.Range(0, table.RowCount).ToArray();
        if (options.TimeColumn is { } time && table.Find(time) is { } column)
        {
            var keys = column switch
            {
                DateColumn date => Array.ConvertAll(date.Ticks, ticks => (double)ticks),
                NumberColumn number => number.Values,
                _ => null,
            };
            order = keys is null ? [.. order.OrderBy(row => column.Format(row), StringComparer.Ordinal)] : [.. order.OrderBy(row => keys[row])];
        }

        if (order.Length <= MostRows)
        {
            return order;
        }

        var blocks = MostRows / Block;
        return [.. Enumerable.Range(0, blocks).SelectMany(block => order.AsSpan((int)((long)block * (order.Length - Block) / (blocks - 1)), Block).ToArray())];
    }

    /// <summary>All levels of a column add up to 1, which would look like dependence; the most frequent level is what the others are told against.</summary>
    private static void DropBaseLevels(List<(Feature Feature, double[] Values)> features)
    {
        foreach (var group in features.Where(pair => pair.Feature.Kind == FeatureKind.Indicator && !pair.Feature.Name.EndsWith("=(missing)", StringComparison.Ordinal)).GroupBy(pair => pair.Feature.Source).ToArray())
        {
            var totals = new double[features[0].Values.Length];
            foreach (var (_, values) in group)
            {
                for (var row = 0; row < totals.Length; row++)
                {
                    totals[row] += values[row];
                }
            }

            if (group.Count() > 1 && totals.Average() > 0.9)
            {
                features.Remove(group.MaxBy(pair => pair.Values.Sum()));
            }
        }
    }

    private static (string Name, bool[] Labels) QuestionOf(Target y)
    {
        switch (y.Task)
        {
            case TaskKind.Regression:
                return ("", []);
            case TaskKind.Binary:
                return (y.Classes[1], Array.ConvertAll(y.Labels, label => label == 1));
            case TaskKind.Multiclass:
                var most = Enumerable.Range(0, y.Classes.Length).MaxBy(k => y.Labels.Count(label => label == k));
                return (y.Classes[most], Array.ConvertAll(y.Labels, label => label == most));
            default:
                var half = Enumerable.Range(0, y.Classes.Length).MinBy(k => Math.Abs(Enumerable.Range(0, y.Count).Count(row => y.Indicators[row * y.Classes.Length + k]) - y.Count / 2.0));
                return (y.Classes[half], [.. Enumerable.Range(0, y.Count).Select(row => y.Indicators[row * y.Classes.Length + half])]);
        }
    }

    private static int Events(Target y) => y.Task switch
    {
        TaskKind.Regression => y.Count,
        TaskKind.Multilabel => Enumerable.Range(0, y.Classes.Length).Min(k => Enumerable.Range(0, y.Count).Count(row => y.Indicators[row * y.Classes.Length + k]) is var given ? Math.Min(given, y.Count - given) : 0),
        _ => Enumerable.Range(0, y.Classes.Length).Min(k => y.Labels.Count(label => label == k)),
    };
}
