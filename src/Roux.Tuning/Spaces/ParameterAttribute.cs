namespace Roux.Tuning;

/// <summary>Makes a parameter or property of a record a dimension of a search space; see <see cref="SearchSpace.Of{T}"/>.</summary>
[AttributeUsage(AttributeTargets.Parameter | AttributeTargets.Property)]
public abstract class ParameterAttribute : Attribute
{
    /// <summary>Its name in the space; by default that of the parameter or property.</summary>
    public string? Name { get; init; }

    internal abstract Parameter Describe(string name, Type type);
}

/// <summary>A real number in [low, high].</summary>
/// <param name="low">Smallest value.</param>
/// <param name="high">Largest value.</param>
public sealed class FloatAttribute(double low, double high) : ParameterAttribute
{
    /// <summary>Smallest value.</summary>
    public double Low => low;

    /// <summary>Largest value.</summary>
    public double High => high;

    /// <summary>Search orders of magnitude evenly.</summary>
    public bool Log { get; init; }

    /// <summary>Grid spacing from the smallest value; 0 for a continuous range.</summary>
    public double Step { get; init; }

    internal override Parameter Describe(string name, Type type) => new FloatParameter(name, low, high, Log, Step);
}

/// <summary>A whole number in [low, high].</summary>
/// <param name="low">Smallest value.</param>
/// <param name="high">Largest value.</param>
public sealed class IntAttribute(long low, long high) : ParameterAttribute
{
    /// <summary>Smallest value.</summary>
    public long Low => low;

    /// <summary>Largest value.</summary>
    public long High => high;

    /// <summary>Search orders of magnitude evenly.</summary>
    public bool Log { get; init; }

    /// <summary>Grid spacing from the smallest value.</summary>
    public long Step { get; init; } = 1;

    internal override Parameter Describe(string name, Type type) => new IntParameter(name, low, high, Log, Step);
}

/// <summary>One of several values without order: those given, or all of an enumeration or of <see cref="bool"/>.</summary>
/// <param name="choices">Texts, numbers or truth values.</param>
public sealed class CategoricalAttribute(params object[] choices) : ParameterAttribute
{
    /// <summary>The values; empty for all of the type.</summary>
    public IReadOnlyList<object> Choices => choices;

    internal override Parameter Describe(string name, Type type) => new CategoricalParameter(name, TypedSpace.Choices(name, choices, type));
}

/// <summary>One of several values in order: those given, or all of an enumeration in the order of their numbers.</summary>
/// <param name="choices">Texts, numbers or truth values.</param>
public sealed class OrdinalAttribute(params object[] choices) : ParameterAttribute
{
    /// <summary>The values; empty for all of the type.</summary>
    public IReadOnlyList<object> Choices => choices;

    internal override Parameter Describe(string name, Type type) => new OrdinalParameter(name, TypedSpace.Choices(name, choices, type));
}

/// <summary>A dimension counts only where another has one of some values; several must all hold.</summary>
/// <param name="parent">Name of the parameter or property that decides.</param>
/// <param name="values">Its values under which this one is active.</param>
[AttributeUsage(AttributeTargets.Parameter | AttributeTargets.Property, AllowMultiple = true)]
public sealed class WhenAttribute(string parent, params object[] values) : Attribute
{
    /// <summary>Name of the parameter or property that decides.</summary>
    public string Parent => parent;

    /// <summary>Its values under which this one is active.</summary>
    public IReadOnlyList<object> Values => values;
}
