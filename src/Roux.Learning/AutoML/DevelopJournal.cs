using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Roux.Learning.Data;
using Roux.Learning.Evaluation;
using Roux.Learning.Evaluation.Stored;
using Roux.Learning.Learners;
using Roux.Tracking;
using Roux.Tracking.Capture;
using Roux.Tracking.Reproduction;
using Roux.Tuning;

namespace Roux.Learning.AutoML;

/// <summary>
/// Records a development as one run with a child run per candidate, and finds what an earlier process of the same job has
/// already worked out.
/// </summary>
internal sealed class DevelopJournal : IDisposable
{
    private const string DevelopVerb = "develop";
    private const string KeyTag = "roux.develop.key";
    private const string CandidateTag = "roux.candidate";
    private const string PredictionsFile = FoldRows.PredictionsFile;
    private const string ElapsedMetric = "elapsed_seconds";
    private readonly Tracker tracker;
    private readonly DevelopOptions options;
    private readonly DevelopInputs inputs;
    private readonly Run run;
    private readonly IDisposable? capture;
    private readonly IReadOnlyList<RunRecord> before;
    private readonly TimeProvider clock;
    private readonly long started;
    private Metric? metric;

    private DevelopJournal(Tracker tracker, DevelopOptions options, DevelopInputs inputs, Run run, IDisposable? capture, RunRecord? resumed, TimeProvider clock)
    {
        (this.tracker, this.options, this.inputs, this.run, this.capture, this.clock) = (tracker, options, inputs, run, capture, clock);
        started = clock.GetTimestamp();
        Spent = TimeSpan.FromSeconds(resumed?.Metric(ElapsedMetric) ?? 0);
        before = resumed is null ? [] : tracker.SearchRuns(new RunQuery { Filter = $"tags.`mlflow.parentRunId` = '{resumed.Id}' AND attributes.status = 'FINISHED'", MaxResults = 10_000 });
    }

    public string RunId => run.Id;

    /// <summary>Time that earlier processes have spent on this job.</summary>
    public TimeSpan Spent { get; }

    /// <summary>What the model file says of where it comes from.</summary>
    public IReadOnlyDictionary<string, string> Metadata => new Dictionary<string, string>
    {
        ["run_id"] = run.Id,
        ["data"] = inputs.Data.Table.Name,
        ["data_sha256"] = inputs.Data.Digest,
        ["seed"] = options.Seed.ToString(CultureInfo.InvariantCulture),
    };

    public static DevelopJournal Open(Tracker tracker, DevelopOptions options, DevelopInputs inputs, Func<Run, IDisposable?> capture, TimeProvider clock, string verb = DevelopVerb)
    {
        var experiment = tracker.Experiment(JobName.Experiment(options));
        var key = Key(options, inputs);
        var resumed = options.Resume ? Unfinished(tracker, experiment.Name, key) : null;
        if (options.Resume && resumed is null)
        {
            throw new DataException("--resume: no unfinished development of this data with these options is in the store; run without --resume, or see 'roux runs'");
        }

        var run = resumed is null ? experiment.StartRun(verb) : tracker.Resume(resumed.Id);
        var journal = new DevelopJournal(tracker, options, inputs, run, capture(run), resumed, clock);
        if (resumed is null)
        {
            journal.LogInputs(verb == DevelopVerb ? key : null, verb);
        }

        run.Flush();
        return journal;
    }

    public void Profile(DataProfile profile) => run.LogText("profile.json", profile.ToJson().ToJsonString());

    public void Uses(Metric headline)
    {
        metric = headline;
        run.Tag(Development.MetricTag, headline.Name);
    }

    /// <summary>Records which rows are in which fold, for the predictions of candidates to be read by their rows.</summary>
    public void Splits(SplitPlan plan) => EvaluationFiles.LogFolds(run, inputs, plan);

    public bool Better(double a, double b) => metric!.HigherIsBetter ? a > b : a < b;

