using Roux.Debugging.Checks;
using Roux.Debugging.Checks.Models;
using Roux.Debugging.Checks.Pipelines;
using Roux.Learning.Data;
using Roux.Learning.Learners;
using Roux.Learning.Pipelines;
using Roux.Tuning;

namespace Roux.Debugging.Sessions;

/// <summary>Looks at a model from all sides: its answers, its use, its learner, its repetition.</summary>
internal static class ModelLook
{
    private const int MostRows = 2000;

    /// <summary>Checks of the model and its evaluation.</summary>
    public static void AtAnswers(SessionLog log, ModelSubject subject) => log.Look("the model", ModelChecks.All, subject);

    /// <summary>Checks of what the members of the model receive.</summary>
    public static void AtInputs(SessionLog log, Pipeline pipeline, Table training, Table? others)
    {
        IReadOnlyList<InputSubject> inputs = [];
        log.Try("what the learner receives", () => inputs = InputSubject.Of(pipeline, training, others, log.Context));
        foreach (var input in inputs)
        {
            log.Look("what the learner receives", InputChecks.All, input);
        }
    }

    /// <summary>Checks of the model as it is used: saved and loaded, asked in parts.</summary>
    public static void AtUse(SessionLog log, Pipeline pipeline, Table rows)
    {
        var file = Path.Combine(Path.GetTempPath(), $"roux-debug-{Guid.NewGuid():N}.roux");
        try
        {
            Pipeline? loaded = null;
            if (!log.Try("saving and loading the model", () =>
            {
                pipeline.Save(file);
                loaded = Pipeline.Load(file);
            }))
            {
                return;
            }

            var sample = Sample(rows);
            log.Look("the model in use", DeploymentChecks.All, new DeploymentSubject
            {
                Name = pipeline.Name,
                Rows = sample,
                Predict = table => pipeline.Predict(table, log.Context.Cancellation),
                Loaded = table => loaded!.Predict(table, log.Context.Cancellation),
            });
        }
        finally
        {
            File.Delete(file);
        }
    }

    /// <summary>Checks of what the learner takes for granted.</summary>
    public static void AtLearner(SessionLog log, LearnerSubject? subject)
    {
        if (subject is not null)
        {
            log.Look("the learner", LearnerChecks.All, subject);
        }
    }

    /// <summary>Checks of repetitions and of made-up tasks.</summary>
    public static void AtRepetition(SessionLog log, Learner learner, Configuration settings, Table training, IReadOnlyList<ColumnSpec> columns, Target answers)
    {
        var rows = Rows(training.RowCount);
        var (table, known) = (training.Take(rows), answers.Take(rows));
        if (ProcedureSubject.Suits(learner, answers.Task, settings))
        {
            log.Look("made-up tasks", ProcedureChecks.All, ProcedureSubject.Of(learner, answers.Task, settings, log.Context));
        }

        log.Look("repetition", RepeatChecks.All, new RepeatSubject(new LearnerRepeat(learner, settings, table, columns, known, table), log.Context));
    }

    private static Table Sample(Table table) => table.RowCount <= MostRows ? table : table.Take(Rows(table.RowCount));

    private static int[] Rows(int count) => count <= MostRows ? [.. Enumerable.Range(0, count)] : [.. Enumerable.Range(0, MostRows).Select(i => (int)((long)i * count / MostRows))];
}
