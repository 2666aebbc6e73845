using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using Roux.Learning.AutoML;
using Roux.Learning.Data;
using Roux.Learning.Evaluation;
using Roux.Learning.Explanations;
using Roux.Learning.Pipelines;

namespace Roux.Cli.Commands;

/// <summary><c>roux explain MODEL DATA</c>: what a model looks at, how a column acts, and why a row is answered as it is.</summary>
internal static class ExplainCommand
{
    private const int MostPool = 2000;
    private const int MostScored = 2000;

    private static readonly Argument<string> Model = new("MODEL") { Description = "A registered model (NAME, NAME/VERSION, NAME@ALIAS) or a .roux file." };
    private static readonly Argument<string> Data = new("DATA") { Description = "Rows like those it was trained on, best ones that it has not seen." };
    private static readonly Option<int?> RowNumber = new("--row") { Description = "Explain this row (1 is the first): contributions, what would change the answer.", HelpName = "N" };
    private static readonly Option<string[]> ColumnName = new("--column") { Description = "Show how predictions change with this column (may be repeated).", HelpName = "COL" };
    private static readonly Option<string?> TargetName = new("--target") { Description = "Column of known answers: adds permutation importance and contrary examples.", HelpName = "COL" };
    private static readonly Option<int> RowCount = new("--rows") { Description = "Most rows that are drawn to explain the model as a whole.", HelpName = "N", DefaultValueFactory = _ => 200 };
    private static readonly Option<string?> To = new("--to") { Description = "The other answer sought with --row: a class, '>NUMBER' or '<NUMBER'.", HelpName = "ANSWER" };
    private static readonly Option<string[]> Keep = new("--keep") { Description = "Column that may not be changed to get there (may be repeated).", HelpName = "COL" };
    private static readonly Option<string?> Out = new("--out") { Description = "Folder for plots (SVG) and their numbers (JSON).", HelpName = "FOLDER" };
    private static readonly Option<bool> Native = new("--native") { Description = "Boosted trees: values by LightGBM's or XGBoost's own code; only for model files you trust." };
    private static readonly Option<string?> Sql = new("--sql") { Description = "Query to read from a database file.", HelpName = "QUERY" };

    public static Command Create()
    {
        var command = new Command("explain", "What a model looks at, and why a row is answered as it is.") { Model, Data, RowNumber, ColumnName, TargetName, RowCount, To, Keep, Out, Native, Sql };
        command.SetAction((call, cancellation) => Task.Run(() => Run(call, cancellation), CancellationToken.None));
        return command;
    }

    private static int Run(ParseResult call, CancellationToken cancellation)
    {
        var pipeline = PredictCommand.Load(call.GetValue(Model)!, CommonOptions.StoreOf(call));
        var read = TableReader.Read(call.GetValue(Data)!, new ReadOptions { Sql = call.GetValue(Sql) }, cancellation).Table;
        var table = TableSchema.Conform(read, Read(pipeline));
        var options = new ShapOptions
        {
            MaxRows = call.GetValue(RowCount) is >= 1 and var rows ? rows : throw new UsageException($"--rows {call.GetValue(RowCount)}: a whole number from 1 up"),
            Seed = call.GetValue(CommonOptions.Seed),
            Native = call.GetValue(Native),
        };
        var explained = new Explained { Pipeline = pipeline, Table = table };
        explained = call.GetValue(RowNumber) is { } number
            ? OfRow(explained, call, read, number, options, cancellation)
            : OfModel(explained, call, read, options, cancellation);
        if (call.GetValue(Out) is { } folder)
        {
            ExplanationFiles.Write(folder, explained);
        }

        if (call.GetValue(CommonOptions.Json))
        {
            CommonOptions.WriteJson(explained.ToJson());
        }
        else
        {
            ExplanationPage.Write(explained);
        }

        return 0;
    }

    /// <summary>The columns that the model reads.</summary>
    private static IReadOnlyList<ColumnSpec> Read(Pipeline pipeline)
    {
        var used = pipeline.Members.SelectMany(member => member.Featurizer.Columns).Select(column => column.Name).ToHashSet(StringComparer.Ordinal);
        return [.. pipeline.Columns.Where(column => used.Contains(column.Name))];
    }

