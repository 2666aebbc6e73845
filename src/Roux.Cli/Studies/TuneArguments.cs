using System.CommandLine;
using System.Text.Json.Nodes;
using Roux.Learning.Data;
using Roux.Learning.Studies;
using Roux.Tuning;

namespace Roux.Cli.Studies;

/// <summary>What a call of <c>roux tune</c> says, with what its study file says where the call is silent.</summary>
internal sealed class TuneArguments
{
    private readonly ParseResult call;
    private readonly ParseResult? file;
    private readonly StudyFile? study;

    private TuneArguments(ParseResult call, ParseResult? file, StudyFile? study) => (this.call, this.file, this.study) = (call, file, study);

    /// <summary>Reads the study file, if there is one.</summary>
    /// <exception cref="UsageException">It cannot be read, or says something that is not understood.</exception>
    public static TuneArguments Of(ParseResult call, Command command)
    {
        if (call.GetValue(TuneOptions.Config) is not { } path)
        {
            return new TuneArguments(call, null, null);
        }

        var study = StudyFile.Read(path);
        var parsed = command.Parse(study.Words);
        return parsed.Errors.Count == 0 ? new TuneArguments(call, parsed, study) : throw new UsageException($"--config '{path}': {parsed.Errors[0].Message}");
    }

    /// <summary>Program and arguments.</summary>
    public IReadOnlyList<string> Command => call.GetValue(TuneOptions.Program) is { Length: > 0 } given ? given : study?.Command ?? [];

    /// <summary>The seed of the study.</summary>
    public int Seed => call.GetResult(CommonOptions.Seed) is { Implicit: false } || study?.Seed is not { } seed ? call.GetValue(CommonOptions.Seed) : seed;

    /// <summary>Whether an option was given, here or in the file.</summary>
    public bool Has(Option option) => call.GetResult(option) is { Implicit: false } || file?.GetResult(option) is { Implicit: false };

    /// <summary>The value of an option.</summary>
    public T? Get<T>(Option<T> option) => call.GetResult(option) is { Implicit: false } || file is null ? call.GetValue(option) : file.GetValue(option);

    /// <summary>A whole number with a least value.</summary>
    public int? AtLeast(Option<int?> option, int least) => Get(option) is not { } value ? null : value >= least ? value : throw new UsageException($"{option.Name} {value}: a whole number from {least} up");

    /// <summary>The search space.</summary>
    /// <exception cref="UsageException">There is none, or it is none.</exception>
    public SearchSpace Space()
    {
        if (call.GetValue(TuneOptions.Space) is { } given)
        {
            return SpaceFile.Read(given);
        }

        if (study?.Space is not { } space)
        {
            return file?.GetValue(TuneOptions.Space) is { } named ? SpaceFile.Read(Path.Combine(study!.Folder, named))
                : throw new UsageException("tune: no search space; name its file with --space FILE, or a study file with --config FILE. Try 'roux tune --help'.");
        }

        try
        {
            return SpaceJson.Read(space);
        }
        catch (FormatException e)
        {
            throw new UsageException($"--config '{call.GetValue(TuneOptions.Config)}': space: {e.Message}");
        }
    }

    /// <summary>A known constraint over a space; <c>null</c> without any.</summary>
    /// <exception cref="UsageException">One is not understood.</exception>
    public Func<Configuration, bool>? Allowed(SearchSpace space)
    {
        try
        {
            Constraint[] constraints = [.. Get(TuneOptions.Constraints)!.Select(text => Constraint.Parse(text, space))];
            return constraints.Length == 0 ? null : configuration => Array.TrueForAll(constraints, constraint => constraint.Allows(configuration));
        }
        catch (FormatException e)
        {
            throw new UsageException($"--constraint: {e.Message}");
        }
    }

