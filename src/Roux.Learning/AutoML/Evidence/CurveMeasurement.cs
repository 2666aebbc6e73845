using System.Diagnostics;
using Roux.Learning.Data;
using Roux.Learning.Evaluation;
using Roux.Learning.Evaluation.LearningCurves;
using Roux.Learning.Learners;

namespace Roux.Learning.AutoML;

/// <summary>
/// Measures learning curves of some models on the same growing parts of the rows. Features are learned inside each part.
/// Small sizes come first, each with all its repeats; a size that would not fit into the time left is not begun.
/// </summary>
public sealed class CurveMeasurement
{
    /// <summary>Most learned rows that are scored again for the training score.</summary>
    private const int TrainingScored = 4_000;

    private readonly Table table;
    private readonly IReadOnlyList<ColumnSpec> columns;
    private readonly Target target;
    private readonly Metric metric;
    private readonly CurveSettings settings;
    private readonly NestedSubsets subsets;
    private readonly double[] overlaps;
    private readonly long started;

    private CurveMeasurement(Table table, IReadOnlyList<ColumnSpec> columns, Target target, IReadOnlyList<Fold> divisions, Metric metric, CurveSettings settings)
    {
        (this.table, this.columns, this.target, this.metric, this.settings) = (table, columns, target, metric, settings);
        started = settings.Clock.GetTimestamp();
        subsets = NestedSubsets.Plan(target, divisions, settings);
        overlaps = [.. subsets.Sizes.Select((_, k) => subsets.Overlap(k, table.RowCount))];
    }

    /// <summary>Measures curves.</summary>
    /// <param name="table">The rows.</param>
    /// <param name="columns">Columns to make features of.</param>
    /// <param name="target">Answers of the rows.</param>
    /// <param name="divisions">Divisions into rows to learn from and rows to validate on; the first ones are used, as many as <see cref="CurveSettings.Repeats"/> says.</param>
    /// <param name="metric">What to score by.</param>
    /// <param name="models">The most important first: the last ones give way when time is short.</param>
    /// <param name="settings">Sizes, repeats, time.</param>
    /// <param name="progress">Told after every size what was measured; may be <c>null</c>.</param>
    /// <param name="cancellation">Asks to stop.</param>
    /// <returns>One curve a model, in their order; without points where there was no time for any or the learner refused.</returns>
    /// <exception cref="DataException">There are too few rows.</exception>
    /// <exception cref="OperationCanceledException">Asked to stop.</exception>
    public static IReadOnlyList<LearningCurve> Measure(
        Table table, IReadOnlyList<ColumnSpec> columns, Target target, IReadOnlyList<Fold> divisions, Metric metric,
        IReadOnlyList<CurveModel> models, CurveSettings settings, Action<string, int>? progress = null, CancellationToken cancellation = default) =>
        new CurveMeasurement(table, columns, target, divisions, metric, settings).Run(models, progress, cancellation);

    private double SecondsLeft => settings.Seconds - settings.Clock.GetElapsedTime(started).TotalSeconds;

    private LearningCurve[] Run(IReadOnlyList<CurveModel> models, Action<string, int>? progress, CancellationToken cancellation)
    {
        var states = models.Select(model => new State(model)).ToArray();
        for (var k = 0; k < subsets.Sizes.Length; k++)
        {
            // Made anew for every size: features of one are of no use to another and would only fill the memory.
            var features = new FoldFeatures(table, columns, target, subsets.Of(k), Seeds.Derive(settings.Seed, "curve", k));
            foreach (var state in states.Where(state => state.Stopped is null))
            {
                if (!Fits(state, k))
                {
                    state.Stopped = $"larger sizes than {subsets.Sizes[Math.Max(0, k - 1)]:N0} rows did not fit into the time";
                    continue;
                }

                MeasureSize(state, k, features, cancellation);
                progress?.Invoke(state.Model.Name, subsets.Sizes[k]);
            }
        }

        return Array.ConvertAll(states, Finish);
    }

    /// <summary>Whether a size will be done in time, judging by the size before: time grows a little faster than rows.</summary>
    private bool Fits(State state, int k)
    {
        if (double.IsPositiveInfinity(settings.Seconds))
        {
            return true;
        }

        var left = SecondsLeft;
        if (k == 0 || state.Points.Count == 0)
        {
            return left > 0.05;
        }

        var before = state.Points.Where(point => point.Size == subsets.Sizes[k - 1]).Sum(point => point.Seconds);
        return before * Math.Pow((double)subsets.Sizes[k] / subsets.Sizes[k - 1], 1.15) < left;
    }

    private void MeasureSize(State state, int k, FoldFeatures features, CancellationToken cancellation)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        if (!double.IsPositiveInfinity(settings.Seconds))
        {
            limit.CancelAfter(TimeSpan.FromSeconds(Math.Clamp(SecondsLeft * 1.1, 0.05, 1e6)));
        }