    /// <summary>Records a scored candidate as a child run; once this returns the result survives a crash.</summary>
    public CandidateResult Record(CandidateResult result)
    {
        var child = run.StartChild(result.Name);
        child.Log("learner", result.LearnerName).Log("family", result.Family);
        foreach (var (name, value) in result.Candidate?.Configuration ?? Configuration.Empty)
        {
            child.Log(name, Configuration.Format(value));
        }

        foreach (var (name, weight) in result.Members)
        {
            child.Log($"weight.{name}", weight);
        }

        for (var fold = 0; fold < result.Scores.Length; fold++)
        {
            child.LogMetric(metric!.Name, result.Scores[fold], fold);
        }

        if (result.Scores.Length > 0)
        {
            child.LogMetric($"cv_{metric!.Name}", result.Mean);
            child.LogMetric($"cv_{metric.Name}_std", result.StandardDeviation);
            child.LogMetric("fit_seconds", result.FitSeconds);
            child.LogMetric("predict_us_per_row", result.PredictMicrosecondsPerRow);
            child.LogMetric("size_bytes", result.SizeBytes);
            foreach (var (name, value) in result.Figures)
            {
                child.LogMetric(name, value);
            }

            var bytes = MemoryMarshal.AsBytes<double>(result.FoldPredictions.SelectMany(predictions => predictions.Values).ToArray());
            child.LogBytes(PredictionsFile, bytes);
        }

        if (result.Candidate is { } candidate && result.IsComplete)
        {
            child.Tag(CandidateTag, new JsonObject
            {
                ["name"] = result.Name,
                ["configuration"] = candidate.Configuration.ToJson(),
                ["fit_seconds"] = result.FitSeconds,
                ["predict_us_per_row"] = result.PredictMicrosecondsPerRow,
                ["size_bytes"] = result.SizeBytes,
                ["cpu_seconds"] = double.IsNaN(result.CpuSeconds) ? null : result.CpuSeconds,
                ["peak_memory_bytes"] = result.PeakMemoryBytes,
                ["parameters"] = result.ParameterCount,
            }.ToJsonString());
        }

        if (result.Stopped is { } reason)
        {
            child.Warn(reason);
        }

        child.Finish(result.IsComplete ? RunStatus.Finished : RunStatus.Killed);
        run.LogMetric(ElapsedMetric, (Spent + clock.GetElapsedTime(started)).TotalSeconds);
        run.Flush();
        return result with { RunId = child.Id };
    }

    /// <summary>Complete results of this job from earlier processes; one whose predictions cannot be read back is simply worked out again.</summary>
    public IEnumerable<CandidateResult> Known(IReadOnlyList<Learner> learners, SplitPlan plan)
    {
        var rows = plan.Folds.Sum(fold => fold.Test.Length);
        foreach (var child in before)
        {
            if (!child.Tags.TryGetValue(CandidateTag, out var text) || JsonNode.Parse(text) is not JsonObject json
                || learners.FirstOrDefault(learner => learner.Card.Name == child.Params.GetValueOrDefault("learner")) is not { } learner)
            {
                continue;
            }

            var scores = tracker.GetMetric(child.Id, metric!.Name).OrderBy(point => point.Step).Select(point => point.Value).ToArray();
            if (scores.Length != plan.Folds.Count || !tracker.ListArtifacts(child.Id).Any(file => file.Path == PredictionsFile && file.Bytes == 8L * rows * plan.Target.Width))
            {
                continue;
            }

            yield return new CandidateResult
            {
                Name = child.Name,
                LearnerName = learner.Card.Name,
                Family = learner.Card.Family,
                Complexity = learner.Card.Complexity,
                Candidate = new Candidate(child.Name, learner, Configuration.FromJson(json["configuration"]!.AsObject())),
                Scores = scores,
                FoldPredictions = Slice(MemoryMarshal.Cast<byte, double>(File.ReadAllBytes(tracker.ArtifactFile(child.Id, PredictionsFile))).ToArray(), plan),
                Folds = plan.Folds.Count,
                FitSeconds = json["fit_seconds"]!.GetValue<double>(),
                PredictMicrosecondsPerRow = json["predict_us_per_row"]!.GetValue<double>(),
                SizeBytes = json["size_bytes"]!.GetValue<long>(),
                CpuSeconds = json["cpu_seconds"]?.GetValue<double>() ?? double.NaN,
                PeakMemoryBytes = json["peak_memory_bytes"]?.GetValue<long>() ?? 0,
                ParameterCount = json["parameters"]?.GetValue<long>() ?? 0,
                RunId = child.Id,
            };
        }
    }

