using Roux.Tracking.Search;

namespace Roux.Tracking.Remote;

/// <summary>Conditions and orders over runs in memory: for what a server's filters cannot say.</summary>
internal static class RecordSearch
{
    private static readonly Comparer<object?> ByValue = Comparer<object?>.Create((left, right) => (left, right) switch
    {
        (double a, double b) => a.CompareTo(b),
        (string a, string b) => string.CompareOrdinal(a, b),
        _ => 0,
    });

    /// <summary>Whether a run fits a condition.</summary>
    public static bool Holds(RunRecord run, Condition condition) => condition.Field.Kind == FieldKind.Dataset
        ? condition.Comparator switch
        {
            Comparator.IsNull => run.Datasets.Count == 0,
            Comparator.IsNotNull => run.Datasets.Count > 0,
            _ => run.Datasets.Any(input => Holds(condition.Field.Key switch { "name" => input.Dataset.Name, "digest" => input.Dataset.Digest, _ => input.Context }, condition)),
        }
        : Holds(Value(run, condition.Field), condition);

    /// <summary>Runs in an order; ties by start, the latest first. Runs without a value come last, after those whose value is NaN.</summary>
    public static IEnumerable<RunRecord> Order(IEnumerable<RunRecord> runs, IReadOnlyList<OrderKey> order)
    {
        var sorted = runs.OrderBy(_ => 0);
        foreach (var key in order)
        {
            sorted = sorted.ThenBy(run => Value(run, key.Field) switch { null => 2, double.NaN => 1, _ => 0 });
            sorted = key.Descending ? sorted.ThenByDescending(run => Value(run, key.Field), ByValue) : sorted.ThenBy(run => Value(run, key.Field), ByValue);
        }

        return sorted.ThenByDescending(run => run.Started);
    }

    private static bool Holds(object? value, Condition condition) => (condition.Comparator, value) switch
    {
        (Comparator.IsNull, _) => value is null,
        (Comparator.IsNotNull, _) => value is not null,
        (_, null) => false,
        (Comparator.Equal, double number) => number == condition.Number,
        (Comparator.NotEqual, double number) => number != condition.Number,
        (Comparator.Less, double number) => number < condition.Number,
        (Comparator.LessOrEqual, double number) => number <= condition.Number,
        (Comparator.Greater, double number) => number > condition.Number,
        (Comparator.GreaterOrEqual, double number) => number >= condition.Number,
        (Comparator.Equal, string text) => text == condition.Text,
        (Comparator.NotEqual, string text) => text != condition.Text,
        (Comparator.Like, string text) => LikePattern.Matches(text, condition.Text, ignoreCase: false),
        (Comparator.ILike, string text) => LikePattern.Matches(text, condition.Text, ignoreCase: true),
        (Comparator.In, string text) => condition.Texts!.Contains(text),
        (Comparator.NotIn, string text) => !condition.Texts!.Contains(text),
        _ => throw new TrackingException($"{condition}: this cannot be compared so"),
    };

    private static object? Value(RunRecord run, Field field) => field.Kind switch
    {
        FieldKind.Metric => run.Metric(field.Key),
        FieldKind.Param => run.Params.GetValueOrDefault(field.Key),
        FieldKind.Tag => field.Key == RemoteTags.RunName ? run.Name : field.Key == RemoteTags.Parent ? run.ParentId : run.Tags.GetValueOrDefault(field.Key),
        _ => field.Key switch
        {
            "run_id" => run.Id,
            "run_name" => run.Name,
            "status" => run.Status.ToString().ToUpperInvariant(),
            "experiment_id" => run.ExperimentId,
            "experiment_name" => run.Experiment,
            "parent_run_id" => run.ParentId,
            "start_time" => (double)run.Started.ToUnixTimeMilliseconds(),
            "end_time" => (double?)run.Ended?.ToUnixTimeMilliseconds(),
            _ => throw new TrackingException($"attribute '{field.Key}': there is none of that name"),
        },
    };
}
