using System.Text.Json.Nodes;

namespace Roux.Tracking.Notebooks;

/// <summary>What a cell of a notebook holds.</summary>
public enum CellKind
{
    /// <summary>Code.</summary>
    Code = 0,

    /// <summary>Text in Markdown.</summary>
    Markdown = 1,

    /// <summary>Text that is passed on as it is.</summary>
    Raw = 2,
}

/// <summary>A cell of a notebook.</summary>
/// <param name="Kind">What it holds.</param>
/// <param name="Source">Its text, lines separated as in the file.</param>
public sealed record NotebookCell(CellKind Kind, string Source)
{
    /// <summary>Its id (nbformat 4.5), or null.</summary>
    public string? Id { get; init; }

    /// <summary>The number that the kernel gave to its last execution; null where it has none.</summary>
    public long? ExecutionCount { get; init; }

    /// <summary>Its language where that is not the notebook's; null otherwise.</summary>
    public string? Language { get; init; }

    /// <summary>Settings of the cell: tags, slides, ….</summary>
    public JsonObject Metadata { get; init; } = [];

    /// <summary>Results of its last execution, as nbformat has them.</summary>
    public JsonArray Outputs { get; init; } = [];

    /// <summary>Files embedded in a text cell, as nbformat has them; null where there are none.</summary>
    public JsonObject? Attachments { get; init; }

    /// <summary>Whether it is code that does something: more than white space.</summary>
    public bool IsCode => Kind == CellKind.Code && !string.IsNullOrWhiteSpace(Source);
}
