namespace Roux.Learning.Data;

/// <summary>A column of strings, dictionary-coded: each row holds the index of its level.</summary>
public sealed class TextColumn : Column
{
    /// <param name="name">The column's name.</param>
    /// <param name="codes">One code a row: an index into <paramref name="levels"/>, or -1 for missing. Held, not copied.</param>
    /// <param name="levels">The distinct strings. Not every level need occur. Held, not copied.</param>
    public TextColumn(string name, int[] codes, string[] levels) : base(name)
    {
        Codes = codes;
        Levels = levels;
    }

    /// <summary>One code a row: an index into <see cref="Levels"/>, or -1 for missing.</summary>
    public int[] Codes { get; }

    /// <summary>The distinct strings; shared between a column and its subsets, so not every level need occur.</summary>
    public string[] Levels { get; }

    /// <summary>The string of a row; <c>null</c> when missing.</summary>
    public string? this[int row] => Codes[row] < 0 ? null : Levels[Codes[row]];

    /// <inheritdoc/>
    public override ColumnType Type => ColumnType.Text;

    /// <inheritdoc/>
    public override int Length => Codes.Length;

    /// <inheritdoc/>
    public override bool IsMissing(int row) => Codes[row] < 0;

    /// <inheritdoc/>
    public override string? Format(int row) => this[row];

    /// <inheritdoc/>
    public override Column Take(ReadOnlySpan<int> rows)
    {
        var codes = new int[rows.Length];
        for (var i = 0; i < rows.Length; i++)
        {
            codes[i] = Codes[rows[i]];
        }

        return new TextColumn(Name, codes, Levels);
    }

    /// <inheritdoc/>
    public override Column Rename(string name) => new TextColumn(name, Codes, Levels);

    /// <summary>The same values with only the levels that occur, in order of first appearance: what a few rows of a long column need.</summary>
    public TextColumn WithoutUnusedLevels()
    {
        var codes = new int[Codes.Length];
        var codeOf = new Dictionary<int, int>();
        for (var row = 0; row < codes.Length; row++)
        {
            if (Codes[row] < 0)
            {
                codes[row] = -1;
            }
            else if (!codeOf.TryGetValue(Codes[row], out codes[row]))
            {
                codeOf.Add(Codes[row], codes[row] = codeOf.Count);
            }
        }

        var levels = new string[codeOf.Count];
        foreach (var (old, code) in codeOf)
        {
            levels[code] = Levels[old];
        }

        return new TextColumn(Name, codes, levels);
    }

    /// <summary>Builds a column from strings; <c>null</c> is missing. Levels are numbered in order of first appearance.</summary>
    public static TextColumn From(string name, IEnumerable<string?> values)
    {
        var levels = new Dictionary<string, int>(StringComparer.Ordinal);
        var codes = new List<int>();
        foreach (var value in values)
        {
            if (value is null)
            {
                codes.Add(-1);
                continue;
            }

            if (!levels.TryGetValue(value, out var code))
            {
                levels.Add(value, code = levels.Count);
            }

            codes.Add(code);
        }

        return new TextColumn(name, [.. codes], [.. levels.Keys]);
    }
}
