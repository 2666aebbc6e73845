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

    /// <summary>The point of the unit interval in the middle of those that give a value: the inverse of <see cref="At"/>.</summary>
    /// <param name="value">A value of this parameter; numbers outside its range count as the nearest end.</param>
    /// <exception cref="ArgumentException">Not a value of this parameter.</exception>
    public abstract double UnitOf(object value);

    /// <summary>How many values it can take; <c>null</c> for a continuous one.</summary>
    public abstract long? Levels { get; }

    /// <summary>A value as this parameter writes it (a whole number for a float becomes one), if it is one of its values.</summary>
    /// <exception cref="ArgumentException">It is not; the message says what is allowed.</exception>
    public abstract object Accept(object value);

    private protected double Number(object value) => value switch
    {
        double number when !double.IsNaN(number) => number,
        long number => number,
        _ => throw new ArgumentException($"'{Name}': {Configuration.Format(value)} is not a number", nameof(value)),
    };

    private protected static double Middle(double step, long levels) => (Math.Clamp(Math.Round(step), 0, levels - 1) + 0.5) / levels;
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

    /// <inheritdoc/>
    public override object Accept(object value) => Number(value) is var number && number >= Low && number <= High ? number
        : throw new ArgumentException($"'{Name}': {Configuration.Format(value)} is not in [{Configuration.Format(Low)}, {Configuration.Format(High)}]", nameof(value));

    /// <inheritdoc/>
    public override long? Levels => Step > 0 ? (long)Math.Floor((High - Low) / Step + 1e-9) + 1 : High > Low ? null : 1;

    /// <inheritdoc/>
    public override double UnitOf(object value)
    {
        var number = Math.Clamp(Number(value), Low, High);
        return Levels is { } levels ? Middle(Step > 0 ? (number - Low) / Step : 0, levels)
            : Log ? (Math.Log(number) - Math.Log(Low)) / (Math.Log(High) - Math.Log(Low)) : (number - Low) / (High - Low);
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

    /// <inheritdoc/>
    public override object Accept(object value) => Number(value) is var number && number >= Low && number <= High && number == Math.Floor(number) ? (long)number
        : throw new ArgumentException($"'{Name}': {Configuration.Format(value)} is not a whole number in [{Low}, {High}]", nameof(value));

    /// <inheritdoc/>
    public override long? Levels => (High - Low) / Step + 1;

    /// <inheritdoc/>
    public override double UnitOf(object value)
    {
        var number = Math.Clamp(Number(value), Low, High);
        if (!Log)
        {
            return Middle((number - Low) / Step, Levels!.Value);
        }

        var (low, high) = (Math.Log(Low - 0.5), Math.Log(High + 0.5));
        return (0.5 * (Math.Log(Math.Max(number - 0.5, Low - 0.5)) + Math.Log(number + 0.5)) - low) / (high - low);
    }
}

/// <summary>One of several values without order.</summary>
/// <param name="Name">Unique within the space.</param>
/// <param name="Choices">The values, at least one: <see cref="double"/>, <see cref="long"/>, <see cref="string"/> or <see cref="bool"/>.</param>
public record CategoricalParameter(string Name, IReadOnlyList<object> Choices) : Parameter(Name)
{
    /// <inheritdoc/>
    public override object At(double unit) => Choices[Math.Min((int)(unit * Choices.Count), Choices.Count - 1)];

    /// <inheritdoc/>
    public override object Accept(object value) => Choices[(int)(UnitOf(value) * Choices.Count)];

    /// <inheritdoc/>
    public override long? Levels => Choices.Count;

    /// <inheritdoc/>
    public override double UnitOf(object value)
    {
        var text = Configuration.Format(value);
        for (var index = 0; index < Choices.Count; index++)
        {
            if (Configuration.Format(Choices[index]) == text)
            {
                return Middle(index, Choices.Count);
            }
        }

        throw new ArgumentException($"'{Name}': '{text}' is none of its choices: {string.Join(", ", Choices.Select(Configuration.Format))}", nameof(value));
    }
}

/// <summary>One of several values in order, such as small, medium, large: neighbours are believed to do alike.</summary>
/// <param name="Name">Unique within the space.</param>
/// <param name="Choices">The values in their order, at least one.</param>
public sealed record OrdinalParameter(string Name, IReadOnlyList<object> Choices) : CategoricalParameter(Name, Choices);
