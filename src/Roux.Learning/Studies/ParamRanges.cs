using System.Globalization;
using Roux.Tracking;
using Roux.Tuning;

namespace Roux.Learning.Studies;

/// <summary>What the params of runs range over, as a space: what differs between them, numbers as numbers.</summary>
public static class ParamRanges
{
    private const int MostParams = 60;
    private const int MostChoices = 40;
    private const double WideRange = 50;

    /// <summary>The space: params of at least half of the runs that have more than one value.</summary>
    public static SearchSpace Of(IReadOnlyList<RunRecord> runs)
    {
        ArgumentNullException.ThrowIfNull(runs);
        var parameters = new List<Parameter>();
        foreach (var name in runs.SelectMany(run => run.Params.Keys).CountBy(name => name, StringComparer.Ordinal).Where(pair => 2 * pair.Value >= runs.Count).OrderByDescending(pair => pair.Value).ThenBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => pair.Key))
        {
            string[] texts = [.. runs.Select(run => run.Params.GetValueOrDefault(name)).OfType<string>().Distinct(StringComparer.Ordinal)];
            if (texts.Length > 1 && parameters.Count < MostParams && ParameterOf(name, texts) is { } parameter)
            {
                parameters.Add(parameter);
            }
        }

        return new SearchSpace(parameters);
    }

    /// <summary>The params of a run that are in a space and fit it.</summary>
    public static Configuration SettingsOf(RunRecord run, SearchSpace space)
    {
        ArgumentNullException.ThrowIfNull(run);
        ArgumentNullException.ThrowIfNull(space);
        var values = new Dictionary<string, object>(StringComparer.Ordinal);
        foreach (var parameter in space.Parameters)
        {
            if (!run.Params.TryGetValue(parameter.Name, out var text))
            {
                continue;
            }

            if (parameter is CategoricalParameter categorical)
            {
                if (categorical.Choices.FirstOrDefault(choice => Configuration.Format(choice) == text) is { } choice)
                {
                    values[parameter.Name] = choice;
                }
            }
            else if (double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number))
            {
                values[parameter.Name] = parameter is IntParameter && number == Math.Floor(number) && Math.Abs(number) < 1L << 53 ? (long)number : number;
            }
        }

        return new Configuration(values);
    }

    private static Parameter? ParameterOf(string name, string[] texts)
    {
        double[] numbers = [.. texts.Select(text => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number : double.NaN)];
        if (!Array.TrueForAll(numbers, double.IsFinite))
        {
            return texts.Length > MostChoices ? null : new CategoricalParameter(name, [.. texts.Order(StringComparer.Ordinal)]);
        }

        var (low, high) = (numbers.Min(), numbers.Max());
        if (high <= low)
        {
            return null; // 1 and 1.0
        }

        var isLog = low > 0 && high / low > WideRange;
        return Array.TrueForAll(numbers, number => number == Math.Floor(number) && Math.Abs(number) < 1L << 50) ? new IntParameter(name, (long)low, (long)high, isLog) : new FloatParameter(name, low, high, isLog);
    }
}