    /// <summary>Stores model, report and figures, registers the model and ends the run.</summary>
    public DevelopResult Complete(DevelopResult result, Func<DevelopResult, string> makeReport)
    {
        var temporary = Path.Combine(Path.GetTempPath(), $"roux-{run.Id}");
        Directory.CreateDirectory(temporary);
        try
        {
            var file = Path.Combine(temporary, "model.roux");
            result.Pipeline.Save(file);
            run.LogArtifact(file, "model");
        }
        finally
        {
            Directory.Delete(temporary, recursive: true);
        }

        foreach (var (name, value) in result.Test.Metrics)
        {
            run.LogMetric($"test_{name}", value);
        }

        foreach (var (name, interval) in result.Test.Intervals)
        {
            run.Tag($"{Tolerances.IntervalTagPrefix}test_{name}", string.Create(CultureInfo.InvariantCulture, $"{interval.Low:R},{interval.High:R}"));
        }

        run.LogMetric($"cv_{result.Metric.Name}", result.Winner.Mean);
        run.Tag("roux.winner", result.Winner.Name).Tag("roux.verdict", result.Verdict);
        run.ForgetFindings();
        foreach (var finding in result.Findings)
        {
            run.LogFinding(finding);
        }

        DevelopPlots.Log(run, result);
        EvaluationFiles.LogTest(run, inputs, result.TestPredictions);
        run.Flush();
        // A repetition shows that a figure holds; it is no new version of the model. One that misses the limits it was asked to keep is there
        // to be looked at, not to be deployed by whoever takes the latest version.
        var repeats = tracker.GetRun(run.Id).Tags.ContainsKey(RunMetrics.ReproducesTag);
        var version = repeats || result.Evidence.Costs is { WithinLimits: false } ? null : tracker.Models.Register(JobName.Model(options), run.Id, "model/model.roux", result.Verdict);
        result = result with { ModelVersion = version, ReportPath = $"{tracker.ArtifactDirectory(run.Id)}/report.html" };
        run.LogText("report.html", makeReport(result));
        run.LogMetric(ElapsedMetric, result.Seconds);
        capture?.Dispose();

        // A job that was asked to stop has a usable result, yet it can be taken up again: it counts as killed.
        run.Finish(result.Interrupted ? RunStatus.Killed : RunStatus.Finished);
        return result;
    }

    /// <summary>Stores the figures and rules of a comparison of baselines and ends the run.</summary>
    public void Complete(BaselineResult result)
    {
        foreach (var score in result.Scores)
        {
            run.LogMetric($"cv_{result.Metric.Name}.{score.Result.Name}", score.CrossValidated.Estimate);
            run.LogMetric($"test_{result.Metric.Name}.{score.Result.Name}", score.Final.Estimate);
        }

        run.LogMetric($"cv_{result.Metric.Name}", result.Scores[0].CrossValidated.Estimate);
        run.Tag("roux.winner", result.Scores[0].Result.Name);
        foreach (var finding in result.Findings)
        {
            run.LogFinding(finding);
        }

        if (result.Suggestion is { } suggestion)
        {
            run.LogText("suggested_rules.json", suggestion.ToJson());
        }

        capture?.Dispose();
        run.Finish();
    }

    public void Abandon(Exception error, bool interrupted)
    {
        capture?.Dispose();
        if (interrupted || error is OperationCanceledException)
        {
            run.Finish(RunStatus.Killed);
        }
        else
        {
            run.Fail(error);
        }
    }

