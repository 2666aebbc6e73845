using System.Buffers;
using System.Text;

namespace Roux.Learning.Data.Reading;

/// <summary>
/// Grows one column from values as they are read. It takes them for numbers until one is none; from then on it codes text,
/// and says through <see cref="Owed"/> how many earlier rows must be read again for their text. So a column has one type however
/// late its first word comes, without a second reading of every file and without holding text for columns of numbers.
/// </summary>
internal sealed class ColumnBuilder
{
    private readonly MissingWords missing;
    private readonly BlockList<double> numbers = new();
    private readonly BlockList<int> codes = new();
    private readonly List<string> levels = [];
    private Dictionary<string, int>.AlternateLookup<ReadOnlySpan<byte>> byText;
    private Dictionary<string, int>? dictionary;
    private int[]? drained;
    private bool text;
    private bool anyWritten;

    /// <param name="name">The column's name.</param>
    /// <param name="missing">The words that stand for a missing value.</param>
    /// <param name="type">The type it must have; <c>null</c>: derived.</param>
    /// <param name="textual">Whether the source says that its values are strings, so that none is taken for a number.</param>
    public ColumnBuilder(string name, MissingWords missing, ColumnType? type = null, bool textual = false)
    {
        Name = name;
        Given = type;
        this.missing = missing;
        if (textual || type is ColumnType.Text or ColumnType.Date or ColumnType.Boolean)
        {
            StartText();
        }
    }

    public string Name { get; }

    /// <summary>The type that was given; <c>null</c> where it is derived.</summary>
    public ColumnType? Given { get; }

    /// <summary>Values that were infinite and became missing.</summary>
    public int Infinite { get; private set; }

    /// <summary>Values that did not fit the given type and became missing.</summary>
    public int Unfit { get; private set; }

    /// <summary>One of the values counted by <see cref="Unfit"/>.</summary>
    public string? UnfitExample { get; private set; }

    /// <summary>Rows read so far.</summary>
    public int Count => text ? codes.Count : numbers.Count;

    /// <summary>The first rows, up to this one, must be read again and given to <see cref="Repay"/>; 0 when none.</summary>
    public int Owed { get; private set; }

    /// <summary>Whether the column holds text (its strings may yet turn out to be dates or booleans).</summary>
    public bool IsText => text;

    /// <summary>Rows per level; only for text, after <see cref="DrainCodes"/>.</summary>
    public IReadOnlyList<string> Levels => levels;

    public void AddMissing()
    {
        if (text)
        {
            codes.Add(-1);
        }
        else
        {
            numbers.Add(double.NaN);
        }
    }

    /// <summary>A value of a source that has numbers of its own. Not for columns that hold text.</summary>
    public void Add(double value)
    {
        if (double.IsInfinity(value))
        {
            Infinite++;
            value = double.NaN;
        }

        anyWritten = true;
        numbers.Add(value);
    }

    public void Add(string value)
    {
        var most = Encoding.UTF8.GetMaxByteCount(value.Length);
        if (most <= 1024)
        {
            Span<byte> bytes = stackalloc byte[1024];
            Add(bytes[..Encoding.UTF8.GetBytes(value, bytes)]);
            return;
        }

        var rented = ArrayPool<byte>.Shared.Rent(most);
        Add(rented.AsSpan(0, Encoding.UTF8.GetBytes(value, rented)));
        ArrayPool<byte>.Shared.Return(rented);
    }

    public void Add(ReadOnlySpan<byte> value)
    {
        if (text)
        {
            codes.Add(Code(value));
            return;
        }

        if (missing.HoldNumbers && AddMissingWord(Trim(value)))
        {
            return;
        }

        var form = NumberParser.Parse(value, out var number);
        if (form == NumberForm.None)
        {
            value = Trim(value);
            if (AddMissingWord(value))
            {
                return;
            }

            form = NumberParser.Parse(value, out number);
        }

        switch (form)
        {
            case NumberForm.Finite:
                anyWritten = true;
                numbers.Add(number);
                break;
            case NumberForm.Infinite:
                anyWritten = true;
                Infinite++;
                numbers.Add(double.NaN);
                break;
            default:
                AddWord(value);
                break;
        }
    }

    /// <summary>Gives back the text of an early row; all rows before <see cref="Owed"/> must be given, in any order.</summary>
    public void Repay(int row, ReadOnlySpan<byte> value)
    {
        drained ??= codes.Drain();
        drained[row] = Code(value);
    }

    /// <summary>The numbers, one a row. The builder is empty afterwards.</summary>
    public double[] DrainNumbers() => numbers.Drain();

    /// <summary>The codes, one a row, numbered by first appearance. The builder keeps its levels.</summary>
    public int[] DrainCodes()
    {
        dictionary = null;
        byText = default;
        if (drained is null)
        {
            return codes.Drain();
        }

        var result = drained;
        drained = null;
        Renumber(result);
        return result;
    }

    private bool AddMissingWord(ReadOnlySpan<byte> trimmed)
    {
        if (!missing.Contains(trimmed))
        {
            return false;
        }

        // Where words are not missing in text, a word met here is text should the column become text.
        anyWritten |= !missing.InText && !trimmed.IsEmpty;
        numbers.Add(double.NaN);
        return true;
    }

    private void AddWord(ReadOnlySpan<byte> value)
    {
        if (Given is not null)
        {
            Unfit++;
            UnfitExample ??= Encoding.UTF8.GetString(value);
            numbers.Add(double.NaN);
            return;
        }

        var rows = numbers.Count;
        Owed = anyWritten ? rows : 0;
        Infinite = 0;
        numbers.Drain();
        StartText();
        codes.Add(-1, rows);
        codes.Add(Code(value));
    }

    private void StartText()
    {
        text = true;
        dictionary = new Dictionary<string, int>(Utf8Comparer.Instance);
        byText = dictionary.GetAlternateLookup<ReadOnlySpan<byte>>();
    }

    private int Code(ReadOnlySpan<byte> value)
    {
        if (value.IsEmpty)
        {
            return -1;
        }

        if (byText.TryGetValue(value, out var code))
        {
            return code;
        }

        var trimmed = Trim(value);
        code = trimmed.IsEmpty || (missing.InText && missing.Contains(trimmed)) ? -1 : levels.Count;
        var level = Encoding.UTF8.GetString(value);
        dictionary!.Add(level, code);
        if (code >= 0)
        {
            levels.Add(level);
        }

        return code;
    }

    private void Renumber(int[] result)
    {
        var order = new int[levels.Count];
        Array.Fill(order, -1);
        var next = 0;
        foreach (ref var code in result.AsSpan())
        {
            if (code >= 0)
            {
                if (order[code] < 0)
                {
                    order[code] = next++;
                }

                code = order[code];
            }
        }

        var old = levels.ToArray();
        for (var i = 0; i < old.Length; i++)
        {
            levels[order[i]] = old[i];
        }
    }

    private static ReadOnlySpan<byte> Trim(ReadOnlySpan<byte> value) => value.Trim(" \t"u8);
}
