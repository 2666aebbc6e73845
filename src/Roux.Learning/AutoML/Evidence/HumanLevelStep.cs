using System.Globalization;
using System.Text.Json.Nodes;
using Roux.Learning.Data;
using Roux.Learning.Evaluation;
using Roux.Learning.Evaluation.Annotations;
using Roux.Tracking;

namespace Roux.Learning.AutoML;

/// <summary>Compares people with models. Cheap: nothing is fitted but the model of the annotators.</summary>
internal static class HumanLevelStep
{
    /// <summary>From this share of equal answers on, a target is taken for the annotators' own consensus: good annotators agree with the truth often, but not always.</summary>
    private const double SameAsConsensus = 0.999;

    private const int Resamples = 500;
    private const long Moment = 2_000_000;

    public static HumanLevel? Of(EvidenceContext context, double seconds)
    {
        if (context.Inputs.Annotations is not { } annotations)
        {
            return null;
        }

        var (development, test) = (annotations.Of(context.Inputs.Development), annotations.Of(context.Inputs.Test));
        if (Joined(development, test, context.Inputs.Development.RowCount) is not { } set)
        {
            context.Note("people were not compared with models: no row with an answer has labels of two annotators");
            return null;
        }

        // What was asked for and takes a moment is done even when the time is up.
        if (seconds <= 0 && (long)set.Ratings.Length * set.Annotators.Count > Moment)
        {
            context.Note("people were not compared with models: no time was left");
            return null;
        }

        var metric = HumanPerformance.Comparable(context.Metric, context.Inputs.Task);
        var study = AnnotationStudy.Of(set, metric, seed: Seeds.Derive(context.Options.Seed, "annotations"), cancellation: CancellationToken.None);
        var answers = Array.ConvertAll(set.Rows, row => Answer(context.Inputs, row));
        var own = IsConsensus(study, answers);
        var human = own ? study.Human : HumanPerformance.Against(set, answers, metric, $"'{context.Options.Target}'");
        var (final, finalRows) = Final(context, test, metric);
        var level = new HumanLevel
        {
            Study = study,
            Human = human,
            Error = set.IsNumeric ? human.Error : (own ? study.Plain : HumanPerformance.Against(set, answers, study.Plain.Metric, human.Reference)).Error,
            TargetIsConsensus = own,
            Rows = set.Items.Count,
            Candidates = Candidates(context, annotations, metric),
            Final = final,
            FinalRows = finalRows,
        };
        return level with { Findings = [.. Findings(level, context.Winner.Name)] };
    }

    /// <summary>Development rows first, then the final ones; <c>null</c> where too few can be compared.</summary>
    private static AnnotationSet? Joined(AnnotationSet? development, AnnotationSet? test, int developmentRows)
    {
        var shifted = test is null ? null : new AnnotationSet(test.Items, test.Annotators, test.Classes, test.Ratings, Array.ConvertAll(test.Rows, row => row + developmentRows));
        var joined = development is null || shifted is null ? development ?? shifted : Concatenate(development, shifted);
        return joined is not null && Enumerable.Range(0, joined.Items.Count).Any(item => joined.Of(item).ToArray().Count(rating => !double.IsNaN(rating)) > 1) ? joined : null;
    }

    private static AnnotationSet Concatenate(AnnotationSet a, AnnotationSet b)
    {
        string[] annotators = [.. a.Annotators.Union(b.Annotators, StringComparer.Ordinal)];
        IEnumerable<double> Ratings(AnnotationSet set)
        {
            var places = Array.ConvertAll(annotators, name => set.Annotators.ToList().IndexOf(name));
            return Enumerable.Range(0, set.Items.Count).SelectMany(item => places.Select(place => place < 0 ? double.NaN : set[item, place]));
        }

        return new AnnotationSet([.. a.Items, .. b.Items], annotators, a.Classes, [.. Ratings(a), .. Ratings(b)], [.. a.Rows, .. b.Rows]);
    }

    private static double Answer(DevelopInputs inputs, int row)
    {
        var (target, place) = row < inputs.DevelopmentTarget.Count ? (inputs.DevelopmentTarget, row) : (inputs.TestTarget, row - inputs.DevelopmentTarget.Count);
        return target.Task == TaskKind.Regression ? target.Values[place] : target.Labels[place];
    }

