using System.Globalization;
using Roux.Learning.Data;
using Roux.Learning.Existing;

namespace Roux.Learning.AutoML;

/// <summary>The existing system's answers for all rows that anything is scored on, asked for before the search so that what is wrong with it is told at once.</summary>
/// <param name="Kind"><c>file</c>, <c>onnx</c> or <c>http</c>.</param>
/// <param name="Description">What it is, for a reader.</param>
/// <param name="Searched">For the rows that are searched over; <c>null</c> where it knows the final rows only.</param>
/// <param name="Final">For the final rows.</param>
internal sealed record ExistingCompetitor(string Kind, string Description, ExistingAnswers? Searched, ExistingAnswers Final)
{
    /// <summary>Its family, learner and name among candidates.</summary>
    public const string Family = "existing";

    /// <summary>Share of the time left that it may take to answer.</summary>
    private const double TimeShare = 0.4;

    /// <summary>Asks the system that the options name; <c>null</c> where they name none.</summary>
    /// <exception cref="DataException">It cannot be asked, its answers do not fit, or they take too long.</exception>
    public static ExistingCompetitor? Ask(DevelopOptions options, DevelopInputs inputs, SplitPlan plan, Budget budget, TimeProvider clock, Action<string> note, CancellationToken stop)
    {
        if (options.Existing is not { } existing)
        {
            return null;
        }

        var (searched, final) = (AsRead(plan.Table, inputs, options), AsRead(inputs.Test, inputs, options));
        using var limit = budget.Limit(budget.SecondsLeft * TimeShare, stop);
        try
        {
            using var system = ExistingSystem.Open(existing, clock);
            RefuseSharedKeys(existing, searched, final);
            var (task, classes) = (inputs.Task, inputs.DevelopmentTarget.Classes);
            var finalOnly = options.TestPath is not null && !system.Knows(searched, limit.Token);
            var competitor = new ExistingCompetitor(
                system.Kind, system.Description,
                finalOnly ? null : system.Answer(searched, task, classes, limit.Token), system.Answer(final, task, classes, limit.Token));
            competitor.Tell(note);
            return competitor;
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            throw new DataException(string.Create(CultureInfo.InvariantCulture,
                $"--existing {existing.Source}: {searched.RowCount + final.RowCount} rows were not answered within {TimeShare * 100:0}% of the time; give a larger --time-budget, or a larger --existing-batch or --existing-concurrency"));
        }
    }

    /// <summary>Its score on the held-out rows of every fold.</summary>
    public CandidateResult Score(CrossValidator validator)
    {
        var answers = Searched!;
        var result = validator.Score(Family, [.. validator.Folds.Select(fold => answers.Predictions.Take(fold.Test))], 1000 * answers.Latency?.Rows.P50 ?? 0);
        return result with { Figures = FiguresOf(answers) };
    }

    private static Dictionary<string, double> FiguresOf(ExistingAnswers answers)
    {
        var figures = new Dictionary<string, double> { ["rows_without_answer"] = answers.Missing, ["rows_with_unknown_label"] = answers.Unknown };
        if (answers.Latency is { } latency)
        {
            foreach (var (name, times) in new[] { ("request", latency.Requests), ("row", latency.Rows), ("single_row", latency.Single) })
            {
                if (times is not null)
                {
                    (figures[$"latency_{name}_p50_ms"], figures[$"latency_{name}_p95_ms"], figures[$"latency_{name}_p99_ms"]) = (times.P50, times.P95, times.P99);
                }
            }
        }

        return figures;
    }

    private void Tell(Action<string> note)
    {
        note($"existing system: {Description}");
        if (Searched is null)
        {
            note("the existing system answers the final rows only: it is compared there, and is no candidate in cross-validation");
        }

        var (missing, unknown) = ((Searched?.Missing ?? 0) + Final.Missing, (Searched?.Unknown ?? 0) + Final.Unknown);
        if (missing + unknown > 0)
        {
            note(string.Create(CultureInfo.InvariantCulture, $"the existing system has no answer for {missing} rows and an unknown label for {unknown}: scored as --existing-default says"));
        }

        if (Final.LabelsOnly)
        {
            note("the existing system gives labels without probabilities: each counts as certain, which costs it in metrics of probabilities such as log loss and ROC AUC");
        }
    }

    /// <summary>The rows as the file has them, without the answer: what a model of someone else expects.</summary>
    private static Table AsRead(Table table, DevelopInputs inputs, DevelopOptions options)
    {
        var raw = inputs.Data.Table;
        return TableSchema.Conform(table, [.. raw.Columns.Where(column => column.Name != options.Target).Select(column => new ColumnSpec(column.Name, column.Type, ColumnRole.Ignore))]);
    }

    private static void RefuseSharedKeys(ExistingOptions existing, Table searched, Table final)
    {
        if (existing.KeyColumn is not { } key || searched.Find(key) is not { } known || final.Find(key) is not { } asked)
        {
            return;
        }

        var names = Enumerable.Range(0, known.Length).Select(known.Format).OfType<string>().ToHashSet(StringComparer.Ordinal);
        var shared = Enumerable.Range(0, asked.Length).Select(asked.Format).Where(name => name is not null && names.Contains(name)).ToArray();
        if (shared.Length > 0)
        {
            throw new DataException(string.Create(CultureInfo.InvariantCulture,
                $"--key '{key}': {shared.Length} keys occur among the development rows and again among the final rows ({string.Join(", ", shared.Take(5))}{(shared.Length > 5 ? ", …" : "")}); a key must name one row"));
        }
    }
}
