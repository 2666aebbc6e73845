using System.Diagnostics;
using System.Globalization;
using Roux.Debugging.Checks;
using Roux.Debugging.Checks.Models;
using Roux.Debugging.Checks.Training;
using Roux.Debugging.Findings;
using Roux.Debugging.Sessions;
using Roux.Debugging.Slices;
using Roux.Learning.AutoML;
using Roux.Learning.Data;
using Roux.Learning.Features;
using Roux.Learning.Learners;
using Roux.Tracking;

namespace Roux.Debugging.Recipe;

/// <summary>
/// Walks the recipe for a model that does not work (after Karpathy, A Recipe for Training Neural Networks, 2019, and Goodfellow, Bengio and Courville 2016, chapter 11):
/// from the simplest thing that can be wrong to the rest, one step at a time. It stops at the first failure, since what comes after it would only show its consequences.
/// </summary>
internal sealed class RecipeWalk(SessionLog log, RecipeSubject subject, Severity failOn)
{
    private const int BatchRows = 200;

    private readonly List<RecipeStep> steps = [];
    private bool ended;

    /// <summary>Walks it.</summary>
    public IReadOnlyList<RecipeStep> Walk()
    {
        Step("start simple", "Are the data fit to learn from at all?", () => Look("the table", TableChecks.All, subject.Table, () => RecipePlots.Answers(subject.Answers)));
        Step("overfit a batch", "Can the learner learn a few rows by heart?", OverfitBatch);
        Step("seeds", "Does the same seed give the same model?", () => Look("repetition", RepeatChecks.All,
            new RepeatSubject(new LearnerRepeat(subject.Learner, subject.Settings, Few(subject.Training), subject.Columns, subject.Answers.Take(FewRows()), Few(subject.Training)), log.Context)));
        Step("input pipeline", "Does the learner get what it is meant to get?", InputPipeline);
        Step("loss and gradients", "Does the loss begin where theory has it, and do gradients reach every layer?", () => LookAtNetwork(TrainingChecks.OfLoss, RecipePlots.Gradients));
        Step("activations and weights", "Are units alive, and do weights change at a sound rate?", () => LookAtNetwork(TrainingChecks.OfWeights, network => RecipePlots.Updates(network, log.Context)));
        Step("learning curves", "Is it bias, variance, or neither?", () => Look("the model", Named("overfit-gap", "high-bias", "unstable-folds", "unstable-seeds", "prediction-collapse", "invalid-predictions"), subject.Model, () => RecipePlots.LearningCurve(subject, log.Context)));
        Step("error analysis", "Where are the errors?", ErrorAnalysis);
        Step("baselines", "Is it better than the simplest thing?", () => Look("baselines", Named("worse-than-baseline"), subject.Model, () => RecipePlots.Rivals(subject.Model)));
        Step("infrastructure", "Does it do in use what it did here?", Infrastructure);
        return steps;
    }

    private static List<Check<ModelSubject>> Named(params string[] names) => [.. ModelChecks.All.Where(check => names.Contains(check.Name))];

    /// <summary>Does a step unless one before it failed.</summary>
    private void Step(string name, string question, Func<Seen?> look)
    {
        var number = steps.Count + 1;
        if (ended)
        {
            steps.Add(new RecipeStep(number, name, question, StepOutcome.NotReached, "", []));
            return;
        }

        Seen? seen = null;
        var started = Stopwatch.GetTimestamp();
        if (!log.Try($"step {number}: {name}", () => seen = look()))
        {
            ended = true;
            steps.Add(new RecipeStep(number, name, question, StepOutcome.NotReached, "the time was up", []));
            return;
        }

        var seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
        if (seen is not { } result)
        {
            steps.Add(new RecipeStep(number, name, question, StepOutcome.Skipped, "the learner has no network to look into", []) { Seconds = seconds });
            return;
        }

        var findings = FindingList.Of(result.Findings, CheckCatalog.All);
        log.Add(findings);
        ended = findings.Any(finding => finding.Severity >= failOn);
        steps.Add(new RecipeStep(number, name, question, ended ? StepOutcome.Failed : StepOutcome.Passed, ended ? findings[0].Message : result.Proof, findings) { Seconds = seconds, Plot = result.Plot });
    }

    private Seen Look<TSubject>(string what, IReadOnlyList<Check<TSubject>> checks, TSubject on, Func<EvidencePlot?>? plot = null)
    {
        var findings = CheckRunner.Run(checks, on, log.Context);
        log.Looked(checks);
        var words = findings.Count == 0 ? "found nothing" : string.Create(CultureInfo.InvariantCulture, $"found nothing that stands in the way ({findings.Count} of less weight)");
        return new Seen(string.Create(CultureInfo.InvariantCulture, $"{Wording.Count(checks.Count, "check")} of {what} {words}"), findings) { Plot = Drawn(plot) };
    }

    /// <summary>A picture, where there is time for it.</summary>
    private static EvidencePlot? Drawn(Func<EvidencePlot?>? plot)
    {
        try
        {
            return plot?.Invoke();
        }
        catch (OperationCanceledException)
        {
            return null; // The next step says that the time was up, or ends with the call.
        }
    }

