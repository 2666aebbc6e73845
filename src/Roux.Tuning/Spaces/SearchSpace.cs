namespace Roux.Tuning;

/// <summary>The hyperparameters of a study and the ranges they are searched over.</summary>
public sealed class SearchSpace
{
    /// <param name="parameters">Parents before the parameters that depend on them.</param>
    /// <exception cref="ArgumentException">Names repeat, a range is empty, or a condition names no earlier parameter.</exception>
    public SearchSpace(params IReadOnlyList<Parameter> parameters)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (var parameter in parameters)
        {
            foreach (var parent in parameter.When.Keys)
            {
                if (!names.Contains(parent))
                {
                    throw new ArgumentException($"'{parameter.Name}' depends on '{parent}', which is not a parameter before it", nameof(parameters));
                }
            }

            if (!names.Add(parameter.Name))
            {
                throw new ArgumentException($"parameter '{parameter.Name}' occurs twice", nameof(parameters));
            }

            var wrong = parameter switch
            {
                FloatParameter p when !double.IsFinite(p.Low) || !double.IsFinite(p.High) || p.Low > p.High => $"[{p.Low}, {p.High}] is not a range",
                FloatParameter { Log: true } p when p.Low <= 0 => $"a log range starts above 0, not at {p.Low}",
                FloatParameter { Log: true, Step: > 0 } => "log and step exclude each other",
                FloatParameter p when !(p.Step >= 0) || double.IsInfinity(p.Step) => $"a step is positive, not {p.Step}",
                IntParameter { Log: true, Step: > 1 } => "log and step exclude each other",
                IntParameter p when p.High - p.Low is < 0 or > 1L << 53 => $"[{p.Low}, {p.High}] is wider than 2^53 values",
                IntParameter p when p.Low > p.High || p.Step < 1 => $"[{p.Low}, {p.High}] by {p.Step} is not a range",
                IntParameter { Log: true } p when p.Low <= 0 => $"a log range starts above 0, not at {p.Low}",
                CategoricalParameter { Choices.Count: 0 } => "has no choices",
                _ => null,
            };
            if (wrong is not null)
            {
                throw new ArgumentException($"'{parameter.Name}': {wrong}", nameof(parameters));
            }
        }

        Parameters = parameters;
    }

    /// <summary>A space of one point: the defaults.</summary>
    public static SearchSpace Empty { get; } = new([]);

    /// <summary>
    /// The space that a record describes, in the order of its parameters:
    /// <c>record Settings([Float(1e-4, 0.1, Log = true)] double Rate, [Categorical("tree", "linear")] string Booster, [Int(1, 15)] [When("Booster", "tree")] int Depth = 6)</c>.
    /// A configuration of it becomes such a record with <see cref="Configuration.To{T}"/>.
    /// </summary>
    /// <exception cref="ArgumentException">Nothing in it is a hyperparameter, or a range or condition is wrong; the message says which.</exception>
    public static SearchSpace Of<T>() => TypedSpace.Of(typeof(T));

    /// <summary>The dimensions, parents first.</summary>
    public IReadOnlyList<Parameter> Parameters { get; }

    /// <summary>Draws one configuration uniformly (in the log of log ranges); inactive parameters are absent.</summary>
    public Configuration Sample(Random random)
    {
        var values = new Dictionary<string, object>(StringComparer.Ordinal);
        foreach (var parameter in Parameters)
        {
            // Drawn even when inactive, so that a condition never shifts the randomness of what follows.
            var value = parameter.At(random.NextDouble());
            if (IsActive(parameter, values))
            {
                values[parameter.Name] = value;
            }
        }

        return new Configuration(values);
    }

    /// <summary>Whether all conditions of a parameter hold, given the values of the parameters before it; a parent that is inactive has none.</summary>
    internal static bool IsActive(Parameter parameter, Dictionary<string, object> values) => parameter.When.All(condition =>
        values.TryGetValue(condition.Key, out var parent) && condition.Value.Contains(Configuration.Format(parent)));

    /// <summary>Checks that a configuration is a point of this space.</summary>
    /// <exception cref="ArgumentException">A parameter is missing, unknown, inactive or out of its range; the message says which.</exception>
    public void Check(Configuration configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        var values = new Dictionary<string, object>(StringComparer.Ordinal);
        foreach (var parameter in Parameters)
        {
            var given = configuration.TryGetValue(parameter.Name, out var value);
            if (!IsActive(parameter, values))
            {
                _ = given ? throw new ArgumentException($"'{parameter.Name}' is not active here: leave it out, or change {string.Join(", ", parameter.When.Keys)}", nameof(configuration)) : 0;
                continue;
            }

            if (!given)
            {
                throw new ArgumentException($"'{parameter.Name}' is missing", nameof(configuration));
            }

            values[parameter.Name] = parameter.Accept(value);
        }

        if (configuration.Keys.FirstOrDefault(name => Parameters.All(parameter => parameter.Name != name)) is { } unknown)
        {
            throw new ArgumentException($"'{unknown}' is no parameter of this space; there are: {string.Join(", ", Parameters.Select(parameter => parameter.Name))}", nameof(configuration));
        }
    }
}
