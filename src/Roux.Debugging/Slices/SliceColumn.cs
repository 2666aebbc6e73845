namespace Roux.Debugging.Slices;

/// <summary>A column as a search sees it: one small code a row.</summary>
internal abstract class SliceColumn(string name, byte[] codes, int count)
{
    /// <summary>The table column.</summary>
    public string Name { get; } = name;

    /// <summary>Per row a code from 0 to <see cref="Count"/> - 1.</summary>
    public byte[] Codes { get; } = codes;

    /// <summary>Number of codes, at most 256.</summary>
    public int Count { get; } = count;

    /// <summary>Number of codes, from 0 on, that are in order; conditions are ranges of them. The others stand for themselves.</summary>
    public virtual int Ordered => 0;

    /// <summary>Codes from here on are no conditions (values too rare to be one).</summary>
    public virtual int Named => Count;

    /// <summary>Natural logarithm of the number of conditions that a column offers.</summary>
    public double Cost { get; protected init; }

    /// <summary>The condition that codes from <paramref name="first"/> to <paramref name="last"/> stand for.</summary>
    public abstract SliceCondition Condition(int first, int last);
}

/// <summary>Levels, truth values and missing: each its own condition; those too rare share the last code, which is none.</summary>
internal sealed class LevelSliceColumn : SliceColumn
{
    private readonly string?[] levels;

    public LevelSliceColumn(string name, byte[] codes, string?[] levels, bool hasRest) : base(name, codes, levels.Length + (hasRest ? 1 : 0))
    {
        this.levels = levels;
        Cost = Math.Log(Math.Max(1, levels.Length));
    }

    public override int Named => levels.Length;

    public override SliceCondition Condition(int first, int last) => new ValueCondition(Name, levels[first]);
}

/// <summary>Numbers or times in bins of about equal numbers of rows; missing, where there is any, is the last code.</summary>
internal sealed class NumberSliceColumn : SliceColumn
{
    private readonly double[] ends;
    private readonly Func<double, string> format;

    /// <param name="name">The column's name.</param>
    /// <param name="values">One a row; NaN is missing.</param>
    /// <param name="codes">Bin of each row.</param>
    /// <param name="ends">The largest value of each bin.</param>
    /// <param name="hasMissing">Whether a code for missing follows the bins.</param>
    /// <param name="format">Writes a value.</param>
    public NumberSliceColumn(string name, double[] values, byte[] codes, double[] ends, bool hasMissing, Func<double, string> format) : base(name, codes, ends.Length + (hasMissing ? 1 : 0))
    {
        (Values, this.ends, this.format) = (values, ends, format);
        Cost = Math.Log(Math.Max(1, 2 * (ends.Length - 1) + (hasMissing ? 1 : 0)));
    }

    /// <summary>One a row; NaN is missing.</summary>
    public double[] Values { get; }

    public override int Ordered => ends.Length;

    public override SliceCondition Condition(int first, int last) => first >= ends.Length ? new ValueCondition(Name, null)
        : Range(first == 0 ? double.NegativeInfinity : ends[first - 1], last == ends.Length - 1 ? double.PositiveInfinity : ends[last]);

    public RangeCondition Range(double above, double most) => new(Name, above, most, format);
}

/// <summary>Whether a text or list holds a word: one column a word.</summary>
internal sealed class WordSliceColumn : SliceColumn
{
    private readonly string word;

    public WordSliceColumn(string name, string word, byte[] codes, int words) : base(name, codes, 2)
    {
        this.word = word;
        Cost = Math.Log(2.0 * words);
    }

    public override SliceCondition Condition(int first, int last) => new WordCondition(Name, word, first == 1);
}
