namespace Roux.Tracking;

/// <summary>A data set that a run read.</summary>
/// <param name="Name">What people call it, usually the file's name.</param>
/// <param name="Digest">Identifies the content, e.g. <c>sha256:…</c>.</param>
/// <param name="Source">Where it came from: a path, a URL, a query.</param>
/// <param name="Bytes">Size, where known.</param>
/// <param name="Rows">Number of rows, where known.</param>
/// <param name="Schema">Columns and types as JSON, where known.</param>
public sealed record Dataset(string Name, string Digest, string Source, long? Bytes = null, long? Rows = null, string? Schema = null)
{
    /// <summary>Kind of source, where a client of the server said so: <see cref="Source"/> is then JSON of that kind. <c>null</c>: a path, URL or query.</summary>
    public string? SourceType { get; init; }

    /// <summary>Figures about the data as JSON, where known.</summary>
    public string? Profile { get; init; }
}

/// <summary>A data set in its part for a run.</summary>
/// <param name="Dataset">The data set.</param>
/// <param name="Context">Its part: <c>training</c>, <c>test</c>, ….</param>
public sealed record DatasetInput(Dataset Dataset, string Context)
{
    /// <summary>Labels beside the context.</summary>
    public IReadOnlyDictionary<string, string> Tags { get; init; } = RunRecord.EmptyText;
}
