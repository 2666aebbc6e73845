using Roux.Learning.Data;
using Roux.Learning.Evaluation;
using Roux.Learning.Evaluation.LearningCurves;
using Roux.Learning.Learners;

namespace Roux.Learning.AutoML;

/// <summary>
/// Measures learning curves of some models on the same growing parts of the rows. Features are learned inside each part.
/// Small sizes come first; of a size that would not fit into the time left, fewer repeats are measured, or none.
/// </summary>
public sealed class CurveMeasurement
{
    /// <summary>Repeats of which standard errors are worked out.</summary>
    private const int Resampled = 3;

    private readonly Table table;
    private readonly IReadOnlyList<ColumnSpec> columns;
    private readonly Target target;
    private readonly IReadOnlyList<Fold> divisions;
    private readonly Metric metric;
    private readonly CurveSettings settings;
    private readonly NestedSubsets subsets;
    private readonly SubsetScorer scorer;
    private readonly long started;

    private CurveMeasurement(Table table, IReadOnlyList<ColumnSpec> columns, Target target, IReadOnlyList<Fold> divisions, Metric metric, CurveSettings settings)
    {
        (this.table, this.columns, this.target, this.divisions, this.metric, this.settings) = (table, columns, target, divisions, metric, settings);
        started = settings.Clock.GetTimestamp();
        subsets = NestedSubsets.Plan(target, divisions, settings);
        scorer = new SubsetScorer(target, metric, settings.Seed, settings.Threads);
    }

