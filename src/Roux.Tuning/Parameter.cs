namespace Roux.Tuning;

/// <summary>One dimension of a search space.</summary>
/// <param name="Name">Unique within the space.</param>
public abstract record Parameter(string Name)
{
    /// <summary>Conditions on other parameters, all of which must hold for this one to be active: parent's name to the values that activate it (as text).</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> When { get; init; } = new Dictionary<string, IReadOnlyList<string>>();

    /// <summary>The value at a point of the unit interval.</summary>
    /// <param name="unit">In [0, 1).</param>
    public abstract object At(double unit);
}

/// <summary>A real number in [Low, High].</summary>
/// <param name="Name">Unique within the space.</param>
/// <param name="Low">Smallest value.</param>
/// <param name="High">Largest value.</param>
/// <param name="Log">Search orders of magnitude evenly; needs Low above 0.</param>
/// <param name="Step">Grid spacing from <paramref name="Low"/>, or 0 for a continuous range; not with <paramref name="Log"/>.</param>
public sealed record FloatParameter(string Name, double Low, double High, bool Log = false, double Step = 0) : Parameter(Name)
{
    /// <inheritdoc/>
    public override object At(double unit)
    {
        if (Step > 0)
        {
            var steps = Math.Floor((High - Low) / Step + 1e-9);
            return Low + Math.Min(Math.Floor(unit * (steps + 1)), steps) * Step;
        }

        var value = Log ? Math.Exp(Math.Log(Low) + unit * (Math.Log(High) - Math.Log(Low))) : Low + unit * (High - Low);
        return Math.Clamp(value, Low, High);
    }
}

/// <summary>A whole number in [Low, High].</summary>
/// <param name="Name">Unique within the space.</param>
/// <param name="Low">Smallest value.</param>
/// <param name="High">Largest value.</param>
/// <param name="Log">Search orders of magnitude evenly; needs Low above 0.</param>
/// <param name="Step">Grid spacing from <paramref name="Low"/>; not with <paramref name="Log"/> unless 1.</param>
public sealed record IntParameter(string Name, long Low, long High, bool Log = false, long Step = 1) : Parameter(Name)
{
    /// <inheritdoc/>
    public override object At(double unit)
    {
        if (Log)
        {
            var low = Math.Log(Low - 0.5);
            var high = Math.Log(High + 0.5);
            return Math.Clamp((long)Math.Round(Math.Exp(low + unit * (high - low))), Low, High);
        }

        var steps = (High - Low) / Step;
        return Low + Math.Min((long)(unit * (steps + 1)), steps) * Step;
    }
}

/// <summary>One of several values without order.</summary>
/// <param name="Name">Unique within the space.</param>
/// <param name="Choices">The values, at least one: <see cref="double"/>, <see cref="long"/>, <see cref="string"/> or <see cref="bool"/>.</param>
public sealed record CategoricalParameter(string Name, IReadOnlyList<object> Choices) : Parameter(Name)
{
    /// <inheritdoc/>
    public override object At(double unit) => Choices[Math.Min((int)(unit * Choices.Count), Choices.Count - 1)];
}
