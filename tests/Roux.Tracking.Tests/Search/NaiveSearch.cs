using System.Text;
using Roux.Tracking.Search;

namespace Roux.Tracking.Tests.Search;

/// <summary>The meaning of filters and orders, written for reading: one run at a time, in memory.</summary>
internal static class NaiveSearch
{
    public static IReadOnlyList<RunRecord> Search(IReadOnlyList<RunRecord> newestFirst, Filter filter, IReadOnlyList<OrderKey> order)
    {
        IOrderedEnumerable<RunRecord> sorted = newestFirst.Where(run => filter.Conditions.All(condition => Holds(run, condition))).OrderBy(_ => 0);
        foreach (var key in order)
        {
            // Values, then NaN, then nothing.
            sorted = sorted.ThenBy(run => Value(run, key.Field) switch { null => 2, double.NaN => 1, _ => 0 });
            sorted = key.Descending ? sorted.ThenByDescending(run => Value(run, key.Field), ByValue) : sorted.ThenBy(run => Value(run, key.Field), ByValue);
        }

        return [.. sorted];
    }

    private static IComparer<object?> ByValue { get; } = Comparer<object?>.Create((left, right) => (left, right) switch
    {
        (double a, double b) => a.CompareTo(b),
        (string a, string b) => Encoding.UTF8.GetBytes(a).AsSpan().SequenceCompareTo(Encoding.UTF8.GetBytes(b)),
        _ => 0,
    });

    private static bool Holds(RunRecord run, Condition condition)
    {
        if (condition.Field.Kind == FieldKind.Dataset)
        {
            var inputs = run.Datasets;
            return condition.Comparator switch
            {
                Comparator.IsNull => inputs.Count == 0,
                Comparator.IsNotNull => inputs.Count > 0,
                _ => inputs.Any(input => Holds(
                    condition.Field.Key switch { "name" => input.Dataset.Name, "digest" => input.Dataset.Digest, _ => input.Context }, condition)),
            };
        }

        return Holds(Value(run, condition.Field), condition);
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
        _ => throw new InvalidOperationException($"{condition} of {value}"),
    };

    private static object? Value(RunRecord run, Field field) => field.Kind switch
    {
        FieldKind.Metric => run.Metric(field.Key),
        FieldKind.Param => run.Params.GetValueOrDefault(field.Key),
        FieldKind.Tag => run.Tags.GetValueOrDefault(field.Key),
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
            _ => throw new InvalidOperationException(field.Key),
        },
    };
}