    public void Dispose()
    {
        capture?.Dispose();
        run.Dispose();
    }

    /// <param name="key">Names a job that can be taken up again; <c>null</c> for one that cannot.</param>
    /// <param name="verb">The verb of the command line.</param>
    private void LogInputs(string? key, string verb)
    {
        run.Tag("roux.verb", verb);
        run.Log("target", options.Target).Log("task", inputs.Task.ToString().ToLowerInvariant()).Log("seed", options.Seed);
        if (key is not null)
        {
            run.Tag(KeyTag, key);
            run.Log("budget", options.Trials is { } trials ? $"{trials} trials" : $"{options.TimeBudget.TotalSeconds.ToString(CultureInfo.InvariantCulture)} s");
        }

        if (options.Drop.Count > 0)
        {
            run.Log("drop", string.Join(", ", options.Drop));
        }

        if (options.RulesPath is { } rules && File.Exists(rules))
        {
            run.Log("rules", Path.GetFileName(rules)).LogArtifact(rules, "rules");
        }

        if (options.Existing is { } existing)
        {
            run.Log("existing", existing.Source);
        }

        run.LogDataset(DatasetOf(inputs.Data, options.DataPath, inputs.Columns), inputs.TestData is null ? "all" : "training");
        if (inputs.TestData is { } test)
        {
            run.LogDataset(DatasetOf(test, options.TestPath!, inputs.Columns), "testing");
        }
    }

    /// <summary>The record of a table that was read, with the roles of its columns.</summary>
    internal static Dataset DatasetOf(LoadedTable loaded, string path, IReadOnlyList<ColumnSpec> columns) => new(
        loaded.Table.Name == Path.GetFileName(path) ? DataName.OfFile(path) : loaded.Table.Name, loaded.Digest, Path.GetFullPath(path), loaded.Bytes, loaded.Table.RowCount,
        new JsonArray([.. columns.Take(2_000).Select(column => (JsonNode)new JsonObject
        {
            ["name"] = column.Name,
            ["type"] = column.Type.ToString().ToLowerInvariant(),
            ["role"] = column.Role.ToString().ToLowerInvariant(),
        })]).ToJsonString())
    {
        Profile = CompactProfile.Of(loaded.Table, columns).ToJson(),
    };

    private static RunRecord? Unfinished(Tracker tracker, string experiment, string key)
    {
        var runs = tracker.SearchRuns(new RunQuery
        {
            Experiments = [experiment],
            Filter = $"tags.`{KeyTag}` = '{key}' AND attributes.status != 'FINISHED'",
            OrderBy = ["attributes.start_time DESC"],
            MaxResults = 1,
        });
        return runs.Count == 0 ? null : runs[0];
    }

    /// <summary>Names a job: the same data and every option that its results depend on.</summary>
    private static string Key(DevelopOptions options, DevelopInputs inputs)
    {
        var parts = string.Join('\u001f',
            inputs.Data.Digest, inputs.TestData?.Digest, options.Target, options.Sql, options.Metric, options.Task, options.Separator,
            options.GroupColumn, options.TimeColumn, options.Existing?.KeyColumn, options.Folds, options.Seed, options.HoldoutFraction.ToString("R", CultureInfo.InvariantCulture),
            string.Join(',', options.Drop.Order()), string.Join(',', options.Families.Order()), options.WeightsFolder,
            string.Join(',', DevelopAnnotations.Columns(options).Select(pair => pair.Column).Order()),
            string.Join(',', options.Roles.OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => $"{pair.Key}={pair.Value}")));
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(parts)))[..16];
    }

    private static Predictions[] Slice(double[] values, SplitPlan plan)
    {
        var parts = new Predictions[plan.Folds.Count];
        var start = 0;
        for (var fold = 0; fold < parts.Length; fold++)
        {
            var length = plan.Folds[fold].Test.Length * plan.Target.Width;
            parts[fold] = new Predictions(plan.Target.Task, plan.Target.Width, values[start..(start + length)]);
            start += length;
        }

        return parts;
    }
}