    private Seen? LookAtNetwork(IReadOnlyList<TrainingCheck> checks, Func<ITrainable, EvidencePlot> plot) =>
        subject.Network is { } network ? Look("the network", checks, network, () => plot(network.Network!)) : null;

    private Seen ErrorAnalysis()
    {
        var seen = Look("errors", Named("weak-slice", "confused-pair", "miscalibrated", "ignored-columns", "feature-dominates", "noise-sensitivity", "order-sensitivity", "classes-swapped", "target-scale"), subject.Model, () => RecipePlots.Errors(subject.Model.Evaluation));
        if (SliceRecord.Of(subject.Model, log.Context) is { } slices)
        {
            log.Keep(SliceRecord.Path, slices);
        }

        return seen;
    }

    private Seen? OverfitBatch()
    {
        if (subject.Network is { } network)
        {
            return Look("the network", [.. TrainingChecks.All.OfType<OverfitBatchCheck>()], network, () => OverfitBatchCheck.Curve(network, log.Context));
        }

        var rows = subject.Training.RowCount <= BatchRows ? Enumerable.Range(0, subject.Training.RowCount).ToArray() : Splitters.Holdout(subject.Answers, (double)BatchRows / subject.Training.RowCount, log.Context.Seed).Test;
        var (table, answers) = (subject.Training.Take(rows), subject.Answers.Take(rows));
        if (answers.Task == TaskKind.Multilabel)
        {
            return new Seen("not done for several labels a row", []);
        }

        var (featurizer, x) = Featurizer.Fit(table, subject.Columns, answers, subject.Learner.Form(answers.Task, subject.Settings), log.Context.Seed, log.Context.Threads, log.Context.Cancellation);
        var model = CrossValidator.Fit(new Candidate(subject.Learner.Card.Name, subject.Learner, subject.Settings), new TrainingSet(x, answers), log.Context.Seed, log.Context.Threads, log.Context.Cancellation);
        var score = ProcedureScore.Of(answers, model.Predict(featurizer.Transform(table, log.Context.Threads, log.Context.Cancellation))).Score;
        var guess = answers.Task == TaskKind.Regression ? 0 : answers.Labels.GroupBy(label => label).Max(group => group.Count()) / (double)answers.Count;
        var words = string.Create(CultureInfo.InvariantCulture, $"{subject.Learner.Card.Name} gets {score:0.0%} of {rows.Length} rows that it was fitted on ({(answers.Task == TaskKind.Regression ? "share of the variance; the mean gets 0%" : $"the commonest class is {guess:0.0%} of them")})");
        return new Seen(words, score > guess ? [] :
        [
            new Finding("overfit-batch", Severity.High, words + ": it cannot learn them even by heart")
            {
                Cause = "The learner gets features that have nothing to do with the answers (other rows, constants), is held back by its settings, or the answers do not depend on any column.",
                Fix = "Look at the features of ten rows beside their answers; loosen penalties and limits until a handful of rows is learned by heart.",
                Verify = "Nearly all rows of the batch are right.",
            },
        ]) { Plot = RecipePlots.ByHeart(score, guess) };
    }

    private Seen? InputPipeline()
    {
        var before = log.Count;
        ModelLook.AtInputs(log, subject.Pipeline, subject.Training, subject.Evaluation);
        var received = log.Since(before);
        var learner = Look("the learner", LearnerChecks.All, LearnerSubject.Of(subject.Learner, subject.Training, subject.Columns, subject.Answers, log.Context, subject.Settings, others: subject.Evaluation));
        return new Seen("what the learner receives is what it is made for: nothing missing, constant, shifted or out of scale", [.. received, .. learner.Findings]);
    }

    private Seen? Infrastructure()
    {
        var before = log.Count;
        ModelLook.AtUse(log, subject.Pipeline, subject.Evaluation);
        if (!ProcedureSubject.Suits(subject.Learner, subject.Answers.Task, subject.Settings))
        {
            return new Seen("saved and loaded, one by one and together, it answers the same (no made-up task for a learner that reads texts alone)", log.Since(before));
        }

        var made = Look("made-up tasks", ProcedureChecks.All, ProcedureSubject.Of(subject.Learner, subject.Answers.Task, subject.Settings, log.Context));
        return new Seen("saved and loaded, one by one and together, it answers the same; a task of known answer is solved", [.. log.Since(before), .. made.Findings]);
    }

    private int[] FewRows() => subject.Training.RowCount <= 2000 ? [.. Enumerable.Range(0, subject.Training.RowCount)] : [.. Enumerable.Range(0, 2000).Select(i => (int)((long)i * subject.Training.RowCount / 2000))];

    private Table Few(Table table) => table.Take(FewRows());

    /// <summary>What was seen in a step.</summary>
    private sealed record Seen(string Proof, IReadOnlyList<Finding> Findings)
    {
        public EvidencePlot? Plot { get; init; }
    }
}
