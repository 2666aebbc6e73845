using System.CommandLine;
using System.Globalization;
using Roux.Learning.AutoML;
using Roux.Learning.Data;
using Roux.Learning.Evaluation;
using Roux.Learning.Evaluation.Calibration;

namespace Roux.Cli.Commands;

/// <summary>The arguments of <c>develop</c>, and of the verbs that do a part of it.</summary>
internal sealed class DevelopArguments
{
    private readonly Argument<string> data = new("DATA") { Description = "CSV, TSV, JSON, JSONL, Parquet (each also .gz), or a DuckDB or SQLite file with --sql." };
    private readonly Option<string> target = new("--target") { Description = "The column to predict.", HelpName = "COL", Required = true };
    private readonly Option<string?> test = new("--test") { Description = "Rows for the one final score; without it a part of the data is set aside first.", HelpName = "FILE" };
    private readonly Option<string?> sql = new("--sql") { Description = "Query to read from a database file.", HelpName = "QUERY" };
    private readonly Option<string[]> drop = new("--drop") { Description = "Column to leave out (may be repeated).", HelpName = "COL", AllowMultipleArgumentsPerToken = false };
    private readonly Option<string[]> column = new("--column") { Description = "Role of a column: numeric, categorical, text, date, boolean, list:SEP, id, ignore (may be repeated).", HelpName = "NAME=ROLE" };
    private readonly Option<string?> task = new("--task") { Description = "binary, multiclass, multilabel or regression, where the target does not tell.", HelpName = "TASK" };
    private readonly Option<string?> separator = new("--separator") { Description = "Text between the labels of a multilabel target.", HelpName = "SEP" };
    private readonly Option<string?> metric = new("--metric") { Description = "Headline metric (default: roc_auc, macro_f1, micro_f1 or rmse, by task).", HelpName = "NAME" };
    private readonly Option<string?> group = new("--group") { Description = "Rows with equal values here stay on one side of every split.", HelpName = "COL" };
    private readonly Option<string?> time = new("--time") { Description = "Every split trains on the past of this column and tests on the future.", HelpName = "COL" };
    private readonly Option<string?> rules = new("--rules") { Description = "Rule file that competes as the existing heuristic.", HelpName = "FILE" };
    private readonly Option<string?> annotations = new("--annotations") { Description = "What people said of the rows: a table of item, annotator, label.", HelpName = "FILE" };
    private readonly Option<string[]> annotators = new("--annotators") { Description = "Columns of annotators, in the data or the --annotations file (comma list).", HelpName = "A,B,C" };
    private readonly Option<string?> item = new("--item") { Description = "Column of the data that names the annotated item.", HelpName = "COL" };
    private readonly Option<string[]> families = new("--families") { Description = "Learners or families to try (may be repeated or a comma list; default all).", HelpName = "NAME" };
    private readonly Option<string?> weights = new("--weights") { Description = "Folder of a pre-trained BERT for the family transformer.", HelpName = "DIR" };
    private readonly Option<string> budget = new("--time-budget") { Description = "Time for the whole job, such as 60s, 5m, 1h.", HelpName = "TIME", DefaultValueFactory = _ => "60s" };
    private readonly Option<int?> trials = new("--trials") { Description = "Tuning trials instead of a time budget: then a seed repeats everything to the last digit.", HelpName = "N" };
    private readonly Option<int?> folds = new("--folds") { Description = "Folds of the cross-validation (default: by the number of rows).", HelpName = "N" };
    private readonly Option<double> holdout = new("--holdout") { Description = "Share of rows set aside when there is no --test.", HelpName = "SHARE", DefaultValueFactory = _ => 0.2 };
    private readonly Option<int> threads = new("--threads") { Description = "Threads to use (default: one per processor).", HelpName = "N" };
    private readonly Option<string?> thresholdFor = new("--threshold-for") { Description = "Choose the threshold for a metric (f1, mcc, …) or a level (precision>=0.9, recall>=0.8).", HelpName = "GOAL" };
    private readonly Option<string?> costMatrix = new("--cost-matrix") { Description = "Decide by least cost: JSON {\"actual\": {\"predicted\": cost}}.", HelpName = "FILE" };
    private readonly Option<string> calibration = new("--calibration") { Description = "auto, none, platt, isotonic, temperature or beta.", HelpName = "WAY", DefaultValueFactory = _ => "auto" };
    private readonly Option<string> prefer = new("--prefer") { Description = "Register the best by cross-validation (quality) or the simplest that is not significantly worse (simple).", HelpName = "WHAT", DefaultValueFactory = _ => "quality" };
    private readonly Option<bool> noEnsemble = new("--no-ensemble") { Description = "Single models only." };
    private readonly Option<string?> maxLatency = new("--max-latency") { Description = "Longest time that 95 of 100 single rows may take, such as 2ms; the winner is the best that keeps to it.", HelpName = "TIME" };
    private readonly Option<string?> maxSize = new("--max-size") { Description = "Largest model file, such as 5MB.", HelpName = "SIZE" };
    private readonly Option<string?> maxFitTime = new("--max-fit-time") { Description = "Longest fit on all rows, such as 30s.", HelpName = "TIME" };
    private readonly Option<string?> maxMemory = new("--max-memory") { Description = "Most memory of a process that serves the model, and that a fit adds, such as 500MB.", HelpName = "SIZE" };
    private readonly Option<double?> maxCost = new("--max-cost") { Description = "Most money a month by --rates: serving and fitting again.", HelpName = "AMOUNT" };
    private readonly Option<string?> rates = new("--rates") { Description = "JSON file of what a core, memory and energy cost (docs/costs.md).", HelpName = "FILE" };
    private readonly Option<string?> name = new("--name") { Description = "Name to register the model under.", HelpName = "NAME" };
    private readonly Option<bool> resume = new("--resume") { Description = "Go on with the last unfinished development of this data with these options." };

