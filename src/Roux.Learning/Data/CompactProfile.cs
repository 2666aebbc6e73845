using System.Text.Json;
using Roux.Learning.Data.Profiling;

namespace Roux.Learning.Data;

/// <summary>
/// What of a table's profile is kept with a run's dataset: small (at most 60,000 bytes as JSON), and such that two of them can be compared without either table. Of numbers and
/// dates it holds the cumulative shares at quantiles, from which any other share follows; of levels the most frequent with their counts. Free texts and ids give no values.
/// </summary>
public sealed record CompactProfile
{
    /// <summary>Bytes of its JSON at most; columns that do not fit are left out.</summary>
    public const int MostBytes = 60_000;

    private const int MostRows = 100_000;
    private const long LargestFile = 64L << 20;
    private const long LargestPacked = 16L << 20;

    /// <summary>Number of rows.</summary>
    public required long Rows { get; init; }

    /// <summary>Rows that distinct numbers, shares and histograms rest on: all, or a random sample.</summary>
    public required long SampledRows { get; init; }

    /// <summary>The columns in the table's order.</summary>
    public required IReadOnlyList<CompactColumn> Columns { get; init; }

    /// <summary>Columns at the end that did not fit.</summary>
    public int LeftOut { get; init; }

    /// <summary>Profiles a table. The same table gives the same profile.</summary>
    /// <param name="table">The table.</param>
    /// <param name="specs">The roles of its columns; those without one are left out.</param>
    /// <param name="ct">Stops the work.</param>
    public static CompactProfile Of(Table table, IReadOnlyList<ColumnSpec> specs, CancellationToken ct = default)
    {
        ArgumentNullException.ThrowIfNull(table);
        var sample = Profile.Sample(table.RowCount, MostRows);
        var known = specs.Where(spec => table.Find(spec.Name) is not null).ToArray();
        var columns = new CompactColumn[known.Length];
        Parallel.For(0, known.Length, new ParallelOptions { CancellationToken = ct }, i => columns[i] = CompactProfiler.Of(table[known[i].Name], known[i], sample));
        return new CompactProfile { Rows = table.RowCount, SampledRows = sample?.Length ?? table.RowCount, Columns = columns };
    }

    /// <summary>
    /// The profile of a data file as JSON; <c>null</c> for a file that is no table, or larger than 64 MiB (16 MiB for packed formats), which would keep a run from ending.
    /// </summary>
    public static string? OfFile(string path, CancellationToken ct = default)
    {
        ArgumentNullException.ThrowIfNull(path);
        var file = new FileInfo(path);
        var packed = Path.GetExtension(path).ToLowerInvariant() is ".gz" or ".zst" or ".parquet";
        if (!file.Exists || file.Length > (packed ? LargestPacked : LargestFile))
        {
            return null;
        }

        try
        {
            var table = TableReader.Read(path, ct: ct).Table;
            return Of(table, ColumnRoles.Infer(table, null), ct).ToJson();
        }
        catch (DataException)
        {
            return null;
        }
    }

    /// <summary>As JSON of at most <see cref="MostBytes"/> bytes.</summary>
    public string ToJson() => CompactProfileJson.Write(this);

    /// <summary>Reads what <see cref="ToJson"/> wrote; <c>null</c> for anything else, such as the profiles of other clients.</summary>
    public static CompactProfile? TryParse(string? json)
    {
        if (json is null || !json.Contains(CompactProfileJson.Mark, StringComparison.Ordinal))
        {
            return null;
        }

        try
        {
            return CompactProfileJson.Read(json);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or FormatException or KeyNotFoundException)
        {
            return null;
        }
    }
}