    /// <summary>Measures curves.</summary>
    /// <param name="table">The rows.</param>
    /// <param name="columns">Columns to make features of.</param>
    /// <param name="target">Answers of the rows.</param>
    /// <param name="divisions">Divisions into rows to learn from and rows to validate on; as many are used as <see cref="CurveSettings.Repeats"/> says.</param>
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
            foreach (var state in states)
            {
                var known = k == subsets.Sizes.Length - 1 && UsesKnown(state.Model);
                if (known)
                {
                    AddKnown(state, k);
                }

                var repeats = state.Stopped is null ? Affordable(state, k, known ? 1 : subsets.Of(k).Count) : 0;
                if (repeats > 0)
                {
                    MeasureSize(state, k, repeats, features, cancellation);
                    progress?.Invoke(state.Model.Name, subsets.Sizes[k]);
                }
                else if (!known)
                {
                    state.Stopped ??= k == 0 ? "there was no time" : string.Create(System.Globalization.CultureInfo.InvariantCulture, $"sizes from {subsets.Sizes[k]:N0} rows on did not fit into the time");
                }
            }
        }

        return Array.ConvertAll(states, Finish);
    }

    /// <summary>Whether the largest size is what the model was cross-validated on: all training rows of every division.</summary>
    private bool UsesKnown(CurveModel model) => model.Known.Count == divisions.Count && settings.Sizes.Count == 0 && settings.Times is null;

    private void AddKnown(State state, int k)
    {
        for (var division = 0; division < divisions.Count; division++)
        {
            var rows = new ScoredRows(target.Take(divisions[division].Test), state.Model.Known[division]);
            state.Add(scorer.Known(rows, Point(k, division, divisions[division].Train.Length)), rows);
        }
    }

    /// <summary>Repeats that will be done in time, judging by the size before: time grows a little faster than rows. One alone says nothing of noise.</summary>
    private int Affordable(State state, int k, int wanted)
    {
        if (double.IsPositiveInfinity(settings.Seconds))
        {
            return wanted;
        }

        var left = SecondsLeft;
        if (state.SecondsPerFit is not { } before)
        {
            return left > 0.05 ? wanted : 0;
        }

        var each = before * Math.Pow((double)subsets.Sizes[k] / subsets.Sizes[k - 1], 1.15);
        return left < each * Math.Min(2, wanted) ? 0 : wanted;
    }

    /// <summary>Whether another repeat of a size leaves time for two of every larger one, which tell more.</summary>
    private bool LeavesTime(State state, int k)
    {
        var each = state.SecondsPerFit ?? 0;
        var later = subsets.Sizes.Skip(k + 1).Sum(size => 2 * each * Math.Pow((double)size / subsets.Sizes[k], 0.8));
        return SecondsLeft > each + later;
    }

    private void MeasureSize(State state, int k, int repeats, FoldFeatures features, CancellationToken cancellation)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        if (!double.IsPositiveInfinity(settings.Seconds))
        {
            limit.CancelAfter(TimeSpan.FromSeconds(Math.Clamp(SecondsLeft * 1.1, 0.05, 1e6)));
        }

        var done = new List<(CurvePoint Point, ScoredRows Rows)>();
        for (var repeat = 0; repeat < repeats && state.Stopped is null; repeat++)
        {
            try
            {
                var (point, rows) = scorer.Score(state.Model, features, repeat, Point(k, subsets.Divisions[repeat], subsets.Of(k)[repeat].Train.Length), limit.Token);
                if (double.IsFinite(point.Validation))
                {
                    done.Add((point, rows));
                }

                state.SecondsPerFit = point.Seconds;
                if (repeat >= 1 && !LeavesTime(state, k))
                {
                    break;
                }
            }
            catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
            {
                state.Stopped = string.Create(System.Globalization.CultureInfo.InvariantCulture, $"there was no time for {subsets.Sizes[k]:N0} rows");
            }
            catch (LearnerException e)
            {
                state.Refused = e.Message; // Too few rows of a class in a small part, perhaps: larger ones may do.
            }
        }

        foreach (var (point, rows) in done.Count >= Math.Min(2, repeats) ? done : [])
        {
            state.Add(point, rows);
        }
    }

    private CurvePoint Point(int k, int division, int rows) => new(subsets.Sizes[k], rows, division, double.NaN, double.NaN, double.NaN, double.NaN, 0);

    private LearningCurve Finish(State state)
    {
        var (rowNoise, modelNoise) = Noise(state);
        var used = state.Points.Select(point => point.Repeat).Distinct().ToArray();
        return new LearningCurve
        {
            Name = state.Model.Name,
            Family = state.Model.Family,
            Metric = metric,
            Points = state.Points,
            RowNoise = rowNoise,
            ModelNoise = modelNoise,
            RepeatRows = used.Select(division => (double)divisions[division].Test.Length).DefaultIfEmpty(0).Average(),
            ValidationRows = used.SelectMany(division => divisions[division].Test).Distinct().Count(),
            Overlap = subsets.Sizes.Select((size, k) => (size, subsets.Overlap(k, table.RowCount))).ToDictionary(),
            DoubtfulLabels = state.Last.Count == 0 ? double.NaN : state.Last.Values.Average(rows => LabelDoubt.Share(rows.Answers, rows.Predictions)),
            Incomplete = state.Stopped ?? (state.Points.Count == 0 ? state.Refused ?? "its score is undefined on these rows" : null),
        };
    }

    /// <summary>
    /// Standard errors by resampling validation rows, times the root of their number: of the score at the largest size, and of the part
    /// that is this one model's alone, from the difference to the next smaller size on the same rows (two models' parts: hence the root of 2).
    /// </summary>
    private (double Row, double Model) Noise(State state)
    {
        var (whole, own) = (new List<double>(), new List<double>());
        foreach (var (division, rows) in state.Last.OrderBy(pair => state.Before.ContainsKey(pair.Key) ? 0 : 1).ThenBy(pair => pair.Key).Take(Resampled))
        {
            var (seed, root) = (Seeds.Derive(settings.Seed, "rows", division), Math.Sqrt(rows.Answers.Count));
            whole.Add(StandardErrors.Of(metric, rows.Answers, rows.Predictions, seed) * root);
            if (state.Before.TryGetValue(division, out var before))
            {
                own.Add(StandardErrors.OfDifference(metric, rows.Answers, rows.Predictions, before.Predictions, seed) * root / Math.Sqrt(2));
            }
        }

        static double Mean(List<double> values) => values.Where(double.IsFinite).DefaultIfEmpty(double.NaN).Average();
        return (Mean(whole), Mean(own));
    }

    private sealed class State(CurveModel model)
    {
        private int size = -1;

        public CurveModel Model => model;

        public List<CurvePoint> Points { get; } = [];

        /// <summary>By division, the held-out rows of the largest size.</summary>
        public Dictionary<int, ScoredRows> Last { get; private set; } = [];

        /// <summary>The same of the size before.</summary>
        public Dictionary<int, ScoredRows> Before { get; private set; } = [];

        public double? SecondsPerFit { get; set; }

        public string? Stopped { get; set; }

        public string? Refused { get; set; }

        /// <summary>Adds a point; one of the same size and repeat that was known already only gains its training score.</summary>
        public void Add(CurvePoint point, ScoredRows rows)
        {
            if (point.Size != size)
            {
                (Before, Last, size) = (Last, [], point.Size);
            }

            var known = Points.FindIndex(other => other.Size == point.Size && other.Repeat == point.Repeat);
            if (known < 0)
            {
                Points.Add(point);
                Last[point.Repeat] = rows;
            }
            else
            {
                Points[known] = Points[known] with { Training = point.Training, TrainingErrorRate = point.TrainingErrorRate, Seconds = point.Seconds };
            }
        }
    }
}