    private static Explained OfModel(Explained explained, ParseResult call, Table read, ShapOptions options, CancellationToken cancellation)
    {
        if (call.GetValue(To) is not null || call.GetValue(Keep) is { Length: > 0 })
        {
            throw new UsageException("--to and --keep say what would change the answer of one row: give it with --row N");
        }

        var asked = call.GetValue(ColumnName) ?? [];
        var explanation = ModelExplanation.Of(explained.Pipeline, explained.Table, explained.Table, options, asked.Length > 0 ? 0 : 4, cancellation);
        if (asked.Length > 0)
        {
            explanation = explanation with { Dependence = Dependence(explained, asked, options, cancellation) };
        }

        return explained with { Model = explanation, Permutation = Permutation(explained, call, read, options, cancellation) };
    }

    private static Explained OfRow(Explained explained, ParseResult call, Table read, int number, ShapOptions options, CancellationToken cancellation)
    {
        var table = explained.Table;
        if (number < 1 || number > table.RowCount)
        {
            throw new UsageException($"--row {number}: {read.Name} has rows 1 to {table.RowCount}");
        }

        var row = table.Take([number - 1]);
        // More samples than for a whole table: there is one row to estimate.
        var shap = Shap.Of(explained.Pipeline, row, table, options with { Background = 200, DetailRows = 1 }, cancellation);
        int[] others = [.. Evenly(table.RowCount, MostPool).Where(other => other != number - 1)];
        var asked = call.GetValue(ColumnName) ?? [];
        explained = explained with
        {
            RowNumber = number,
            Row = shap,
            RowTable = row,
            Prediction = explained.Pipeline.Predict(row, cancellation),
            Columns = Dependence(explained, asked, options, cancellation),
        };
        if (others.Length == 0)
        {
            return explained;
        }

        var search = new Counterfactuals(explained.Pipeline, table.Take(others), call.GetValue(Keep) ?? [], cancellation);
        explained = explained with { Counterfactuals = search.Find(row, Goal(call.GetValue(To), explained.Pipeline)) };
        if (call.GetValue(TargetName) is { } target)
        {
            var (answers, known) = LabelledRows.Of(read, target, explained.Pipeline);
            var place = known.Select((at, i) => (at, i)).ToDictionary(pair => pair.at, pair => pair.i);
            int[] answered = [.. others.Where(place.ContainsKey)];
            var contrary = new Counterfactuals(explained.Pipeline, table.Take(answered), [], cancellation).Contrary(row, answers.Take([.. answered.Select(other => place[other])]));
            explained = explained with { Contrary = [.. contrary.Select(example => example with { Row = answered[example.Row] })] };
        }

        return explained;
    }

    private static CounterfactualGoal? Goal(string? text, Pipeline pipeline)
    {
        if (text is null)
        {
            return null;
        }

        if (pipeline.Task != TaskKind.Regression)
        {
            return CounterfactualGoal.Class(pipeline, text);
        }

        return text.Length > 1 && text[0] is '<' or '>' && double.TryParse(text.AsSpan(1), NumberStyles.Float, CultureInfo.InvariantCulture, out var bound) && double.IsFinite(bound)
            ? text[0] == '>' ? CounterfactualGoal.Above(bound) : CounterfactualGoal.Below(bound)
            : throw new UsageException($"--to '{text}': for a number give a bound, such as --to '>250000' or --to '<10'");
    }

    private static IReadOnlyList<PartialDependence> Dependence(Explained explained, string[] columns, ShapOptions options, CancellationToken cancellation)
    {
        var sample = explained.Table.RowCount <= options.MaxRows ? explained.Table : explained.Table.Take(Evenly(explained.Table.RowCount, options.MaxRows));
        return [.. columns.Select(column => PartialDependence.Of(explained.Pipeline, sample, column, cancellation: cancellation))];
    }

    private static IReadOnlyList<ColumnImportance> Permutation(Explained explained, ParseResult call, Table read, ShapOptions options, CancellationToken cancellation)
    {
        if (call.GetValue(TargetName) is not { } target)
        {
            return [];
        }

        var (answers, rows) = LabelledRows.Of(read, target, explained.Pipeline);
        var chosen = Evenly(rows.Length, MostScored);
        var table = explained.Table.Take([.. chosen.Select(i => rows[i])]);
        return PermutationImportance.Compute(
            part => explained.Pipeline.Predict(part, cancellation), table, answers.Take(chosen), Metrics.Default(explained.Pipeline.Task), repeats: 5, seed: options.Seed, cancellation: cancellation,
            alike: ColumnGroups.Of(table, explained.Pipeline.Columns.Where(column => table.Find(column.Name) is not null).ToList()));
    }

    private static int[] Evenly(int count, int most) => [.. Enumerable.Range(0, Math.Min(count, most)).Select(i => (int)((long)i * count / Math.Min(count, most)))];
}
