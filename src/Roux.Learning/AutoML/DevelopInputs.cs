using Roux.Learning.Data;
using Roux.Learning.Evaluation.Decisions;
using Roux.Learning.Learners;

namespace Roux.Learning.AutoML;

/// <summary>The data of a development, read, with roles, and parted into rows to develop on and rows for the one final score.</summary>
internal sealed record DevelopInputs
{
    public required LoadedTable Data { get; init; }

    public LoadedTable? TestData { get; init; }

    public required TaskKind Task { get; init; }

    /// <summary>All columns with their roles, the target's included.</summary>
    public required IReadOnlyList<ColumnSpec> Columns { get; init; }

    /// <summary>The columns that features are made of.</summary>
    public required IReadOnlyList<ColumnSpec> FeatureColumns { get; init; }

    public required Table Development { get; init; }

    public required Target DevelopmentTarget { get; init; }

    /// <summary>Place of each development row in the data as read.</summary>
    public required int[] DevelopmentRows { get; init; }

    public required Table Test { get; init; }

    public required Target TestTarget { get; init; }

    /// <summary>Place of each test row in the data as read, or in the test data where that is a file of its own.</summary>
    public required int[] TestRows { get; init; }

    public required IReadOnlyList<Learner> Learners { get; init; }

    /// <summary>What people said of the rows; <c>null</c> where nothing was named.</summary>
    public DevelopAnnotations? Annotations { get; init; }

    /// <summary>What decisions are chosen for; <c>null</c> for the usual rule.</summary>
    public DecisionGoal? Goal { get; init; }

    public static DevelopInputs Read(DevelopOptions options, Action<string> note, CancellationToken cancellation)
    {
        var inputs = ReadLabelled(options, note, cancellation);
        var test = options.TestPath is null ? null : Load(options.TestPath, options, note, cancellation);
        inputs = inputs with
        {
            TestData = test,
            Annotations = DevelopAnnotations.Read(options, inputs.Data.Table, test?.Table, inputs.DevelopmentTarget, cancellation),
        };
        return test is null ? inputs.SetAside(options, note) : inputs.WithTest(test, options, note);
    }

    /// <summary>The data with nothing set aside: every row with an answer is for development.</summary>
    public static DevelopInputs ReadLabelled(DevelopOptions options, Action<string> note, CancellationToken cancellation)
    {
        var data = Load(options.DataPath, options, note, cancellation);
        var table = data.Table;
        var names = table.Columns.Select(column => column.Name).ToList();
        foreach (var (option, given) in options.Drop.Select(name => ("--drop", name)).Append(("--group", options.GroupColumn!)).Append(("--time", options.TimeColumn!)).Append(("--key", options.Existing?.KeyColumn!)).Concat(DevelopAnnotations.Columns(options)))
        {
            if (given is not null && !names.Contains(given))
            {
                var parts = given.Split(',', StringSplitOptions.TrimEntries);
                throw new DataException(parts.Length > 1 && parts.All(names.Contains)
                    ? $"{option} '{given}': no such column; name each by itself: {string.Join(' ', parts.Select(part => $"{option} {part}"))}"
                    : NearestName.Message(option, given, "column", names));
            }
        }

        var roles = new Dictionary<string, string>(options.Roles);
        foreach (var name in options.Drop.Concat(new[] { options.GroupColumn }.OfType<string>()).Concat(DevelopAnnotations.Columns(options).Select(pair => pair.Column)))
        {
            roles[name] = "ignore";
        }

        if (options.Existing?.KeyColumn is { } key)
        {
            roles[key] = key == options.Target ? throw new DataException($"--key '{key}': that is the target; give a column that names the rows") : "id";
        }

        var columns = ColumnRoles.Infer(table, options.Target, roles);
        var (target, rows, remarks) = TargetBuilder.Build(table, options.Target, options.Task, options.Separator);
        foreach (var remark in remarks)
        {
            note(remark);
        }

        table = Conform(table, columns, options.Target, note);
        var labelled = rows.Length == table.RowCount ? table : table.Take(rows);
        var inputs = new DevelopInputs
        {
            Data = data,
            Task = target.Task,
            Columns = columns,
            FeatureColumns = [.. columns.Where(column => column.Role is not (ColumnRole.Target or ColumnRole.Ignore or ColumnRole.Id or ColumnRole.Constant))],
            Development = labelled,
            DevelopmentTarget = target,
            DevelopmentRows = rows,
            Test = labelled,
            TestTarget = target,
            TestRows = rows,
            Learners = ChooseLearners(options, target.Task),
            Goal = DecisionGoals.Of("--threshold-for", options.ThresholdFor, options.CostMatrixPath, target.Task, target.Classes),
        };
        return inputs.FeatureColumns.Count > 0 ? inputs
            : throw new DataException($"no column is left to predict '{options.Target}' from: all others are constant, identifiers or dropped; give a role with --column NAME=ROLE");
    }

