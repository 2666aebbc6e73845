using System.Globalization;
using Roux.Learning.Studies;
using Roux.Server.Components.Charts;
using Roux.Server.Components.Widgets;
using Roux.Tracking;
using Roux.Tuning;

namespace Roux.Server.Components.Studies;

/// <summary>A study as its page shows it: towards one of its goals.</summary>
/// <param name="Study">The study.</param>
/// <param name="Goal">Which of its goals, from 0.</param>
/// <param name="Runs">Ids of the runs of trials by their numbers.</param>
/// <param name="Variance">Shares of all variance, the largest first.</param>
/// <param name="AmongBest">Shares in being among the best.</param>
public sealed record StudyModel(
    StoredStudy Study, int Goal, IReadOnlyDictionary<int, string> Runs, IReadOnlyList<(string Parameter, double Importance)> Variance, IReadOnlyList<(string Parameter, double Importance)> AmongBest)
{
    /// <summary>Name of the goal.</summary>
    public string Metric => Study.Goals[Goal].Metric;

    /// <summary>Whether smaller is better.</summary>
    public bool Minimises => Study.Goals[Goal].Direction == Direction.Minimize;

    /// <summary>Whether it goes on.</summary>
    public bool IsRunning => Study.Run.Status is RunStatus.Running or RunStatus.Scheduled;

    /// <summary>Parameters, the most important first.</summary>
    public IReadOnlyList<Parameter> Ranked => field ??= Rank();

    /// <summary>Trials with a value of the goal that keep their bounds, from the worst to the best.</summary>
    public IReadOnlyList<Trial> WorstFirst => field ??= [.. Study.Complete.Where(trial => trial.Values.Count > Goal).OrderByDescending(trial => Minimises ? trial.Values[Goal] : -trial.Values[Goal])];

    /// <summary>Of several goals the trials that no other beats in all of them.</summary>
    public IReadOnlyList<Trial> Front => field ??= FrontOf();

    /// <summary>Trials that were wanted in all; <c>null</c> where their number was not.</summary>
    public int? Wanted => int.TryParse(Study.Run.Tags.GetValueOrDefault(StudyTags.Wanted), NumberStyles.None, CultureInfo.InvariantCulture, out var wanted) ? wanted + Study.Added : null;

    /// <summary>From 0 for the worst trial to 1 for the best, by rank; NaN for one without a value.</summary>
    public double ShadeOf(Trial trial)
    {
        ArgumentNullException.ThrowIfNull(trial);
        return Ranks.TryGetValue(trial.Number, out var rank) ? rank : double.NaN;
    }

    /// <summary>Where a trial's run is.</summary>
    public string? LinkOf(int trial) => Runs.TryGetValue(trial, out var run) ? "/runs/" + run : null;

    /// <summary>A trial for a hint beside the pointer.</summary>
    public string HintOf(Trial trial)
    {
        ArgumentNullException.ThrowIfNull(trial);
        var values = trial.Values.Select((value, index) => $"{Study.Goals[Math.Min(index, Study.Goals.Count - 1)].Metric} {Format.Number(value)}");
        return string.Join('\n', new[] { $"Trial {trial.Number} · {Word(trial)}" }.Concat(values).Concat(trial.Configuration.Take(14).Select(pair => $"{Format.Cut(pair.Key, 40)} = {Setting(pair.Value)}")));
    }

    /// <summary>A setting as it is read.</summary>
    public static string Setting(object? value) => value switch { null => "–", double number => Format.Number(number), long number => number.ToString("#,0", CultureInfo.InvariantCulture), _ => Format.Cut(Configuration.Format(value), 60) };

    /// <summary>Where a trial stands, in a word.</summary>
    public static string Word(Trial trial)
    {
        ArgumentNullException.ThrowIfNull(trial);
        return trial.IsLost ? "lost" : trial.State switch { TrialState.Complete => "complete", TrialState.Pruned => "pruned", TrialState.Failed => "failed", TrialState.Paused => "paused", _ => "running" };
    }

    /// <summary>An axis along a parameter.</summary>
    public static PlotAxis AxisOf(Parameter parameter) => parameter switch
    {
        FloatParameter p => new PlotAxis(p.Name, p.Low, p.High > p.Low ? p.High : p.Low + 1) { IsLog = p.Log && p.High > p.Low },
        IntParameter p => new PlotAxis(p.Name, p.Low, p.High > p.Low ? p.High : p.Low + 1) { IsLog = p.Log && p.High > p.Low },
        CategoricalParameter p => PlotAxis.OfTexts(p.Name, [.. p.Choices.Select(Configuration.Format)]),
        _ => new PlotAxis(parameter?.Name ?? "", 0, 1),
    };

    /// <summary>Where a trial stands on such an axis; NaN where the parameter is inactive.</summary>
    public static double PlaceOf(Parameter parameter, Trial trial)
    {
        ArgumentNullException.ThrowIfNull(parameter);
        ArgumentNullException.ThrowIfNull(trial);
        return !trial.Configuration.TryGetValue(parameter.Name, out var value) ? double.NaN
            : parameter is CategoricalParameter p ? p.Choices.Select(Configuration.Format).ToList().IndexOf(Configuration.Format(value)) is >= 0 and var index ? index : double.NaN
            : value is double or long ? Convert.ToDouble(value, CultureInfo.InvariantCulture) : double.NaN;
    }

    /// <summary>An axis over values of the goal, without what lies so far on the bad side that nothing else could be told apart; that is drawn on its end.</summary>
    public PlotAxis ValueAxis(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Where(double.IsFinite).Select(value => Minimises ? value : -value).Order()];
        if (sorted.Length == 0)
        {
            return new PlotAxis(Metric, 0, 1);
        }

        var (least, middle, most, upper) = (sorted[0], sorted[sorted.Length / 2], sorted[^1], sorted[(int)(0.9 * (sorted.Length - 1))]);
        most = most - least > 5 * (upper - least) && upper > least ? upper + (upper - middle) : most;
        return PlotAxis.Over(Metric, Minimises ? [least, most] : [-most, -least], margin: 0.06);
    }

    private Dictionary<int, double> Ranks => field ??= WorstFirst.Select((trial, index) => (trial.Number, Rank: WorstFirst.Count == 1 ? 1 : index / (WorstFirst.Count - 1.0))).ToDictionary(one => one.Number, one => one.Rank);

    private List<Parameter> Rank()
    {
        var shares = Variance.ToDictionary(pair => pair.Parameter, pair => pair.Importance, StringComparer.Ordinal);
        return [.. Study.Space.Parameters.OrderByDescending(parameter => shares.GetValueOrDefault(parameter.Name))];
    }

    private IReadOnlyList<Trial> FrontOf()
    {
        if (Study.Goals.Count < 2)
        {
            return Study.Best is { } best ? [best] : [];
        }

        var known = Study.Complete.Where(trial => trial.Constraints.All(bound => bound <= 0)).ToList();
        bool Beats(Trial a, Trial b)
        {
            var better = false;
            for (var goal = 0; goal < Study.Goals.Count; goal++)
            {
                var gain = Study.Goals[goal].Direction == Direction.Minimize ? b.Values[goal] - a.Values[goal] : a.Values[goal] - b.Values[goal];
                if (gain < 0)
                {
                    return false;
                }

                better |= gain > 0;
            }

            return better;
        }

        return Study.Study.Trials.Count == Study.Trials.Count ? Study.Study.ParetoFront : [.. known.Where(trial => !known.Exists(other => Beats(other, trial)))];
    }
}
