namespace Roux.Learning.Evaluation.Annotations;

/// <summary>Where annotations stand in a table, and what they may be.</summary>
public sealed record AnnotationColumns
{
    /// <summary>One column per annotator; empty for a long table of item, annotator and label.</summary>
    public IReadOnlyList<string> Annotators { get; init; } = [];

    /// <summary>Column that names the item; <c>null</c>: found by its name in a long table, the row number elsewhere.</summary>
    public string? Item { get; init; }

    /// <summary>Long table: column that names the annotator; <c>null</c>: found by its name.</summary>
    public string? Annotator { get; init; }

    /// <summary>Long table: column of the labels; <c>null</c>: found by its name.</summary>
    public string? Label { get; init; }

    /// <summary>All labels that are allowed, in order; empty: those that occur.</summary>
    public IReadOnlyList<string> Labels { get; init; } = [];

    /// <summary>Whether labels are numbers; <c>null</c>: they are when all can be read as numbers and some is not whole, or there are more than 20 different ones.</summary>
    public bool? Numeric { get; init; }
}
