using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using Roux.Cli.Printing;
using Roux.Cli.Studies;
using Roux.Tracking;
using Roux.Tracking.Capture;
using Roux.Tuning;

namespace Roux.Cli.Commands;

/// <summary><c>roux tune --space FILE --metric NAME -- CMD…</c>: searches the settings of any program.</summary>
internal static class TuneCommand
{
    private static readonly Option<string> Space = new("--space") { Description = "Search space, JSON or YAML: name to type, low, high, log, step, choices, when.", HelpName = "FILE", Required = true };
    private static readonly Option<string> Metric = new("--metric") { Description = "What the program prints, as loss=0.3 or in JSON lines; the last value counts.", HelpName = "NAME", Required = true };
    private static readonly Option<string> Goal = new("--direction") { Description = "minimize or maximize.", HelpName = "WAY", DefaultValueFactory = _ => "minimize" };
    private static readonly Option<int?> Trials = new("--trials") { Description = "Trials to end with (default 50 where there is no time budget).", HelpName = "N" };
    private static readonly Option<string?> Budget = new("--time-budget") { Description = "Time for the whole study, such as 10m.", HelpName = "TIME" };
    private static readonly Option<string?> TrialTime = new("--trial-timeout") { Description = "Time for one trial, after which it is ended with its children.", HelpName = "TIME" };
    private static readonly Option<int> Parallel = new("--parallel", "-j") { Description = "Trials at the same time.", HelpName = "N", DefaultValueFactory = _ => 1 };
    private static readonly Option<string> SamplerName = new("--sampler") { Description = string.Join(", ", Sampler.Names) + ".", HelpName = "NAME", DefaultValueFactory = _ => "auto" };
    private static readonly Option<string> PrunerName = new("--pruner") { Description = string.Join(", ", Pruner.Names) + ".", HelpName = "NAME", DefaultValueFactory = _ => "none" };
    private static readonly Option<int> Retries = new("--retries") { Description = "How often a configuration that failed is tried again.", HelpName = "N" };
    private static readonly Option<double?> Target = new("--target") { Description = "Stop when the best value is at least as good.", HelpName = "VALUE" };
    private static readonly Option<int?> Patience = new("--patience") { Description = "Stop after so many trials without an improvement.", HelpName = "N" };
    private static readonly Option<string> Experiment = new("--experiment", "-e") { Description = "Experiment that the study belongs to.", HelpName = "NAME", DefaultValueFactory = _ => "tuning" };
    private static readonly Option<bool> Resume = new("--resume") { Description = "Go on with the latest unfinished study of this space, metric and command." };
    private static readonly Argument<string[]> Program = new("CMD") { Description = "The program, after --; {name} stands for a setting.", Arity = ArgumentArity.OneOrMore };

    public static Command Create()
    {
        var command = new Command("tune", "Search the settings of any program: each trial is a tracked run.")
        {
            Space, Metric, Goal, Trials, Budget, TrialTime, Parallel, SamplerName, PrunerName, Retries, Target, Patience, Experiment, Resume, Program,
        };
        command.SetAction((call, cancellation) => RunAsync(call, cancellation));
        return command;
    }

    private static async Task<int> RunAsync(ParseResult call, CancellationToken cancellation)
    {
        var space = SpaceFile.Read(call.GetValue(Space)!);
        var words = call.GetValue(Program)!;
        var template = new CommandTemplate(words, space);
        if (ProgramSearch.Find(words[0], Environment.GetEnvironmentVariable("PATH")) is null)
        {
            throw new UsageException($"'{words[0]}': no such program; check the name, or write ./{words[0]} for one in this folder");
        }

        var options = Options(call);
        var metric = call.GetValue(Metric)!;
        var study = new Study(space, StudyOptionsOf(call, options));
        using var tracker = Tracker.Open(CommonOptions.StoreOf(call));
        using var journal = StudyJournal.Open(tracker, call.GetValue(Experiment)!, space, metric, words, new Dictionary<string, object>
        {
            ["metric"] = metric, ["direction"] = call.GetValue(Goal)!, ["sampler"] = call.GetValue(SamplerName)!, ["pruner"] = call.GetValue(PrunerName)!,
            ["seed"] = call.GetValue(CommonOptions.Seed), ["command"] = string.Join(' ', words),
        }, call.GetValue(Resume));
        using var capture = RunCapture.Begin(journal.Run, new CaptureOptions { Output = false });
        if (journal.IsResumed)
        {
            study.Restore(journal.Trials());
            Console.Error.WriteLine($"roux: {study.Trials.Count} trials taken up from an earlier process");
        }

        var folder = Path.Combine(tracker.Store, "studies", journal.Run.Id);
        var program = new TrialProgram(template, metric, folder, tracker.Store);
        var progress = new TuneProgress(study, metric, options);
        var end = await StudyRunner.RunAsync(study, trial => TryAsync(trial, program, journal, progress), options, TimeProvider.System, cancellation).ConfigureAwait(false);
        Conclude(journal.Run, study, end);
        capture.Dispose();
        journal.Run.Finish(end == RunEnd.Cancelled ? RunStatus.Killed : RunStatus.Finished);
        if (call.GetValue(CommonOptions.Json))
        {
            CommonOptions.WriteJson(TuneJson(study, journal.Run.Id, end));
        }
        else
        {
            Print(study, metric, journal.Run.Id, call.GetValue(Experiment)!, end);
        }

        return end == RunEnd.Cancelled ? 130 : study.Best is null ? 1 : 0;
    }

