namespace Roux.Learning.Existing;

/// <summary>An answer as it came: a label, a number, or one number per class; nothing at all where a row has none.</summary>
internal readonly struct RawAnswer
{
    private RawAnswer(string? label, double? number, double[]? outputs) => (Label, Number, Outputs) = (label, number, outputs);

    public string? Label { get; }

    public double? Number { get; }

    /// <summary>One per class of the target.</summary>
    public double[]? Outputs { get; }

    public bool IsMissing => Label is null && Number is null && Outputs is null;

    public static RawAnswer Of(string? label) => new(label, null, null);

    /// <summary>NaN is no answer.</summary>
    public static RawAnswer Of(double number) => new(null, double.IsNaN(number) ? null : number, null);

    public static RawAnswer Of(double[] outputs) => new(null, null, Array.Exists(outputs, double.IsNaN) ? null : outputs);
}
