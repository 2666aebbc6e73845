using Roux.Learning.Evaluation;
using Roux.Tuning;

namespace Roux.Learning.Reports.Studies;

/// <summary>A study as charts and the report see it.</summary>
/// <param name="Study">The study.</param>
/// <param name="Metrics">What was tuned, one an objective.</param>
public sealed record StudyView(Study Study, IReadOnlyList<string> Metrics)
{
    /// <summary>The first of them, or the only one.</summary>
    internal string Metric => Metrics[0];

    /// <summary>Name of the study.</summary>
    public string Name { get; init; } = "study";

    /// <summary>Id of its run; empty for none.</summary>
    public string RunId { get; init; } = "";

    /// <summary>When trials began and ended, in milliseconds since 1970; empty where nobody kept it.</summary>
    public IReadOnlyDictionary<int, (long Begin, long? End)> Times { get; init; } = new Dictionary<int, (long Begin, long? End)>();

    /// <summary>Further sentences about the outcome.</summary>
    public IReadOnlyList<string> Remarks { get; init; } = [];

    internal IReadOnlyList<Trial> Trials { get; } = Study.Trials;

    internal bool Minimises => Study.Directions[0] == Direction.Minimize;

    /// <summary>Complete trials with the value of the first objective.</summary>
    internal Trial[] Complete => field ??= [.. Trials.Where(trial => trial.State == TrialState.Complete)];

    /// <summary>Parameters, the most important first.</summary>
    internal Parameter[] Ranked => field ??= [.. Study.Space.Parameters.OrderByDescending(parameter => Importance.GetValueOrDefault(parameter.Name))];

    internal Dictionary<string, double> Importance => field ??= Study.Importance().ToDictionary(pair => pair.Parameter, pair => pair.Importance);

    internal Dictionary<string, double> ImportanceOfBest => field ??= Study.Importance(0, ImportanceMethod.Best).ToDictionary(pair => pair.Parameter, pair => pair.Importance);

    /// <summary>Numbers of the best quarter of the complete trials.</summary>
    internal HashSet<int> BestQuarter => field ??= [.. Complete.OrderBy(trial => Minimises ? trial.Values[0] : -trial.Values[0]).Take((Complete.Length + 3) / 4).Select(trial => trial.Number)];

    /// <summary>An axis along a parameter, and where a value stands on it.</summary>
    internal static (Axis Axis, Func<object, double> Place) AxisOf(Parameter parameter) => parameter switch
    {
        FloatParameter p => (new Axis(p.Name, p.Low, p.High > p.Low ? p.High : p.Low + 1, p.Log), value => Convert.ToDouble(value, System.Globalization.CultureInfo.InvariantCulture)),
        IntParameter p => (new Axis(p.Name, p.Low, p.High > p.Low ? p.High : p.Low + 1, p.Log), value => Convert.ToDouble(value, System.Globalization.CultureInfo.InvariantCulture)),
        CategoricalParameter p => (new Axis($"{p.Name}: {string.Join(", ", p.Choices.Select((choice, i) => $"{i} {Configuration.Format(choice)}"))}", -0.5, p.Choices.Count - 0.5),
            value => Math.Floor(p.UnitOf(value) * p.Choices.Count)),
        _ => (new Axis(parameter.Name, 0, 1), parameter.UnitOf),
    };
}