    private DevelopInputs SetAside(DevelopOptions options, Action<string> note)
    {
        var split = SplitPlan.Holdout(Development, DevelopmentTarget, options);
        note($"{split.Test.Length:N0} of {DevelopmentTarget.Count:N0} rows set aside for the final score");
        return this with
        {
            Development = Development.Take(split.Train),
            DevelopmentTarget = DevelopmentTarget.Take(split.Train),
            DevelopmentRows = Array.ConvertAll(split.Train, row => DevelopmentRows[row]),
            Test = Development.Take(split.Test),
            TestTarget = DevelopmentTarget.Take(split.Test),
            TestRows = Array.ConvertAll(split.Test, row => DevelopmentRows[row]),
        };
    }

    private DevelopInputs WithTest(LoadedTable test, DevelopOptions options, Action<string> note)
    {
        var (target, rows) = TestAnswers.Of(test.Table, options.Target, DevelopmentTarget, options.Separator);
        if (rows.Length < test.Table.RowCount)
        {
            note($"{test.Table.RowCount - rows.Length:N0} rows of the test file have no answer, or one that training never saw: not scored");
        }

        return this with { Test = Conform(test.Table, Columns, options.Target, note).Take(rows), TestTarget = target, TestRows = rows };
    }

    /// <summary>The columns in the types that their roles need, such as numbers for a text column that the user calls numeric.</summary>
    private static Table Conform(Table table, IReadOnlyList<ColumnSpec> columns, string target, Action<string> note)
    {
        var warnings = new List<string>();
        var conformed = TableSchema.Conform(table, columns, warnings, [target]);
        warnings.ForEach(note);
        return conformed;
    }

    private static LoadedTable Load(string path, DevelopOptions options, Action<string> note, CancellationToken cancellation)
    {
        var loaded = TableReader.Read(path, new ReadOptions { Sql = options.Sql }, cancellation);
        foreach (var warning in loaded.Warnings)
        {
            note($"{loaded.Table.Name}: {warning}");
        }

        return loaded;
    }

    private static Learner[] ChooseLearners(DevelopOptions options, TaskKind task)
    {
        var all = LearnerCatalog.For(task);
        var names = all.Select(learner => learner.Card.Name).Concat(all.Select(learner => learner.Card.Family)).Distinct().ToList();
        foreach (var wanted in options.Families)
        {
            if (!names.Contains(wanted))
            {
                throw new DataException(NearestName.Message("--families", wanted, "learner", names));
            }
        }

        Learner[] chosen = [.. all.Where(learner => (options.Families.Count == 0 && !learner.IsOnRequest) || learner.Card.Family == "baseline"
            || options.Families.Contains(learner.Card.Name) || options.Families.Contains(learner.Card.Family))];
        if (options.WeightsFolder is not { } folder)
        {
            return chosen;
        }

        return chosen.Any(learner => learner.FromWeights(folder) is not null)
            ? Array.ConvertAll(chosen, learner => learner.FromWeights(folder) ?? learner)
            : throw new DataException($"--weights '{folder}': none of the learners begins from weights; add --families {string.Join(" or ", all.Where(learner => learner.FromWeights(folder) is not null).Select(learner => learner.Card.Name))}");
    }
}
