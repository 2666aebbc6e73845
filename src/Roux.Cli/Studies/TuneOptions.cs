using System.CommandLine;
using Roux.Learning.Studies;
using Roux.Tuning;

namespace Roux.Cli.Studies;

/// <summary>What <c>roux tune</c> can be told; a study file has the same under the same names.</summary>
internal static class TuneOptions
{
    public static readonly Option<string?> Config = new("--config") { Description = "A study file, YAML or JSON: options by their names, space and command within; options given here win.", HelpName = "FILE" };
    public static readonly Option<string?> Space = new("--space") { Description = "Search space, JSON or YAML: name to type, low, high, log, step, choices, when.", HelpName = "FILE" };
    public static readonly Option<string[]> Metric = new("--metric") { Description = "What the program tells, as loss=0.3 or in JSON lines; the last value counts. May be repeated: several goals. With DATA, the score.", HelpName = "NAME", DefaultValueFactory = _ => [] };
    public static readonly Option<string> MetricFrom = new("--metric-from") { Description = "any, output, file (ROUX_METRICS_FILE) or store (the trial's own run).", HelpName = "WHERE", DefaultValueFactory = _ => "any" };
    public static readonly Option<string[]> Goal = new("--direction") { Description = "minimize or maximize; one for all goals, or one a --metric.", HelpName = "WAY", DefaultValueFactory = _ => ["minimize"] };
    public static readonly Option<string[]> Limit = new("--limit") { Description = "A bound for what the program tells, such as 'latency_ms <= 5'; may be repeated.", HelpName = "COND", DefaultValueFactory = _ => [] };
    public static readonly Option<string[]> Constraints = new("--constraint") { Description = "What a configuration must satisfy, such as 'layers * width <= 4096'; may be repeated.", HelpName = "COND", DefaultValueFactory = _ => [] };
    public static readonly Option<string[]> Enqueue = new("--enqueue") { Description = "A configuration to try first, as JSON; may be repeated.", HelpName = "JSON", DefaultValueFactory = _ => [] };
    public static readonly Option<string[]> WarmStart = new("--warm-start") { Description = "Learn from an earlier study or from the runs of a filter; may be repeated.", HelpName = "STUDY|FILTER", DefaultValueFactory = _ => [] };
    public static readonly Option<int?> Trials = new("--trials") { Description = "Trials to end with (default 50 where there is no time budget).", HelpName = "N" };
    public static readonly Option<string?> Budget = new("--time-budget") { Description = "Time for the whole study, such as 10m.", HelpName = "TIME" };
    public static readonly Option<string?> TrialTime = new("--trial-timeout") { Description = "Time for one trial, after which it is ended with its children.", HelpName = "TIME" };
    public static readonly Option<int?> Parallel = new("--parallel", "-j") { Description = "Trials at the same time (default 1, or what the bounds below allow).", HelpName = "N" };
    public static readonly Option<int?> CoresPerTrial = new("--cores-per-trial") { Description = "Cores of a trial: no more trials at a time than fit.", HelpName = "N" };
    public static readonly Option<string?> MemoryPerTrial = new("--memory-per-trial") { Description = "Memory of a trial, such as 4GB: no more trials at a time than fit.", HelpName = "SIZE" };
    public static readonly Option<string?> Gpus = new("--gpus") { Description = "GPUs dealt out by CUDA_VISIBLE_DEVICES, such as 0,1.", HelpName = "LIST" };
    public static readonly Option<int> TrialsPerGpu = new("--trials-per-gpu") { Description = "Trials that share a GPU.", HelpName = "N", DefaultValueFactory = _ => 1 };
    public static readonly Option<string> SamplerName = new("--sampler") { Description = string.Join(", ", Sampler.Names) + ".", HelpName = "NAME", DefaultValueFactory = _ => "auto" };
    public static readonly Option<string> PrunerName = new("--pruner") { Description = string.Join(", ", Pruner.Names) + ".", HelpName = "NAME", DefaultValueFactory = _ => "none" };
    public static readonly Option<string> ScheduleName = new("--schedule") { Description = "Trials pause at rungs and the best go on: " + string.Join(", ", Schedule.Names) + ".", HelpName = "NAME", DefaultValueFactory = _ => "none" };
    public static readonly Option<string?> Resource = new("--resource") { Description = "Steps of a whole training (ROUX_RESOURCE), or the least and the most: 81, 1:81.", HelpName = "STEPS" };
    public static readonly Option<int?> Reduction = new("--reduction") { Description = "One of so many trials goes on from a rung (default 3).", HelpName = "N" };
    public static readonly Option<string> Method = new("--method") { Description = "search, or a population that copies its best while it trains: pbt, pb2 (with --resource and --interval).", HelpName = "NAME", DefaultValueFactory = _ => "search" };
    public static readonly Option<int?> Population = new("--population") { Description = "Members of the population (default 10).", HelpName = "N" };
    public static readonly Option<int?> Interval = new("--interval") { Description = "Steps between two chances to copy and change.", HelpName = "STEPS" };
    public static readonly Option<string?> Kept = new("--keep") { Description = "Settings that go with the weights, copied and never changed, such as layers,units.", HelpName = "LIST" };
    public static readonly Option<int> Retries = new("--retries") { Description = "How often a configuration that failed is tried again.", HelpName = "N" };
    public static readonly Option<string?> Target = new("--target") { Description = "Stop when the best value is at least as good. With DATA, the column to predict.", HelpName = "VALUE|COL" };
    public static readonly Option<double?> StopAt = new("--stop-at") { Description = "Stop when the best value is at least as good.", HelpName = "VALUE" };
    public static readonly Option<int?> Patience = new("--patience") { Description = "Stop after so many trials without an improvement.", HelpName = "N" };
    public static readonly Option<double?> Regret = new("--regret") { Description = "Stop when the optimum is, very likely, no more than this better.", HelpName = "VALUE" };
    public static readonly Option<bool> OwnFolder = new("--own-folder") { Description = "Run each trial in a folder of its own (ROUX_TRIAL_DIR)." };
    public static readonly Option<string> Experiment = new("--experiment", "-e") { Description = "Experiment that the study belongs to.", HelpName = "NAME", DefaultValueFactory = _ => "tuning" };
    public static readonly Option<string> Name = new("--name", "-n") { Description = "Name of the study.", HelpName = "NAME", DefaultValueFactory = _ => "tune" };
    public static readonly Option<bool> Resume = new("--resume") { Description = "Go on with the latest unfinished study of this name, space, metric and command." };
    public static readonly Option<bool> Join = new("--join") { Description = "Work on that study beside other processes, or begin it." };
    public static readonly Option<string?> Champion = new("--champion") { Description = "What is to be beaten: a number, a run, or a model such as churn@champion.", HelpName = "WHAT" };
    public static readonly Option<double> LeastGain = new("--min-improvement") { Description = "By how much the champion is to be beaten.", HelpName = "VALUE" };
    public static readonly Option<bool> Ci = new("--ci") { Description = "For pipelines: a Markdown summary, and exit code 3 when the champion is not beaten." };
    public static readonly Option<string?> Summary = new("--summary") { Description = "Where the Markdown summary is appended, besides $GITHUB_STEP_SUMMARY.", HelpName = "FILE" };
    public static readonly Option<string?> Learner = new("--learner") { Description = "With DATA: the learner to tune, such as lightgbm.", HelpName = "NAME" };
    public static readonly Option<int?> Folds = new("--folds") { Description = "With DATA: folds of the cross-validation.", HelpName = "N" };
    public static readonly Option<int?> Nested = new("--nested") { Description = "With DATA: outer folds of a nested cross-validation of the whole tuning.", HelpName = "N" };
    public static readonly Option<string?> Group = new("--group") { Description = "With DATA: column of rows that belong together and stay in one fold.", HelpName = "COL" };
    public static readonly Option<string?> Time = new("--time") { Description = "With DATA: column by which folds are ordered in time.", HelpName = "COL" };
    public static readonly Option<string[]> Drop = new("--drop") { Description = "With DATA: a column to leave out; may be repeated.", HelpName = "COL", DefaultValueFactory = _ => [] };
    public static readonly Argument<string[]> Program = new("CMD") { Description = "The program, after --, with {name} for a setting; or, with --learner, the data file.", Arity = ArgumentArity.ZeroOrMore };

    /// <summary>All of them, in the order of the help.</summary>
    public static IReadOnlyList<Option> All { get; } =
    [
        Config, Space, Metric, MetricFrom, Goal, Limit, Constraints, Enqueue, WarmStart, Trials, Budget, TrialTime, Parallel, CoresPerTrial, MemoryPerTrial, Gpus, TrialsPerGpu, SamplerName, PrunerName, ScheduleName, Resource, Reduction, Method, Population, Interval, Kept, Retries,
        Target, StopAt, Patience, Regret, OwnFolder, Experiment, Name, Resume, Join, Champion, LeastGain, Ci, Summary, Learner, Folds, Nested, Group, Time, Drop,
    ];
}
