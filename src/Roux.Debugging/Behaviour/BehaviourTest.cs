namespace Roux.Debugging.Behaviour;

/// <summary>The kinds of behavioural test (Ribeiro et al. 2020, section 2.2).</summary>
public enum BehaviourKind
{
    /// <summary>Rows whose answer is plain must get it.</summary>
    MinimumFunctionality,

    /// <summary>A change that does not matter must not move the answer.</summary>
    Invariance,

    /// <summary>A change must move the answer in one direction, or not at all.</summary>
    Directional,
}

/// <summary>One demand on a model's behaviour.</summary>
public sealed record BehaviourTest
{
    /// <summary>What it is called in findings.</summary>
    public required string Name { get; init; }

    /// <summary>Its kind.</summary>
    public required BehaviourKind Kind { get; init; }

    /// <summary>Rows written out, each by column name a value as text (<c>null</c>: missing); other columns are missing. Empty: evaluation rows are used.</summary>
    public IReadOnlyList<IReadOnlyDictionary<string, string?>> Rows { get; init; } = [];

    /// <summary>Which evaluation rows are used; all must hold.</summary>
    public IReadOnlyList<RowCondition> Where { get; init; } = [];

    /// <summary>What is changed; empty for minimum functionality.</summary>
    public IReadOnlyList<CellChange> Changes { get; init; } = [];

    /// <summary>For direction: 1 up, -1 down.</summary>
    public int Direction { get; init; }

    /// <summary>Classes: the class that is expected (minimum functionality), or whose probability must move. <c>null</c> for the second of two.</summary>
    public string? Class { get; init; }

    /// <summary>Numbers, minimum functionality: the least allowed.</summary>
    public double Least { get; init; } = double.NegativeInfinity;

    /// <summary>Numbers, minimum functionality: the most allowed.</summary>
    public double Most { get; init; } = double.PositiveInfinity;

    /// <summary>How far a probability (or a number, in standard deviations of the predictions) may move without counting.</summary>
    public double Tolerance { get; init; } = 0.01;

    /// <summary>Share of rows that may fail.</summary>
    public double AllowedFailures { get; init; }
}

/// <summary>A demand on a row: equal to a value, or within a range.</summary>
/// <param name="Column">The column.</param>
/// <param name="Equal">The text it must be; <c>null</c> where a range is asked for.</param>
/// <param name="Least">Least number.</param>
/// <param name="Most">Greatest number.</param>
public sealed record RowCondition(string Column, string? Equal, double Least = double.NegativeInfinity, double Most = double.PositiveInfinity);

/// <summary>What is done to a cell.</summary>
public enum ChangeKind
{
    /// <summary>It gets a value.</summary>
    Set,

    /// <summary>It becomes missing.</summary>
    Missing,

    /// <summary>A number is added.</summary>
    Add,

    /// <summary>It is multiplied.</summary>
    Multiply,

    /// <summary>Two values change places.</summary>
    Swap,

    /// <summary>A text is put after it.</summary>
    Append,

    /// <summary>A text in it is replaced by another.</summary>
    Replace,

    /// <summary>Two neighbouring letters of it change places: a typing error.</summary>
    Typo,

    /// <summary>It is written in capitals.</summary>
    Upper,

    /// <summary>It is written in small letters.</summary>
    Lower,
}

/// <summary>A change of one column.</summary>
/// <param name="Column">The column.</param>
/// <param name="Kind">What is done.</param>
/// <param name="Text">The value set, the text appended, or the first of two.</param>
/// <param name="Other">The second of two.</param>
/// <param name="Amount">What is added, or multiplied by.</param>
public sealed record CellChange(string Column, ChangeKind Kind, string? Text = null, string? Other = null, double Amount = 0);
