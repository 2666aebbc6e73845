using System.Globalization;
using Roux.Debugging.Behaviour;
using Roux.Debugging.Checks;
using Roux.Debugging.Findings;
using Roux.Debugging.Labels;
using Roux.Debugging.Slices;
using Roux.Learning.AutoML;
using Roux.Learning.Data;
using Roux.Learning.Data.Corrections;
using Roux.Learning.Evaluation;

namespace Roux.Debugging.Sessions;

/// <summary>Looks at a table, and at a model that is fitted to it in little time: what <c>roux debug DATA</c> does.</summary>
public static class TableSession
{
    /// <summary>Reads the data as a development would, and looks.</summary>
    /// <param name="data">What to read, what to predict, and what is known of it.</param>
    /// <param name="options">How to go about it.</param>
    /// <param name="behaviour">What the user demands of the model's behaviour; <c>null</c> for nothing.</param>
    /// <exception cref="DataException">The data cannot be used; the message says why and what to do.</exception>
    /// <exception cref="OperationCanceledException">Asked to stop.</exception>
    public static DebugResult Run(DevelopOptions data, SessionOptions options, BehaviourSuite? behaviour = null)
    {
        ArgumentNullException.ThrowIfNull(data);
        ArgumentNullException.ThrowIfNull(options);
        using var log = new SessionLog(options.Context, options.TimeBudget, options.Clock, options.Progress);
        options.Progress("reading the data");
        var training = Read(data.DataPath, data, log);
        var test = data.TestPath is { } path ? Read(path, data, log) : null;
        var subject = TableSubject.Of(training.Table, data.Target, Known(data, test), options.Context.Cancellation);
        log.Look("the table", TableChecks.All, subject);
        if (subject.LabelReview is { } review)
        {
            log.Keep(LabelList.Path, review.ToJson(subject, DevelopJournal.DatasetOf(training, data.DataPath, subject.Columns)));
        }

        if (subject.Target is { Count: > 0 } && DevelopInputsOf(data, log) is { } inputs)
        {
            LookAtModel(log, inputs, data, behaviour);
        }

        List<string> facts = [string.Create(CultureInfo.InvariantCulture, $"{training.Table.RowCount:N0} rows, {training.Table.Columns.Count:N0} columns")];
        if (test is not null)
        {
            facts.Add(string.Create(CultureInfo.InvariantCulture, $"{test.Table.RowCount:N0} test rows"));
        }

        return log.Finish(SubjectOf(data), facts, options.Suppressions);
    }

    /// <summary>What a session about a table calls its subject: the target and the name of the file.</summary>
    public static string SubjectOf(DevelopOptions data)
    {
        ArgumentNullException.ThrowIfNull(data);
        return $"{data.Target} from {Path.GetFileName(data.DataPath)}";
    }

    /// <summary>What a development is told of its data, as the checks of tables are told it.</summary>
    internal static TableOptions Known(DevelopOptions data, LoadedTable? test) => new()
    {
        Test = test?.Table,
        TestDigest = test?.Digest,
        Task = data.Task,
        Separator = data.Separator,
        Roles = data.Roles,
        Drop = data.Drop,
        GroupColumn = data.GroupColumn,
        TimeColumn = data.TimeColumn,
    };

    private static void LookAtModel(SessionLog log, DevelopInputs inputs, DevelopOptions data, BehaviourSuite? behaviour)
    {
        QuickModel? quick = null;
        ModelSubject? model = null;
        var metric = Development.HeadlineMetric(data, inputs.Task);
        if (!log.Try("a quick model", () =>
        {
            quick = QuickModel.Fit(inputs, data, metric, log.Context);
            model = ModelSubject.Of(quick.Pipeline, quick.Training, inputs.Test, metric, rivals: true, log.Context) with
            {
                FoldScores = quick.FoldScores,
                FoldRows = quick.FoldRows,
                TestTrainRatio = quick.TestTrainRatio,
                Behaviour = behaviour,
            };
        }))
        {
            return;
        }

        log.Note($"the model that was looked at: {quick!.Pipeline.Name}, fitted on {quick.Training.RowCount.ToString("N0", CultureInfo.InvariantCulture)} rows with its usual settings, judged on {inputs.Test.RowCount.ToString("N0", CultureInfo.InvariantCulture)} others");
        ModelLook.AtInputs(log, quick.Pipeline, quick.Training, inputs.Test);
        ModelLook.AtAnswers(log, model!);
        log.Try("weak slices", () =>
        {
            if (SliceRecord.Of(model!, log.Context) is { } slices)
            {
                log.Keep(SliceRecord.Path, slices);
            }
        });
        ModelLook.AtUse(log, quick.Pipeline, inputs.Test);
        ModelLook.AtLearner(log, LearnerSubject.Of(quick.Learner, quick.Training, inputs.FeatureColumns, quick.Answers, log.Context, quick.Settings, others: data.TestPath is null ? null : inputs.Test));
        ModelLook.AtRepetition(log, quick.Learner, quick.Settings, quick.Training, inputs.FeatureColumns, quick.Answers);
    }

    /// <summary>The rows parted as a development parts them; <c>null</c> where no model can be fitted to them, which a note says.</summary>
    private static DevelopInputs? DevelopInputsOf(DevelopOptions data, SessionLog log)
    {
        try
        {
            return DevelopInputs.Read(data, _ => { }, log.Context.Cancellation);
        }
        catch (DataException e)
        {
            log.Note($"no model was looked at: {e.Message}");
            return null;
        }
        catch (OperationCanceledException) when (log.Left == 0)
        {
            log.Note("no model was looked at for want of time; a longer --time-budget gives it some");
            return null;
        }
    }

    private static LoadedTable Read(string path, DevelopOptions data, SessionLog log)
    {
        var loaded = TableReader.Read(path, new ReadOptions { Sql = data.Sql }, log.Context.Cancellation);
        foreach (var warning in loaded.Warnings)
        {
            log.Note($"{loaded.Table.Name}: {warning}");
        }

        return loaded;
    }
}