    private static async Task<IReadOnlyList<double>> TryAsync(RunningTrial trial, TrialProgram program, StudyJournal journal, TuneProgress progress)
    {
        var run = journal.Start(trial);
        try
        {
            var value = await program.RunAsync(trial, run).ConfigureAwait(false);
            StudyJournal.End(run, TrialState.Complete, value, null);
            progress.Ended(trial, value, null);
            return [value];
        }
        catch (TrialPrunedException)
        {
            StudyJournal.End(run, TrialState.Pruned, null, null);
            progress.Ended(trial, null, "pruned");
            throw;
        }
        catch (Exception e) when (e is TrialFailedException or OperationCanceledException)
        {
            var reason = e is TrialFailedException ? e.Message : "took too long, or the study is over";
            StudyJournal.End(run, TrialState.Failed, null, reason);
            progress.Ended(trial, null, reason);
            throw;
        }
        finally
        {
            run.Dispose();
        }
    }

    private static StudyOptions StudyOptionsOf(ParseResult call, RunOptions options)
    {
        try
        {
            return new StudyOptions
            {
                Directions = [call.GetValue(Goal) switch
                {
                    "minimize" => Direction.Minimize,
                    "maximize" => Direction.Maximize,
                    var other => throw new UsageException($"--direction '{other}': minimize or maximize"),
                }],
                Sampler = Sampler.Of(call.GetValue(SamplerName)!),
                Pruner = Pruner.Of(call.GetValue(PrunerName)!),
                Seed = call.GetValue(CommonOptions.Seed),
                Trials = options.Trials,
            };
        }
        catch (ArgumentException e)
        {
            throw new UsageException(e.Message.Split(" (Parameter")[0]);
        }
    }

    private static RunOptions Options(ParseResult call)
    {
        var (trials, budget) = (call.GetValue(Trials), call.GetValue(Budget));
        return new RunOptions
        {
            Parallel = AtLeast("--parallel", call.GetValue(Parallel), 1)!.Value,
            Trials = AtLeast("--trials", trials, 1) ?? (budget is null ? 50 : null),
            Timeout = budget is null ? null : Duration.Parse("--time-budget", budget),
            TrialTimeout = call.GetValue(TrialTime) is { } time ? Duration.Parse("--trial-timeout", time) : null,
            Retries = AtLeast("--retries", call.GetValue(Retries), 0)!.Value,
            Target = call.GetValue(Target),
            Patience = AtLeast("--patience", call.GetValue(Patience), 1),
        };
    }

    private static int? AtLeast(string option, int? value, int least) => value is null || value >= least ? value
        : throw new UsageException($"{option} {value}: a whole number from {least} up");

    private static void Conclude(Run run, Study study, RunEnd end)
    {
        run.Tag("roux.study.end", end.ToString().ToLowerInvariant());
        if (study.Best is { } best)
        {
            run.LogMetric("best", best.Value);
            run.Tag("roux.study.best", best.Configuration.ToJson().ToJsonString());
        }

        foreach (var (parameter, importance) in study.Importance())
        {
            run.LogMetric($"importance/{parameter}", importance);
        }
    }

    private static JsonObject TuneJson(Study study, string runId, RunEnd end)
    {
        var trials = study.Trials;
        return new JsonObject
        {
            ["run_id"] = runId,
            ["end"] = end.ToString().ToLowerInvariant(),
            ["best"] = study.Best is { } best ? new JsonObject { ["trial"] = best.Number, ["params"] = best.Configuration.ToJson(), ["value"] = best.Value } : null,
            ["trials"] = trials.Count,
            ["complete"] = trials.Count(trial => trial.State == TrialState.Complete),
            ["pruned"] = trials.Count(trial => trial.State == TrialState.Pruned),
            ["failed"] = trials.Count(trial => trial.State == TrialState.Failed),
            ["importance"] = new JsonObject(study.Importance().Select(pair => KeyValuePair.Create<string, JsonNode?>(pair.Parameter, pair.Importance))),
        };
    }

    private static void Print(Study study, string metric, string runId, string experiment, RunEnd end)
    {
        var (page, trials) = (new Page(), study.Trials);
        var counts = string.Join(", ", trials.GroupBy(trial => trial.State).OrderBy(group => group.Key).Select(group => $"{group.Count()} {group.Key.ToString().ToLowerInvariant()}"));
        page.Line(end switch
        {
            RunEnd.Target => $"The target is reached ({counts}).",
            RunEnd.Patience => $"No improvement for a while ({counts}).",
            RunEnd.Timeout => $"The time is up ({counts}).",
            RunEnd.Cancelled => $"Stopped, as asked ({counts}); --resume goes on.",
            _ => $"All trials are done ({counts}).",
        });
        if (study.Best is not { } best)
        {
            page.Line($"No trial gave a value. The last one: {(trials.Count > 0 ? trials[^1].Error : null) ?? "none"}");
        }
        else
        {
            page.Line("");
            page.Line(string.Create(CultureInfo.InvariantCulture, $"Best      {metric} {best.Value:G6} in trial {best.Number}"));
            var importance = study.Importance().ToDictionary(pair => pair.Parameter, pair => pair.Importance);
            var table = page.Table().Column("parameter").Column("value", right: true).Column("importance", right: true);
            foreach (var (name, value) in best.Configuration.OrderByDescending(pair => importance.GetValueOrDefault(pair.Key)))
            {
                table.Row([name, value is double number ? number.ToString("G6", CultureInfo.InvariantCulture) : Configuration.Format(value), importance.TryGetValue(name, out var share) ? share.ToString("0%", CultureInfo.InvariantCulture) : ""]);
            }

            page.Write(table);
        }

        page.Line("");
        page.Line($"Run       {runId}");
        page.Line($"Next      roux show {runId[..8]} · roux runs --all --experiment {experiment}");
    }
}