    /// <summary>Configurations to try first.</summary>
    /// <exception cref="UsageException">One is no point of the space.</exception>
    public IReadOnlyList<Configuration> Enqueued(SearchSpace space)
    {
        return [.. Get(TuneOptions.Enqueue)!.Select(Read)];

        Configuration Read(string text)
        {
            try
            {
                var configuration = Configuration.FromJson(JsonNode.Parse(text) as JsonObject ?? throw new FormatException("an object of settings is wanted"));
                space.Check(configuration);
                return configuration;
            }
            catch (Exception e) when (e is FormatException or System.Text.Json.JsonException or ArgumentException)
            {
                throw new UsageException($"--enqueue '{text}': {e.Message.Split(" (Parameter")[0]}");
            }
        }
    }

    /// <summary>How trials are run and when it ends.</summary>
    public RunOptions RunOptions(TrialPlaces places, bool isData)
    {
        var budget = Get(TuneOptions.Budget);
        return new RunOptions
        {
            Parallel = places.Count,
            Trials = AtLeast(TuneOptions.Trials, 1) ?? (budget is null && Get(TuneOptions.Method) == "search" ? 50 : null),
            Timeout = budget is null ? null : Duration.Parse("--time-budget", budget),
            TrialTimeout = Get(TuneOptions.TrialTime) is { } time ? Duration.Parse("--trial-timeout", time) : null,
            Retries = Get(TuneOptions.Retries) is >= 0 and var retries ? retries : throw new UsageException($"--retries {Get(TuneOptions.Retries)}: a whole number from 0 up"),
            Target = Get(TuneOptions.StopAt) ?? (isData || Get(TuneOptions.Target) is not { } target ? null
                : double.TryParse(target, System.Globalization.CultureInfo.InvariantCulture, out var value) ? value : throw new UsageException($"--target '{target}': a number")),
            Patience = AtLeast(TuneOptions.Patience, 1),
            Regret = Get(TuneOptions.Regret) is not { } regret ? null : regret >= 0 ? regret : throw new UsageException($"--regret {regret}: a number from 0 up"),
        };
    }

    /// <summary>How many trials run at a time, and what each may use.</summary>
    public TrialPlaces Places()
    {
        var gpus = Get(TuneOptions.Gpus) is { } list ? list.Split(',', StringSplitOptions.TrimEntries) : [];
        return gpus.Any(gpu => gpu.Length == 0) ? throw new UsageException($"--gpus '{Get(TuneOptions.Gpus)}': numbers or ids with commas between them, such as 0,1")
            : Get(TuneOptions.TrialsPerGpu) is var each && each < 1 ? throw new UsageException($"--trials-per-gpu {each}: a whole number from 1 up")
            : TrialPlaces.Of(AtLeast(TuneOptions.Parallel, 1), AtLeast(TuneOptions.CoresPerTrial, 1), (long?)Amounts.Bytes("--memory-per-trial", Get(TuneOptions.MemoryPerTrial)), gpus, each,
                Environment.ProcessorCount, FreeMemory.Bytes());
    }

    /// <summary>Name of the pruner.</summary>
    public string PrunerName(StudyPlan plan) => Has(TuneOptions.PrunerName) ? Get(TuneOptions.PrunerName)! : plan.UsualPruner;

    /// <summary>How the study searches.</summary>
    public StudyOptions StudyOptions(StudyPlan plan)
    {
        try
        {
            var schedule = Get(TuneOptions.ScheduleName)!;
            return new StudyOptions
            {
                Schedule = Get(TuneOptions.Method) == "search" ? Schedule(schedule) : null, Population = Population(plan.Space), Directions = [.. plan.Goals.Select(goal => goal.Direction)], Sampler = Sampler.Of(Has(TuneOptions.SamplerName) ? Get(TuneOptions.SamplerName)! : Tuning.Schedule.SamplerFor(schedule)), Pruner = Pruner.Of(PrunerName(plan)),
                Seed = Seed, Trials = plan.Options.Trials, Allowed = Allowed(plan.Space),
            };
        }
        catch (ArgumentException e)
        {
            throw new UsageException(e.Message.Split(" (Parameter")[0]);
        }
    }

    /// <summary>How a population is trained; <c>null</c> for a search.</summary>
    private PopulationOptions? Population(SearchSpace space)
    {
        var method = Get(TuneOptions.Method)!;
        if (method == "search")
        {
            return new Option[] { TuneOptions.Population, TuneOptions.Interval, TuneOptions.Kept }.FirstOrDefault(Has) is { } odd ? throw new UsageException($"{odd.Name} needs --method pbt or --method pb2") : null;
        }

        if (method is not ("pbt" or "pb2"))
        {
            throw new UsageException(NearestName.Message("--method", method, "method", ["search", "pbt", "pb2"]));
        }

        if (new Option[] { TuneOptions.ScheduleName, TuneOptions.SamplerName, TuneOptions.PrunerName, TuneOptions.Constraints, TuneOptions.Enqueue, TuneOptions.Trials, TuneOptions.Reduction, TuneOptions.Retries, TuneOptions.WarmStart }.FirstOrDefault(Has) is { } other)
        {
            throw new UsageException($"{other.Name} is for searches, and not for --method {method}: a population of --population members is trained --resource steps");
        }

        var options = new PopulationOptions
        {
            Members = AtLeast(TuneOptions.Population, 2) ?? 10, Steps = Steps().Most, Exploration = method == "pbt" ? Exploration.Perturb : Exploration.Bandit,
            Interval = AtLeast(TuneOptions.Interval, 1) ?? throw new UsageException("--interval: after how many steps may a member copy one of the best? Such as --interval 5"),
            Kept = Get(TuneOptions.Kept)?.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries) ?? [],
        };
        _ = new Tuning.Population(space, options); // says what is wrong with it
        return options;
    }

