namespace Roux.Learning.Data;

/// <summary>How a table is read. The defaults suit files as people have them.</summary>
public sealed record ReadOptions
{
    /// <summary>The words that stand for a missing value, compared exactly after trimming: those of pandas, and <c>?</c>. The empty string is always missing.</summary>
    public static IReadOnlyList<string> DefaultMissing { get; } =
    [
        "NA", "N/A", "n/a", "#N/A", "#N/A N/A", "#NA", "<NA>", "NULL", "null", "Null", "NaN", "nan", "-NaN", "-nan", "None", "?",
        "1.#IND", "-1.#IND", "1.#QNAN", "-1.#QNAN",
    ];

    /// <summary>For a DuckDB or SQLite file: the query whose rows are the table.</summary>
    public string? Sql { get; init; }

    /// <summary>For a DuckDB or SQLite file without <see cref="Sql"/>: the table or view to read; may be left out when there is one.</summary>
    public string? Table { get; init; }

    /// <summary>Most rows read; the rest is passed over. <c>null</c>: all.</summary>
    public int? MaxRows { get; init; }

    /// <summary>Longest line (record, if quoted fields hold line breaks) of a text file, in bytes. Guards the memory against files without line breaks.</summary>
    public long MaxLineBytes { get; init; } = 64L << 20;

    /// <summary>The words that stand for a missing value.</summary>
    public IReadOnlyList<string> Missing { get; init; } = DefaultMissing;

    /// <summary>Whether <see cref="Missing"/> holds in columns of text, too (as in pandas); else only the empty string is missing there.</summary>
    public bool MissingInText { get; init; } = true;

    /// <summary>The character between fields; <c>null</c>: found out among comma, semicolon, tab and bar.</summary>
    public char? Delimiter { get; init; }

    /// <summary>Whether the first line of a CSV file holds the names; else they are <c>column1</c>, <c>column2</c>, ….</summary>
    public bool Header { get; init; } = true;

    /// <summary>
    /// Types that are given rather than derived, by column name; names that do not occur are passed over.
    /// Used to read new rows the way the training rows were read. Values that do not fit become missing, with a warning.
    /// </summary>
    public IReadOnlyDictionary<string, ColumnType>? Types { get; init; }
}
