using System.Text.RegularExpressions;
using Roux.Tracking;

namespace Roux.Debugging.Signals;

/// <summary>The curves of a training, whoever logged them.</summary>
public sealed partial record TrainingSignals
{
    /// <summary>Loss of the training data, the finest curve there is.</summary>
    public SignalSeries? Loss { get; init; }

    /// <summary>Loss of the validation data.</summary>
    public SignalSeries? ValidationLoss { get; init; }

    /// <summary>Share of right answers on the training data.</summary>
    public SignalSeries? Accuracy { get; init; }

    /// <summary>Share of right answers on the validation data.</summary>
    public SignalSeries? ValidationAccuracy { get; init; }

    /// <summary>Learning rate.</summary>
    public SignalSeries? LearningRate { get; init; }

    /// <summary>Length of the whole gradient.</summary>
    public SignalSeries? GradientNorm { get; init; }

    /// <summary>Layers and parameters from the input to the output, where the order is known; else by name.</summary>
    public IReadOnlyList<LayerSignals> Layers { get; init; } = [];

    /// <summary>Signals of the whole network under <c>watch/</c>, such as <see cref="SignalNames.GradientCarry"/>, by metric name.</summary>
    public IReadOnlyDictionary<string, SignalSeries> Others { get; init; } = new Dictionary<string, SignalSeries>(StringComparer.Ordinal);

    /// <summary>What is known besides.</summary>
    public TrainingFacts Facts { get; init; } = new();

    /// <summary>Whether the run still goes on.</summary>
    public bool IsRunning { get; init; }

    /// <summary>Seconds between the points of the loss, where times are known, with the time since the last one at the end for a run that goes on.</summary>
    public IReadOnlyList<double> Intervals { get; init; } = [];

    /// <summary>Whether there is anything to judge.</summary>
    public bool IsEmpty => Loss is null && ValidationLoss is null && GradientNorm is null && Layers.Count == 0 && Others.Count == 0;

    /// <summary>Whether the order of <see cref="Layers"/> is that of the network.</summary>
    public bool IsOrdered => Layers.Count > 0 && Layers.All(layer => layer.Constant(LayerSignals.Depth) is not null);

    /// <summary>Layers that have a kind of signal, with it.</summary>
    public IEnumerable<(LayerSignals Layer, SignalSeries Series)> With(string kind)
    {
        foreach (var layer in Layers)
        {
            if (layer[kind] is { } series)
            {
                yield return (layer, series);
            }
        }
    }

    /// <summary>Reads the signals of a run, of this store or a server.</summary>
    /// <param name="tracker">Where the run is.</param>
    /// <param name="runId">Its id.</param>
    /// <param name="time">Tells how long ago the last value of a run that goes on was logged.</param>
    /// <param name="cancellation">Asks to stop.</param>
    /// <exception cref="TrackingException">There is no such run.</exception>
    public static TrainingSignals Read(Tracker tracker, string runId, TimeProvider time, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(tracker);
        ArgumentNullException.ThrowIfNull(time);
        var run = tracker.GetRun(runId);
        var signals = From(run.Metrics.Keys, key =>
        {
            cancellation.ThrowIfCancellationRequested();
            return SignalSeries.Of(tracker.GetMetricSeries(runId, key));
        }, run.Params);
        var isRunning = run.Status == RunStatus.Running;
        var loss = SignalNames.Find(SignalNames.Loss, run.Metrics.Keys);
        return loss.Count == 0 ? signals with { IsRunning = isRunning }
            : signals with { IsRunning = isRunning, Intervals = IntervalsOf(tracker.GetMetricSeries(runId, loss[0]), isRunning ? time.GetUtcNow() : null) };
    }

    /// <summary>Puts signals together from metrics.</summary>
    /// <param name="keys">Names of all metrics.</param>
    /// <param name="series">Gives the history of one; only called for those that are signals.</param>
    /// <param name="parameters">Params of the run.</param>
    public static TrainingSignals From(IEnumerable<string> keys, Func<string, SignalSeries> series, IReadOnlyDictionary<string, string> parameters)
    {
        ArgumentNullException.ThrowIfNull(keys);
        ArgumentNullException.ThrowIfNull(series);
        var names = keys.ToList();
        SignalSeries? One(string signal) => SignalNames.Find(signal, names).Select(series).Where(found => found.Count > 0).OrderByDescending(found => found.Count).FirstOrDefault();

        var layers = new Dictionary<string, Dictionary<string, SignalSeries>>(StringComparer.Ordinal);
        var others = new Dictionary<string, SignalSeries>(StringComparer.Ordinal);
        foreach (var name in names)
        {
            if (SignalNames.Layer(name) is { } place)
            {
                if (!layers.TryGetValue(place.Layer, out var kinds))
                {
                    layers.Add(place.Layer, kinds = new Dictionary<string, SignalSeries>(StringComparer.Ordinal));
                }

                kinds[place.Kind] = series(name);
            }
            else if (name.StartsWith(SignalNames.Watch, StringComparison.Ordinal))
            {
                others[name] = series(name);
            }
        }

        return new TrainingSignals
        {
            Loss = One(SignalNames.Loss),
            ValidationLoss = One(SignalNames.ValidationLoss),
            Accuracy = AsShare(One(SignalNames.Accuracy)),
            ValidationAccuracy = AsShare(One(SignalNames.ValidationAccuracy)),
            LearningRate = One(SignalNames.LearningRate),
            GradientNorm = One(SignalNames.GradientNorm),
            Layers = [.. layers.Select(layer => new LayerSignals(layer.Key, layer.Value))
                .OrderBy(layer => layer.Constant(LayerSignals.Depth) ?? double.MaxValue).ThenBy(layer => NaturalOrder(layer.Name), StringComparer.Ordinal)],
            Others = others,
            Facts = TrainingFacts.Read(parameters) with { IsGame = names.Any(SignalNames.IsOfGame) },
        };
    }

    // "layers.10" comes after "layers.9".
    private static string NaturalOrder(string name) => Digits().Replace(name, match => match.Value.PadLeft(12, '0'));

    [GeneratedRegex("[0-9]+")]
    private static partial Regex Digits();

    // Some log percent.
    private static SignalSeries? AsShare(SignalSeries? series) =>
        series is not null && series.Values.Any(value => value > 1.5) ? new SignalSeries(series.Steps, Array.ConvertAll(series.Values, value => value / 100)) : series;

    private static double[] IntervalsOf(MetricSeries loss, DateTimeOffset? now)
    {
        var intervals = new List<double>();
        for (var index = 1; index < loss.Count; index++)
        {
            intervals.Add((loss.Timestamps[index] - loss.Timestamps[index - 1]) / 1000.0);
        }

        if (now is { } until && loss.Count > 0)
        {
            intervals.Add((until.ToUnixTimeMilliseconds() - loss.Timestamps[^1]) / 1000.0);
        }

        return [.. intervals];
    }
}