    private Schedule? Schedule(string name)
    {
        var reduction = AtLeast(TuneOptions.Reduction, 2);
        if (name == "none")
        {
            return Get(TuneOptions.Resource) is null && reduction is null ? null
                : throw new UsageException($"--resource and --reduction need a --schedule: {string.Join(", ", Tuning.Schedule.Names.Skip(1))}");
        }

        var (least, most) = Steps();
        return Tuning.Schedule.Of(name, least, most, reduction ?? 3);
    }

    /// <summary>The least and the most steps of <c>--resource</c>.</summary>
    private (long Least, long Most) Steps()
    {
        var text = Get(TuneOptions.Resource) ?? throw new UsageException("--resource: how many steps is a whole training? Such as --resource 81, or --resource 3:81 for pauses from 3 steps on");
        var parts = text.Split(':');
        long[] steps = [.. parts.Select(part => long.TryParse(part, System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out var number) ? number : 0)];
        return steps is [>= 1 and var all] ? (1, all) : steps is [>= 1 and var first, var last] && last >= first ? (first, last)
            : throw new UsageException($"--resource '{text}': steps of a whole training, such as 81, or the least and the most, such as 3:81");
    }

    /// <summary>What is tuned, and which way each is better.</summary>
    /// <exception cref="UsageException">There is no metric, or an option that does not go with several.</exception>
    public IReadOnlyList<Goal> Goals()
    {
        var (metrics, ways) = (Get(TuneOptions.Metric)!, Get(TuneOptions.Goal)!);
        if (metrics.Length == 0)
        {
            throw new UsageException("tune: which metric? Name what the program tells with --metric, such as --metric loss");
        }

        if (metrics.GroupBy(metric => metric).FirstOrDefault(group => group.Count() > 1) is { } twice)
        {
            throw new UsageException($"--metric '{twice.Key}': named twice");
        }

        if (ways.Length != 1 && ways.Length != metrics.Length)
        {
            throw new UsageException($"--direction: {ways.Length} for {metrics.Length} of --metric; give one for all, or one for each in their order");
        }

        if (metrics.Length > 1 && NotForSeveral.FirstOrDefault(Has) is { } odd)
        {
            throw new UsageException($"{odd.Name} needs a single --metric: of several goals there is no single best trial");
        }

        return [.. metrics.Select((metric, i) => new Goal(metric, ways[Math.Min(i, ways.Length - 1)] switch
        {
            "minimize" => Direction.Minimize,
            "maximize" => Direction.Maximize,
            var other => throw new UsageException($"--direction '{other}': minimize or maximize"),
        }))];
    }

    private static readonly Option[] NotForSeveral =
    [
        TuneOptions.Champion, TuneOptions.LeastGain, TuneOptions.StopAt, TuneOptions.Target, TuneOptions.Patience, TuneOptions.Regret, TuneOptions.PrunerName, TuneOptions.ScheduleName, TuneOptions.Method,
    ];

    /// <summary>Bounds of what programs tell.</summary>
    /// <exception cref="UsageException">One is none.</exception>
    public IReadOnlyList<MetricLimit> Limits() => [.. Get(TuneOptions.Limit)!.Select(MetricLimit.Parse)];

    /// <summary>Where the metric comes from.</summary>
    public MetricSources Sources => Get(TuneOptions.MetricFrom) switch
    {
        "any" => MetricSources.Any,
        "output" or "stdout" => MetricSources.Output,
        "file" => MetricSources.File,
        "store" => MetricSources.Store,
        var other => throw new UsageException(NearestName.Message("--metric-from", other!, "source", ["any", "output", "file", "store"])),
    };
}