    private readonly Option<string?> experiment = new("--experiment", "-e") { Description = "Experiment that the runs belong to (default: named after the data and the target).", HelpName = "NAME" };

    private readonly ExistingArguments existing = new();

    public void AddTo(Command command)
    {
        AddDataTo(command);
        foreach (var option in new Option[] { annotations, annotators, item, families, weights, budget, trials, thresholdFor, costMatrix, calibration, prefer, maxLatency, maxSize, maxFitTime, maxMemory, maxCost, rates, noEnsemble, name, resume })
        {
            command.Options.Add(option);
        }
    }

    /// <summary>The part about data, splits and baselines, for verbs that look for no model; what is left out has its default.</summary>
    public void AddDataTo(Command command)
    {
        command.Arguments.Add(data);
        foreach (var option in new Option[] { target, test, sql, drop, column, task, separator, metric, group, time, rules, folds, holdout, threads, experiment })
        {
            command.Options.Add(option);
        }

        existing.AddTo(command);
    }

    public DevelopOptions Read(ParseResult call) => ReadData(call) with
    {
        AnnotationsPath = call.GetValue(annotations),
        Annotators = AgreementCommand.Split(call.GetValue(annotators) ?? []),
        ItemColumn = call.GetValue(item),
        Families = [.. (call.GetValue(families) ?? []).SelectMany(list => list.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))],
        WeightsFolder = call.GetValue(weights) is not { } folder ? null
            : Directory.Exists(folder) ? Path.GetFullPath(folder) : throw new UsageException($"--weights '{folder}': there is no such folder; give one with config.json, vocab.txt and model.safetensors"),
        TimeBudget = Duration.Parse("--time-budget", call.GetValue(budget)!),
        Trials = AtLeast("--trials", call.GetValue(trials), 0),
        ThresholdFor = call.GetValue(thresholdFor),
        CostMatrixPath = call.GetValue(costMatrix),
        Calibration = ReadCalibration(call.GetValue(calibration)!),
        PreferSimple = call.GetValue(prefer) switch
        {
            "quality" => false,
            "simple" => true,
            var other => throw new UsageException($"--prefer '{other}': either quality or simple"),
        },
        Limits = ReadLimits(call),
        Rates = call.GetValue(rates) is { } rateFile ? Rates.Load(rateFile) : null,
        Ensemble = !call.GetValue(noEnsemble),
        ModelName = call.GetValue(name),
        Resume = call.GetValue(resume),
    };

    /// <summary>What <see cref="AddDataTo"/> asks for.</summary>
    public DevelopOptions ReadData(ParseResult call)
    {
        var fraction = call.GetValue(holdout);
        return new DevelopOptions
        {
            DataPath = call.GetValue(data)!,
            Target = call.GetValue(target)!,
            TestPath = call.GetValue(test),
            HoldoutFraction = fraction is >= 0.05 and <= 0.5 ? fraction : throw new UsageException($"--holdout {fraction.ToString(CultureInfo.InvariantCulture)}: a share from 0.05 to 0.5"),
            Sql = call.GetValue(sql),
            Drop = call.GetValue(drop) ?? [],
            Roles = Roles(call.GetValue(column) ?? []),
            Task = call.GetValue(task) is { } kind ? ReadTask(kind) : null,
            Separator = call.GetValue(separator),
            Metric = call.GetValue(metric),
            GroupColumn = call.GetValue(group),
            TimeColumn = call.GetValue(time),
            RulesPath = call.GetValue(rules),
            Existing = existing.Read(call),
            Folds = AtLeast("--folds", call.GetValue(folds), 2),
            Seed = call.GetValue(CommonOptions.Seed),
            Threads = AtLeast("--threads", call.GetValue(threads), 0) ?? 0,
            Experiment = call.GetValue(experiment),
            CommandLine = "roux " + string.Join(' ', call.Tokens.Select(token => token.Value.Any(char.IsWhiteSpace) ? $"\"{token.Value}\"" : token.Value)),
        };
    }

    private CostLimits ReadLimits(ParseResult call)
    {
        var limits = new CostLimits
        {
            LatencySeconds = Amounts.Seconds("--max-latency", call.GetValue(maxLatency)),
            SizeBytes = Amounts.Bytes("--max-size", call.GetValue(maxSize)),
            FitSeconds = Amounts.Seconds("--max-fit-time", call.GetValue(maxFitTime)),
            MemoryBytes = Amounts.Bytes("--max-memory", call.GetValue(maxMemory)),
            MonthlyCost = Amounts.Plain("--max-cost", call.GetValue(maxCost)),
        };
        return limits.MonthlyCost is null || call.GetValue(rates) is not null ? limits
            : throw new UsageException("--max-cost: needs to know what things cost: give --rates FILE (docs/costs.md)");
    }

    internal static int? AtLeast(string option, int? value, int least) => value is null || value >= least ? value
        : throw new UsageException($"{option} {value}: a whole number from {least} up");

    private static CalibrationMethod[]? ReadCalibration(string name) => name switch
    {
        "auto" => null,
        "none" => [],
        "platt" => [CalibrationMethod.Platt],
        "isotonic" => [CalibrationMethod.Isotonic],
        "temperature" => [CalibrationMethod.Temperature],
        "beta" => [CalibrationMethod.Beta],
        _ => throw new UsageException(NearestName.Message("--calibration", name, "way", ["auto", "none", "platt", "isotonic", "temperature", "beta"])),
    };

    internal static TaskKind ReadTask(string name) => name.ToLowerInvariant() switch
    {
        "binary" => TaskKind.Binary,
        "multiclass" => TaskKind.Multiclass,
        "multilabel" => TaskKind.Multilabel,
        "regression" => TaskKind.Regression,
        _ => throw new UsageException($"--task '{name}': one of binary, multiclass, multilabel, regression"),
    };

    /// <summary>Roles given as NAME=ROLE.</summary>
    internal static Dictionary<string, string> Roles(string[] pairs)
    {
        var roles = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var pair in pairs)
        {
            var cut = pair.LastIndexOf('=');
            roles[cut > 0 ? pair[..cut] : throw new UsageException($"--column '{pair}': give NAME=ROLE, such as --column zip=categorical")] = pair[(cut + 1)..];
        }

        return roles;
    }
}
