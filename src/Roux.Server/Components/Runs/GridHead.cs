using Roux.Tracking.Search;

namespace Roux.Server.Components.Runs;

/// <summary>The head of a column.</summary>
internal sealed record GridHead(string Title, Field? Field, int Width, bool IsNumber)
{
    /// <summary>The first part of a name with a slash, written paler.</summary>
    public string? Family { get; init; }

    public string Hint => Field is { } of ? $"Sort by {FilterCompletion.Write(of)}" : Title;

    /// <summary>The heads of a table: the usual ones, then those of fields.</summary>
    public static List<GridHead> Of(bool withExperiment, bool withCurves, IReadOnlyList<Field> fields) =>
    [
        new("Name", new Field(FieldKind.Attribute, "run_name"), 250, false),
        .. withExperiment ? [new GridHead("Experiment", new Field(FieldKind.Attribute, "experiment_name"), 150, false)] : Array.Empty<GridHead>(),
        new("Started", new Field(FieldKind.Attribute, "start_time"), 104, true),
        new("Duration", null, 104, true),
        .. fields.Select(of => Of(of, withCurves)),
    ];

    private static GridHead Of(Field field, bool withCurves)
    {
        var cut = field.Key.LastIndexOf('/') + 1;
        return new GridHead(field.Key[cut..], field, field.Kind != FieldKind.Metric ? 138 : withCurves ? 164 : 118, field.Kind == FieldKind.Metric) { Family = cut == 0 ? null : field.Key[..cut] };
    }
}