        var points = new List<CurvePoint>();
        var predictions = new List<(Target Target, Predictions Predictions)>();
        for (var repeat = 0; repeat < subsets.Of(k).Count; repeat++)
        {
            try
            {
                var (point, validation, answers) = MeasureOne(state.Model, k, repeat, features, limit.Token);
                points.Add(point);
                predictions.Add((answers, validation));
            }
            catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
            {
                state.Stopped = $"there was no time for {subsets.Sizes[k]:N0} rows";
                return; // A size without some of its repeats stands higher or lower than the others for that reason alone.
            }
            catch (LearnerException e)
            {
                state.Refused = e.Message; // Too few rows of a class in a small part, perhaps: larger ones may do.
            }
        }

        if (points.Count == subsets.Of(k).Count && points.All(point => double.IsFinite(point.Validation)))
        {
            state.Points.AddRange(points);
            state.Last = predictions;
        }
    }

    private (CurvePoint Point, Predictions Validation, Target Answers) MeasureOne(CurveModel model, int k, int repeat, FoldFeatures features, CancellationToken cancellation)
    {
        var watch = Stopwatch.StartNew();
        double[]? validation = null, training = null;
        Target? answers = null, learned = null;
        foreach (var (candidate, weight) in model.Members)
        {
            cancellation.ThrowIfCancellationRequested();
            var made = features.Get(repeat, candidate.Learner.Form(target.Task, candidate.Configuration), settings.Threads, cancellation);
            var log = candidate.Configuration.Choice(Candidate.TargetTransformKey, "none") == "log1p";
            var set = new TrainingSet(made.Training, TargetScale.Apply(made.TrainingTarget, log));
            var fitted = CrossValidator.Fit(candidate, set, Seeds.Derive(settings.Seed, candidate.Name, repeat * 1000 + k), settings.Threads, cancellation);
            cancellation.ThrowIfCancellationRequested();
            var again = Spread(made.TrainingTarget.Count, TrainingScored);
            Add(ref validation, TargetScale.Undo(fitted.Predict(made.Test), log), weight);
            Add(ref training, TargetScale.Undo(fitted.Predict(again.Length == made.TrainingTarget.Count ? made.Training : made.Training.Take(again)), log), weight);
            (answers, learned) = (made.TestTarget, again.Length == made.TrainingTarget.Count ? made.TrainingTarget : made.TrainingTarget.Take(again));
        }

        var (v, t) = (new Predictions(target.Task, target.Width, validation!), new Predictions(target.Task, target.Width, training!));
        var point = new CurvePoint(
            subsets.Sizes[k], subsets.Of(k)[repeat].Train.Length, repeat, metric.Compute(learned!, t), metric.Compute(answers!, v),
            ErrorRate(learned!, t), ErrorRate(answers!, v), watch.Elapsed.TotalSeconds);
        return (point, v, answers!);
    }

    private LearningCurve Finish(State state) => new()
    {
        Name = state.Model.Name,
        Family = state.Model.Family,
        Metric = metric,
        Points = state.Points,
        RowNoise = RowNoise(state.Last),
        ValidationRows = subsets.Of(0).Take(Math.Max(1, state.Last.Count)).SelectMany(fold => fold.Test).Distinct().Count(),
        Overlap = subsets.Sizes.Select((size, k) => (size, overlaps[k])).ToDictionary(),
        DoubtfulLabels = state.Last.Count == 0 ? double.NaN : state.Last.Average(pair => LabelDoubt.Share(pair.Target, pair.Predictions)),
        Incomplete = state.Stopped ?? (state.Points.Count == 0 ? state.Refused : null),
    };

    /// <summary>The standard error of the score by resampling validation rows, times the root of their number; the mean over repeats.</summary>
    private double RowNoise(List<(Target Target, Predictions Predictions)> last)
    {
        var noises = new List<double>();
        foreach (var (answers, predictions) in last.Take(3))
        {
            var error = ConfidenceIntervals.BootstrapError(metric, answers, predictions, Seeds.Derive(settings.Seed, "rows", noises.Count));
            noises.Add(error * Math.Sqrt(answers.Count));
        }

        return noises.Where(double.IsFinite).DefaultIfEmpty(double.NaN).Average();
    }

    private static double ErrorRate(Target y, Predictions p)
    {
        if (y.Task is not (TaskKind.Binary or TaskKind.Multiclass))
        {
            return double.NaN;
        }

        var labels = p.Labels();
        return Enumerable.Range(0, labels.Length).Count(row => labels[row] != y.Labels[row]) / (double)labels.Length;
    }

    private static void Add(ref double[]? sum, Predictions predictions, double weight)
    {
        sum ??= new double[predictions.Values.Length];
        for (var i = 0; i < sum.Length; i++)
        {
            sum[i] += weight == 1 ? predictions.Values[i] : weight * predictions.Values[i];
        }
    }

    /// <summary>At most so many places, evenly over all.</summary>
    private static int[] Spread(int count, int most) =>
        [.. Enumerable.Range(0, Math.Min(count, most)).Select(i => (int)((long)i * count / Math.Min(count, most)))];

    private sealed class State(CurveModel model)
    {
        public CurveModel Model => model;

        public List<CurvePoint> Points { get; } = [];

        public List<(Target Target, Predictions Predictions)> Last { get; set; } = [];

        public string? Stopped { get; set; }

        public string? Refused { get; set; }
    }
}
