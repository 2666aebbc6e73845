using Roux.Tuning.Numerics;

namespace Roux.Tuning;

/// <summary>Changes the settings that a member takes over.</summary>
internal sealed class Explorer(UnitSpace space, PopulationOptions options)
{
    /// <summary>Least change of a setting that is not on a log scale, as a share of its range: from 0 no factor leads away.</summary>
    private const double LeastMove = 0.02;

    private readonly BanditExplorer bandit = new(space, options);

    /// <summary>Settings to go on with from a segment.</summary>
    public Configuration Explore(Segment from, IReadOnlyList<Segment> segments, Rng random)
    {
        var changed = Perturb(from.Configuration, random);
        return options.Exploration == Exploration.Bandit ? bandit.Choose(from, changed, segments, random) ?? changed : changed;
    }

    /// <summary>Each setting times 0.8 or 1.2, a neighbour among levels, or drawn anew (Jaderberg et al. 2017, section 4.1).</summary>
    private Configuration Perturb(Configuration configuration, Rng random)
    {
        var values = new Dictionary<string, object>(StringComparer.Ordinal);
        foreach (var parameter in space.Space.Parameters)
        {
            if (!SearchSpace.IsActive(parameter, values))
            {
                continue;
            }

            var known = configuration.TryGetValue(parameter.Name, out var value);
            values[parameter.Name] = known && options.Kept.Contains(parameter.Name) ? value
                : !known || random.Unit() < options.Resample ? parameter.At(random.Unit())
                : Moved(parameter, value, random.Unit() < 0.5 ? 0.8 : 1.2);
        }

        return new Configuration(values);
    }

    private static object Moved(Parameter parameter, object value, double factor)
    {
        switch (parameter)
        {
            case FloatParameter range:
                var number = (double)parameter.Accept(value);
                var moved = number * factor;
                if (!range.Log && Math.Abs(moved - number) < LeastMove * (range.High - range.Low))
                {
                    moved = number + Math.Sign(factor - 1) * LeastMove * (range.High - range.Low);
                }

                // Through the unit interval: onto the grid of a step, and into the range.
                return range.Step > 0 && parameter.Levels is { } steps ? Neighbour(parameter, value, factor, steps) : Math.Clamp(moved, range.Low, range.High);
            case IntParameter range:
                var whole = (long)parameter.Accept(value);
                var next = (long)Math.Round(whole * factor);
                next = next == whole ? whole + Math.Sign(factor - 1) * range.Step : range.Low + (next - range.Low) / range.Step * range.Step;
                return Math.Clamp(next, range.Low, range.Low + (range.High - range.Low) / range.Step * range.Step);
            case OrdinalParameter:
                return Neighbour(parameter, value, factor, parameter.Levels!.Value);
            default:
                return value;
        }
    }

    private static object Neighbour(Parameter parameter, object value, double factor, long levels) =>
        parameter.At(Math.Clamp(parameter.UnitOf(value) + Math.Sign(factor - 1) / (double)levels, 0, 1 - 1e-12));
}