    private static bool IsConsensus(AnnotationStudy study, double[] answers)
    {
        var set = study.Set;
        double vote = 0, consensus = 0, compared = 0;
        for (var item = 0; item < answers.Length; item++)
        {
            if (!study.Vote.Tied[item] && set.Of(item).ToArray().Count(rating => !double.IsNaN(rating)) > 1)
            {
                compared++;
                vote += Math.Abs(study.Vote.Values[item] - answers[item]) <= 1e-3 * Math.Max(1, Math.Abs(answers[item])) ? 1 : 0; // means may have been rounded
                consensus += study.Consensus.Values[item] == answers[item] ? 1 : 0;
            }
        }

        return compared > 0 && Math.Max(vote, consensus) / compared >= SameAsConsensus;
    }

    private static List<HumanComparison> Candidates(EvidenceContext context, DevelopAnnotations annotations, Metric metric)
    {
        var annotated = (annotations.Of(context.Plan.Table)?.Rows ?? []).ToHashSet();
        var compared = new List<HumanComparison>();
        foreach (var row in context.Board.Rows)
        {
            if (OutOfFold.Of(row.Result, context.Plan) is not { } held)
            {
                continue;
            }

            int[] places = [.. Enumerable.Range(0, held.Rows.Length).Where(i => annotated.Contains(held.Rows[i]))];
            var score = places.Length == 0 ? new Interval(double.NaN, double.NaN, double.NaN, "none: no annotated row")
                : ConfidenceIntervals.Of(metric, held.Target.Take(places), held.Predictions.Take(places), seed: Seeds.Derive(context.Options.Seed, "human"), options: new BootstrapOptions { MaxResamples = Resamples });
            compared.Add(new HumanComparison(row.Result.Name, row.Interval, score, places.Length));
        }

        return compared;
    }

    private static (double Score, int Rows) Final(EvidenceContext context, AnnotationSet? test, Metric metric)
    {
        if (test is null || test.Rows.Length == 0)
        {
            return (double.NaN, 0);
        }

        var predictions = context.Pipeline.Predict(context.Inputs.Test.Take(test.Rows), CancellationToken.None);
        return (metric.Compute(context.Inputs.TestTarget.Take(test.Rows), predictions), test.Rows.Length);
    }

    private static IEnumerable<Finding> Findings(HumanLevel level, string winner)
    {
        var model = level.Candidates.FirstOrDefault(candidate => candidate.Name == winner);
        var (human, metric) = (level.Human.Score, level.Human.Metric);
        if (model is null || double.IsNaN(model.SameRows.Estimate) || double.IsNaN(human.Estimate))
        {
            yield break;
        }

        string Figure(double value) => DevelopVerdict.Figure(value);
        var range = double.IsNaN(human.Low) ? "" : $" ({Figure(human.Low)} to {Figure(human.High)})";
        var where = human.Contains(model.SameRows.Estimate) ? "as well as people do" : metric.IsBetter(model.SameRows.Estimate, human.Estimate) ? "better than people do" : "worse than people do";
        yield return new Finding("human-level", Severity.Info, $"{winner} does {where}: {Figure(model.SameRows.Estimate)} {metric.Title} on {model.Rows.ToString("N0", CultureInfo.InvariantCulture)} annotated rows, people {Figure(human.Estimate)}{range}.")
        {
            Evidence = new JsonObject { ["metric"] = metric.Name, ["human"] = human.Estimate, ["human_low"] = Finite(human.Low), ["human_high"] = Finite(human.High), ["winner"] = model.SameRows.Estimate, ["rows"] = model.Rows },
            Cause = where.StartsWith("better", StringComparison.Ordinal) ? "Annotators err where the target does not, or a column tells the answer (a leak)." : "",
            Fix = where.StartsWith("worse", StringComparison.Ordinal) ? "Look at rows that people get right and the model does not: what do they see that no column holds?" : "",
            Verify = "The interval is over annotators: more of them narrow it.",
        };
        var alpha = level.Study.Agreement.Alpha[0].Alpha;
        if (alpha.Estimate < 0.667)
        {
            yield return new Finding("annotators-disagree", alpha.Estimate < 0.4 ? Severity.Medium : Severity.Low, $"Annotators agree little: Krippendorff's alpha is {Figure(alpha.Estimate)} (below 0.667, the least for tentative conclusions).")
            {
                Evidence = new JsonObject { ["alpha"] = alpha.Estimate, ["low"] = Finite(alpha.Low), ["high"] = Finite(alpha.High) },
                Cause = "Labels are ambiguous, the instructions are unclear, or some annotators are careless.",
                Fix = "Discuss the items most disagreed on, sharpen the instructions, label anew what matters.",
                Verify = "Run roux agreement on the new labels: alpha rises above 0.667, better above 0.8 (Krippendorff 2004, chapter 11).",
            };
        }
    }

    private static JsonValue? Finite(double value) => double.IsFinite(value) ? JsonValue.Create(value) : null;
}
