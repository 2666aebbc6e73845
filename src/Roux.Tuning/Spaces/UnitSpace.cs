using Roux.Tuning.Numerics;

namespace Roux.Tuning;

/// <summary>A search space as samplers see it: a unit cube with a dimension a parameter. An inactive parameter lies in the middle.</summary>
internal sealed class UnitSpace
{
    public const double Inactive = 0.5;

    private readonly Dictionary<string, int> places;

    public UnitSpace(SearchSpace space)
    {
        Space = space;
        Levels = [.. space.Parameters.Select(parameter => parameter.Levels)];
        Nominal = [.. space.Parameters.Select(parameter => parameter is CategoricalParameter and not OrdinalParameter)];
        places = space.Parameters.Select((parameter, index) => (parameter.Name, index)).ToDictionary(pair => pair.Name, pair => pair.index, StringComparer.Ordinal);
        IsConditional = space.Parameters.Any(parameter => parameter.When.Count > 0);
    }

    public SearchSpace Space { get; }

    public int Dimensions => Levels.Length;

    /// <summary>How many values each dimension takes; <c>null</c> for a continuous one.</summary>
    public long?[] Levels { get; }

    /// <summary>Which dimensions have no order.</summary>
    public bool[] Nominal { get; }

    public bool IsConditional { get; }

    /// <summary>The point of a configuration.</summary>
    public double[] Encode(Configuration configuration)
    {
        var point = new double[Dimensions];
        for (var i = 0; i < point.Length; i++)
        {
            var parameter = Space.Parameters[i];
            point[i] = configuration.TryGetValue(parameter.Name, out var value) ? parameter.UnitOf(value) : Inactive;
        }

        return point;
    }

    /// <summary>The configuration of a point; inactive parameters are absent.</summary>
    public Configuration Decode(ReadOnlySpan<double> point)
    {
        var values = new Dictionary<string, object>(StringComparer.Ordinal);
        for (var i = 0; i < point.Length; i++)
        {
            var parameter = Space.Parameters[i];
            if (SearchSpace.IsActive(parameter, values))
            {
                values[parameter.Name] = parameter.At(Math.Clamp(point[i], 0, OneMinus));
            }
        }

        return new Configuration(values);
    }

    /// <summary>Moves a point onto values that exist: the middle of the nearest level, and of inactive parameters.</summary>
    public void Snap(Span<double> point)
    {
        for (var i = 0; i < point.Length; i++)
        {
            point[i] = Snap(i, point[i]);
        }

        if (Active(point) is { } active)
        {
            for (var i = 0; i < point.Length; i++)
            {
                point[i] = active[i] ? point[i] : Inactive;
            }
        }
    }

    /// <summary>Which dimensions are active at a point of existing values; <c>null</c> where all always are.</summary>
    public bool[]? Active(ReadOnlySpan<double> point)
    {
        if (!IsConditional)
        {
            return null;
        }

        var active = new bool[point.Length];
        for (var i = 0; i < point.Length; i++)
        {
            active[i] = true;
            foreach (var (parent, allowed) in Space.Parameters[i].When)
            {
                var place = places[parent];
                active[i] &= active[place] && allowed.Contains(Configuration.Format(Space.Parameters[place].At(Math.Clamp(point[place], 0, OneMinus))));
            }
        }

        return active;
    }

    /// <summary>The nearest value that exists in a dimension.</summary>
    public double Snap(int dimension, double value)
    {
        value = Math.Clamp(value, 0, 1);
        return Levels[dimension] is { } levels && !IsLogInteger(dimension) ? (Math.Min(Math.Floor(value * levels), levels - 1) + 0.5) / levels
            : IsLogInteger(dimension) ? Space.Parameters[dimension].UnitOf(Space.Parameters[dimension].At(Math.Clamp(value, 0, OneMinus))) : value;
    }

    /// <summary>A point drawn uniformly.</summary>
    public double[] Draw(Rng random)
    {
        var point = new double[Dimensions];
        for (var i = 0; i < point.Length; i++)
        {
            point[i] = random.Unit();
        }

        Snap(point);
        return point;
    }

    private const double OneMinus = 1 - 1e-15;

    private bool IsLogInteger(int dimension) => Space.Parameters[dimension] is IntParameter { Log: true };
}
