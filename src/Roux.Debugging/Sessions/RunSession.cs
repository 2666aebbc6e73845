using System.Globalization;
using System.Text.Json.Nodes;
using Roux.Debugging.Checks;
using Roux.Debugging.Checks.Training;
using Roux.Debugging.Findings;
using Roux.Debugging.Signals;
using Roux.Learning.AutoML;
using Roux.Learning.Data;
using Roux.Learning.Pipelines;
using Roux.Tracking;

namespace Roux.Debugging.Sessions;

/// <summary>Looks at a tracked run: at what was found while it ran, at the signals of its training, and, of a development, at its data and its model. What <c>roux debug --run RUN</c> does.</summary>
public static class RunSession
{
    private const string ModelFile = "model/model.roux";

    /// <summary>Looks.</summary>
    /// <param name="tracker">A store or a server.</param>
    /// <param name="run">The run.</param>
    /// <param name="options">How to go about it.</param>
    /// <exception cref="OperationCanceledException">Asked to stop.</exception>
    public static DebugResult Run(Tracker tracker, RunRecord run, SessionOptions options)
    {
        ArgumentNullException.ThrowIfNull(tracker);
        ArgumentNullException.ThrowIfNull(run);
        ArgumentNullException.ThrowIfNull(options);
        using var log = new SessionLog(options.Context, options.TimeBudget, options.Clock, options.Progress);
        log.Add(run.Findings);
        LookAtSignals(log, tracker, run, options);
        if (run.Tags.GetValueOrDefault("roux.verb") == "develop")
        {
            LookAtDevelopment(log, tracker, run);
        }

        List<string> facts = [$"run {run.Id[..8]}", run.Status.ToString().ToLowerInvariant(), string.Create(CultureInfo.InvariantCulture, $"{run.Metrics.Count} metrics")];
        return log.Finish(run.Name, facts, options.Suppressions);
    }

    private static void LookAtSignals(SessionLog log, Tracker tracker, RunRecord run, SessionOptions options)
    {
        log.Try("the signals of the training", () =>
        {
            var signals = TrainingSignals.Read(tracker, run.Id, options.Clock, log.Context.Cancellation);
            if (!signals.IsEmpty)
            {
                log.Look("the training", signals.IsRunning ? TrainingChecks.Live : TrainingChecks.OfCurves, new TrainingSubject { Signals = signals });
            }
        });
    }

    private static void LookAtDevelopment(SessionLog log, Tracker tracker, RunRecord run)
    {
        if (Places(run) is not { } data)
        {
            log.Note("the data of the run are not where they were, so data and model are not looked at; bring them back, or: roux debug DATA --target COL");
            return;
        }

        Table? table = null, test = null;
        TableSubject? subject = null;
        if (!log.Try("reading the data", () =>
        {
            var training = TableReader.Read(data.Training, new ReadOptions(), log.Context.Cancellation);
            var other = data.Test is null ? null : TableReader.Read(data.Test, new ReadOptions(), log.Context.Cancellation);
            (table, test) = (training.Table, other?.Table);
            if (run.Datasets.Any(input => input.Dataset.Source == data.Training && input.Dataset.Digest != training.Digest))
            {
                log.Note($"{Path.GetFileName(data.Training)} has changed since the run");
            }

            subject = TableSubject.Of(table, data.Target, new TableOptions { Test = test, Drop = data.Drop, Roles = data.Roles }, log.Context.Cancellation);
        }))
        {
            return;
        }

        log.Look("the table", TableChecks.All, subject!);
        LookAtModel(log, tracker, run, table!, test);
    }

    private static void LookAtModel(SessionLog log, Tracker tracker, RunRecord run, Table table, Table? test)
    {
        Pipeline? pipeline = null;
        ModelSubject? model = null;
        if (!tracker.ListArtifacts(run.Id).Any(file => file.Path == ModelFile) || !log.Try("the model", () =>
        {
            pipeline = Pipeline.Load(tracker.ArtifactFile(run.Id, ModelFile));
            if (test is not null)
            {
                model = ModelSubject.Of(pipeline, table, test, null, rivals: true, log.Context);
            }
        }))
        {
            log.Note("the run holds no model to look at");
            return;
        }

        if (model is null)
        {
            log.Note("the model is not judged: without a test file its final rows are not kept apart from the others; roux debug DATA --target COL judges one that is fitted anew");
        }
        else
        {
            ModelLook.AtAnswers(log, model);
        }

        ModelLook.AtUse(log, pipeline!, test ?? table);
        ModelLook.AtLearner(log, LearnerSubject.Of(pipeline!, table, test, log.Context));
    }

    /// <summary>Where the data of a development lie, if they still do, and what it was told of them.</summary>
    private static (string Training, string? Test, string Target, IReadOnlyList<string> Drop, IReadOnlyDictionary<string, string> Roles)? Places(RunRecord run)
    {
        var training = run.Datasets.FirstOrDefault(input => input.Context is "all" or "training")?.Dataset;
        var test = run.Datasets.FirstOrDefault(input => input.Context == "testing")?.Dataset;
        if (training?.Source is not { } path || !File.Exists(path) || run.Params.GetValueOrDefault("target") is not { } target)
        {
            return null;
        }

        var columns = training.Schema is { } schema && JsonNode.Parse(schema) is JsonArray array ? array.OfType<JsonObject>().ToArray() : [];
        var ignored = columns.Where(column => (string?)column["role"] == "ignore").Select(column => (string?)column["name"]).OfType<string>().ToArray();
        return (path, test?.Source is { } other && File.Exists(other) ? other : null, target, ignored, new Dictionary<string, string>());
    }
}
