using Roux.Tracking.Search;

namespace Roux.Server.Components.Runs;

/// <summary>The columns of a table that nobody has chosen columns for: a few metrics and params, nothing that was captured.</summary>
internal static class UsualColumns
{
    private const int Metrics = 5;
    private const int Params = 6;

    private static readonly string[] Captured = ["system/", "mlflow.", "roux."];

    public static IReadOnlyList<Field> Of(IReadOnlyList<Field> fields) =>
        [.. Some(fields, FieldKind.Metric, Metrics), .. Some(fields, FieldKind.Param, Params)];

    /// <summary>Whether a field was recorded by the machinery, not logged by the program.</summary>
    public static bool IsCaptured(string key) => Captured.Any(start => key.StartsWith(start, StringComparison.Ordinal));

    private static IEnumerable<Field> Some(IReadOnlyList<Field> fields, FieldKind kind, int most) => fields.Where(field => field.Kind == kind && !IsCaptured(field.Key)).Take(most);
}
