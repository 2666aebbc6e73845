using Roux.Learning.Data;
using Roux.Learning.Evaluation.Statistics;

namespace Roux.Learning.Evaluation.Annotations;

/// <summary>Scores annotators as if they were models.</summary>
public static class HumanPerformance
{
    /// <summary>With more annotators than this, the consensus of the others comes from the model of all: one among many moves it little.</summary>
    private const int MostRefits = 20;

    /// <summary>
    /// The metric to compare people and models by. People name a class and give no probability, so metrics of probabilities and of order
    /// give way to one of decisions: areas to balanced accuracy, the others to accuracy.
    /// </summary>
    /// <param name="headline">The metric that models are ranked by.</param>
    /// <param name="task">Binary, multiclass or regression.</param>
    public static Metric Comparable(Metric headline, TaskKind task) =>
        task == TaskKind.Regression || headline is ClassCountMetric ? headline
        : Metrics.Find(headline.Name is "roc_auc" or "average_precision" || headline is PairwiseAreaMetric ? "balanced_accuracy" : "accuracy");

    /// <summary>
    /// Each annotator against the consensus of the others, in whose making they had no part: Dawid and Skene's for classes, the mean
    /// for numbers. The consensus errs too, so this is somewhat worse than the truth would have it, the more so the fewer the others.
    /// </summary>
    /// <param name="set">The annotations.</param>
    /// <param name="metric">One of decisions or numbers, see <see cref="Comparable"/>.</param>
    /// <param name="cancellation">Asks to stop.</param>
    public static HumanScore LeaveOneOut(AnnotationSet set, Metric metric, CancellationToken cancellation = default) => LeaveOneOut(set, Others(set, cancellation), metric);

    /// <summary>The same with the consensus of the others at hand.</summary>
    internal static HumanScore LeaveOneOut(AnnotationSet set, double[][] others, Metric metric)
    {
        AnnotatorScore[] scores = [.. others.Select((consensus, annotator) => Score(set, annotator, consensus, metric))];
        return new HumanScore(metric, Summarise(scores, metric), scores, set.IsNumeric ? "mean of the others" : "consensus of the others");
    }

    /// <summary>For each annotator what the others say of the items that the annotator labelled; NaN elsewhere and where the others say nothing.</summary>
    internal static double[][] Others(AnnotationSet set, CancellationToken cancellation)
    {
        if (set.IsNumeric)
        {
            return OtherMeans(set);
        }

        var others = new double[set.Annotators.Count][];
        var all = others.Length > MostRefits ? DawidSkene.Fit(set, cancellation) : null;
        Parallel.For(0, others.Length, new ParallelOptions { CancellationToken = cancellation, MaxDegreeOfParallelism = Environment.ProcessorCount }, annotator =>
            others[annotator] = all?.ConsensusWithout(annotator) ?? DawidSkene.Fit(set.Without(annotator), cancellation).Consensus().Values);
        return others;
    }

    private static double[][] OtherMeans(AnnotationSet set)
    {
        var others = set.Annotators.Select(_ => new double[set.Items.Count]).ToArray();
        for (var item = 0; item < set.Items.Count; item++)
        {
            var (sum, count) = (0.0, 0);
            foreach (var rating in set.Of(item))
            {
                sum += double.IsNaN(rating) ? 0 : rating;
                count += double.IsNaN(rating) ? 0 : 1;
            }

            for (var annotator = 0; annotator < others.Length; annotator++)
            {
                others[annotator][item] = double.IsNaN(set[item, annotator]) || count < 2 ? double.NaN : (sum - set[item, annotator]) / (count - 1);
            }
        }

        return others;
    }

    /// <summary>Each annotator against known answers.</summary>
    /// <param name="set">The annotations.</param>
    /// <param name="answers">One per item of the set: the index of a class, or a number; NaN where it is not known.</param>
    /// <param name="metric">One of decisions or numbers, see <see cref="Comparable"/>.</param>
    /// <param name="reference">What the answers are called.</param>
    public static HumanScore Against(AnnotationSet set, double[] answers, Metric metric, string reference)
    {
        AnnotatorScore[] scores = [.. Enumerable.Range(0, set.Annotators.Count).Select(annotator => Score(set, annotator, answers, metric))];
        return new HumanScore(metric, Summarise(scores, metric), scores, reference);
    }

    private static AnnotatorScore Score(AnnotationSet set, int annotator, double[] answers, Metric metric)
    {
        int[] items = [.. Enumerable.Range(0, set.Items.Count).Where(item => !double.IsNaN(answers[item]) && !double.IsNaN(set[item, annotator]))];
        if (items.Length == 0)
        {
            return new AnnotatorScore(set.Annotators[annotator], 0, double.NaN);
        }

        if (set.IsNumeric)
        {
            var numbers = Target.Regression(Array.ConvertAll(items, item => answers[item]));
            return new AnnotatorScore(set.Annotators[annotator], items.Length, metric.Compute(numbers, new Predictions(TaskKind.Regression, 1, Array.ConvertAll(items, item => set[item, annotator]))));
        }

        var width = set.Classes.Length;
        var values = new double[items.Length * width];
        for (var i = 0; i < items.Length; i++)
        {
            values[i * width + set.Label(items[i], annotator)] = 1;
        }

        var y = Target.Classification(Array.ConvertAll(items, item => (int)answers[item]), set.Classes);
        return new AnnotatorScore(set.Annotators[annotator], items.Length, metric.Compute(y, new Predictions(y.Task, width, values)));
    }

    /// <summary>The mean weighted by items, with Student's interval over the jackknife's pseudo-values that leave out one annotator at a time (Tukey 1958).</summary>
    private static Interval Summarise(IReadOnlyList<AnnotatorScore> scores, Metric metric)
    {
        var known = scores.Where(score => !double.IsNaN(score.Score)).ToArray();
        if (known.Length == 0)
        {
            return new Interval(double.NaN, double.NaN, double.NaN, "none: no annotator could be scored");
        }

        double total = known.Sum(score => (double)score.Items), sum = known.Sum(score => score.Items * score.Score);
        var mean = sum / total;
        if (known.Length < 2)
        {
            return new Interval(mean, double.NaN, double.NaN, "none: one annotator only");
        }

        double count = known.Length;
        var pseudo = known.Select(score => count * mean - (count - 1) * (sum - score.Items * score.Score) / (total - score.Items)).ToArray();
        var centre = pseudo.Average();
        var error = Math.Sqrt(pseudo.Sum(value => (value - centre) * (value - centre)) / (count * (count - 1)));
        var half = Tails.StudentQuantileTwoSided(0.05, count - 1) * error;
        return new Interval(mean, Math.Max(metric.Range.Low, mean - half), Math.Min(metric.Range.High, mean + half), $"jackknife over {known.Length} annotators");
    }
}
