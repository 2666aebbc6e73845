using System.Text.Json.Nodes;
using Roux.Debugging.Findings;
using Roux.Learning.AutoML;
using Roux.Learning.Evaluation;
using Roux.Learning.Learners.Baselines;
using Roux.Tracking;

namespace Roux.Debugging.Checks.Models;

/// <summary>Whether a simpler model, or none at all, would do.</summary>
public sealed class WorseThanBaseline : Check<ModelSubject>
{
    private static readonly Threshold Lost = new("lost-share", 0.2, "share of what the simpler model gains over a constant that this model loses: at least, for medium severity", "a fifth of the signal in the data; below that a simpler model that suits the data better is common and harmless");

    /// <inheritdoc/>
    public override string Name => "worse-than-baseline";

    /// <inheritdoc/>
    public override string Definition => "A paired bootstrap interval (95%, Efron 1987) of the gain over a baseline on the same rows lies below zero; or the model is not told apart from a constant.";

    /// <inheritdoc/>
    public override IReadOnlyList<Threshold> Thresholds => [Lost];

    /// <inheritdoc/>
    public override IReadOnlyList<string> Explains => ["test-set-too-small"];

    /// <inheritdoc/>
    public override IEnumerable<Finding> Run(ModelSubject subject, CheckContext context)
    {
        var (y, p) = (subject.Evaluation.Answers, subject.Evaluation.Predictions);
        if (y.Count < 20 || subject.Pipeline?.Members.All(member => member.Model is ConstantModel) == true)
        {
            yield break;
        }

        var score = subject.Metric.Compute(y, p);
        var trivial = ModelScores.Trivial(subject);
        if (!double.IsFinite(score) || !double.IsFinite(trivial))
        {
            yield break;
        }

        var gain = ModelScores.Gain(subject, p, subject.Trivial, context);
        if (gain.Low <= 0)
        {
            yield return AgainstNothing(subject, score, trivial, gain);
            yield break;
        }

        var rivals = ModelScores.Rivals(subject);
        var better = rivals.Where(pair => subject.Metric.IsBetter(pair.Score, score)).ToArray();
        if (better.Length > 0 && ModelScores.Gain(subject, p, better[0].Rival.Predictions!, context) is { High: < 0 } loss)
        {
            var (rival, best) = better[0];
            var lost = ModelScores.Better(subject.Metric, best, score) / Math.Max(ModelScores.Better(subject.Metric, best, trivial), 1e-12);
            yield return Against(subject, rival.Name, score, best, lost, loss, lost >= context.Value(Name, Lost) ? Severity.Medium : Severity.Low, [("constant", trivial), .. rivals.Select(pair => (pair.Rival.Name, pair.Score))]);
            yield break;
        }

        foreach (var finding in OnFolds(subject))
        {
            yield return finding;
        }
    }

    private Finding AgainstNothing(ModelSubject subject, double score, double trivial, Interval gain)
    {
        var worse = gain.High < 0;
        return new Finding(Name, worse ? Severity.High : Severity.Medium, worse
            ? $"The model is worse than always saying the same: {Say(score)} {subject.Metric.Title} against {Say(trivial)} on {subject.Evaluation.Count:N0} rows."
            : $"The model cannot be told apart from always saying the same: {Say(score)} {subject.Metric.Title} against {Say(trivial)} on {subject.Evaluation.Count:N0} rows.")
        {
            Evidence = Evidence(score, trivial, gain, [("constant", trivial)], subject),
            Cause = worse ? "Labels do not belong to their rows, classes are in another order than the outputs, evaluation rows are prepared in another way than training rows, or the model learned noise by heart."
                : "The features say nothing of the target, labels do not belong to their rows, the model was not trained, or there are too few rows to tell.",
            Fix = "Compare a few rows by hand: features, label, prediction. Check that labels and features were not shuffled apart and that evaluation rows go through the very same preparation.",
            Verify = "The interval of the gain over the constant lies above zero.",
        };
    }

    private Finding Against(ModelSubject subject, string rival, double score, double best, double lost, Interval gain, Severity severity, IReadOnlyList<(string, double)> all) => new(Name, severity,
        $"A simpler model does better: {rival} scores {Say(best)} {subject.Metric.Title}, this one {Say(score)} on the same {subject.Evaluation.Count:N0} rows.")
    {
        Evidence = Evidence(score, best, gain, all, subject, lost),
        Cause = "The model overfits, is regularised too much, was not trained to the end, or does not get all the columns that the simpler one sees.",
        Fix = $"Use {rival}, or find out what it sees that this model does not: start from it and add one thing at a time.",
        Verify = $"The paired difference to {rival} lies above zero.",
    };

    /// <summary>Where a rival's predictions are not known: by the scores on the same folds (Nadeau and Bengio 2003).</summary>
    private IEnumerable<Finding> OnFolds(ModelSubject subject)
    {
        var known = subject.Rivals.Where(rival => rival.Predictions is null && rival.FoldScores.Count == subject.FoldScores.Count && subject.FoldScores.Count >= 3)
            .Select(rival => (rival, Gain: ConfidenceIntervals.OfMean([.. subject.FoldScores.Zip(rival.FoldScores, (own, other) => ModelScores.Better(subject.Metric, own, other))], subject.TestTrainRatio)))
            .Where(pair => pair.Gain.High < 0).OrderBy(pair => pair.Gain.Estimate).ToArray();
        if (known.Length > 0)
        {
            var (rival, gain) = known[0];
            yield return Against(subject, rival.Name, subject.FoldScores.Average(), rival.FoldScores.Average(), double.NaN, gain, rival.Trivial ? Severity.High : Severity.Low, []);
        }
    }

    private static JsonObject Evidence(double score, double other, Interval gain, IReadOnlyList<(string Name, double Score)> all, ModelSubject subject, double lost = double.NaN)
    {
        (string Name, double Score)[] bars = [(subject.Name, score), .. all.Take(18)];
        return new JsonObject
        {
            ["metric"] = subject.Metric.Name,
            ["score"] = score,
            ["baseline"] = other,
            ["gain"] = gain.Estimate,
            ["gain_low"] = double.IsFinite(gain.Low) ? gain.Low : null,
            ["gain_high"] = double.IsFinite(gain.High) ? gain.High : null,
            ["lost_share"] = double.IsFinite(lost) ? lost : null,
            [EvidencePlot.Key] = new EvidencePlot(PlotKind.Bar, $"{subject.Metric.Title} of this model and of simpler ones", "model", subject.Metric.Title, [new PlotSeries("score", [], [.. bars.Select(bar => bar.Score)])]) { Labels = [.. bars.Select(bar => bar.Name)] }.ToJson(),
        };
    }

    private static string Say(double value) => DevelopVerdict.Figure(value);
}
