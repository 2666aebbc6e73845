using System.Collections;
using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json;

namespace Roux.Tracking.Capture;

/// <summary>
/// Records, beside a run, what is needed to understand and repeat it: command line, repository with uncommitted changes, machine, packages, data files, output, and the use of resources.
/// <code>
/// using var run = experiment.StartRun("lgbm");
/// using var capture = RunCapture.Begin(run);
/// </code>
/// </summary>
/// <remarks>
/// <para>Beginning takes about a millisecond: all that is slow happens in the background, and <see cref="Dispose"/> waits for it. Nothing that goes wrong here ends the run: it becomes a warning on it.</para>
/// <para>Tags: <c>mlflow.source.name</c>, <c>mlflow.source.type</c>, <c>mlflow.user</c>, <c>mlflow.source.git.commit</c>, <c>mlflow.source.git.branch</c>, <c>mlflow.source.git.repoURL</c> as MLflow sets them, and
/// <c>roux.command</c>, <c>roux.working_directory</c>, <c>roux.host</c>, <c>roux.pid</c>, <c>roux.git.dirty</c>, <c>roux.git.untracked</c>, <c>roux.runtime</c>, <c>roux.python</c>, <c>roux.os</c>,
/// <c>roux.cpu</c>, <c>roux.gpu</c>, <c>roux.container</c>, <c>roux.dvc.FILE</c>.
/// Artifacts: <c>environment.json</c>, <c>git.diff</c> (where there are changes), <c>output.log</c> (where something was printed). Metrics: <c>system/…</c>.</para>
/// <para>A run whose parent is being captured in this process gets the tag <c>roux.captured_by</c> with the id of the run that holds all this, and nothing else.</para>
/// </remarks>
public sealed class RunCapture : IDisposable
{
    private const int LongestTag = 5000;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private static readonly ConcurrentDictionary<string, RunCapture> Active = new(StringComparer.Ordinal);

    private readonly Run _run;
    private readonly CaptureOptions _options;
    private readonly CancellationTokenSource _stop = new();
    private readonly ManualResetEventSlim _repositoryRead = new();
    private readonly string _owner;
    private OutputLog? _output;
    private ConsoleTee? _tee;
    private ResourceSampler? _sampler;
    private Task _recording = Task.CompletedTask;
    private int _disposed;

    private RunCapture(Run run, CaptureOptions options, string owner)
    {
        _run = run;
        _options = options;
        _owner = owner;
    }

    /// <summary>Starts recording.</summary>
    /// <param name="run">The run that gets the records.</param>
    /// <param name="options">What to record; null for everything.</param>
    /// <returns>Dispose it before the run ends.</returns>
    public static RunCapture Begin(Run run, CaptureOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(run);
        options ??= new CaptureOptions();
        if (run.ParentId is { } parent && Active.TryGetValue(parent, out var above))
        {
            var inherited = new RunCapture(run, options, above._owner);
            inherited._repositoryRead.Set();
            Active[run.Id] = inherited;
            inherited.Guard("capture", () => run.Tag("roux.captured_by", above._owner));
            return inherited;
        }

        var capture = new RunCapture(run, options, run.Id);
        Active[run.Id] = capture;
        capture.Start();
        return capture;
    }

    /// <summary>Waits until the state of the repository is recorded, so that what a program changes afterwards is not in it.</summary>
    /// <param name="timeout">Longest wait.</param>
    /// <returns>Whether it is.</returns>
    public bool WaitForRepository(TimeSpan timeout) => _repositoryRead.Wait(timeout);

    /// <summary>Adds bytes to the artifact <c>output.log</c>, as they come from a program that this process runs.</summary>
    public void WriteOutput(ReadOnlySpan<byte> bytes) => _output?.Write(bytes);

    /// <summary>Samples the use of resources by the programs that this process runs, instead of its own.</summary>
    /// <param name="processId">The program; on Linux all children of this process are measured.</param>
    public void MeasureChildren(int processId) => Guard("resources", () =>
        _sampler ??= Sampler(IsLinux ? new LinuxResourceReader(Environment.ProcessId, childrenOnly: true) : new PortableResourceReader(processId)));

    /// <summary>Stops recording and ends the run with a reason.</summary>
    /// <param name="status">How it ended.</param>
    /// <param name="reason">Why, for a failed or killed run.</param>
    public void Finish(RunStatus status, string? reason = null)
    {
        Dispose();
        _run.End(status, reason);
    }

    /// <summary>Takes the last sample and waits, at most half a minute, for what is still being recorded.</summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _disposed, 1) == 1)
        {
            return;
        }

        Guard("output", () => _tee?.Dispose());
        Guard("resources", () => _sampler?.Dispose());
        if (!_recording.Wait(Patience))
        {
            Warn($"capture: ended before everything was recorded: it took longer than {Patience.TotalSeconds:0} seconds");
            _stop.Cancel();
        }

        Guard("output", () => _output?.Dispose());
        Active.TryRemove(_run.Id, out _);
        if (_recording.IsCompleted)
        {
            _stop.Dispose();
            _repositoryRead.Dispose();
        }
    }

    private static bool IsLinux => OperatingSystem.IsLinux() && File.Exists("/proc/self/stat");

    private void Start()
    {
        _output = new OutputLog(() => _run.AppendArtifact("output.log"), Warn);
        if (_options.Output)
        {
            Guard("output", () => _tee = new ConsoleTee(_output));
        }

        if (_options.Resources)
        {
            Guard("resources", () => _sampler = Sampler(IsLinux ? new LinuxResourceReader(Environment.ProcessId, childrenOnly: false) : new PortableResourceReader(Environment.ProcessId)));
        }

        // A thread of its own: the pool may be busy with the very work that is recorded.
        _recording = Task.Factory.StartNew(Record, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
    }

    private ResourceSampler Sampler(IResourceReader reader)
    {
        var files = new SystemFiles();
        var available = files.MemoryLimit() ?? files.TotalMemory() ?? GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;
        return new ResourceSampler(reader, (key, value, step, time) => _run.LogMetric(key, value, step, time), Warn, _options.SampleInterval, available, _options.Time);
    }

    private void Record()
    {
        CommandLineRecord? command = null;
        GitRecord? git = null;
        EnvironmentRecord? environment = null;
        Guard("command line", () => command = RecordCommand());
        if (_options.Git)
        {
            Guard("git", () => git = RecordGit());
        }

        _repositoryRead.Set();
        if (_options.Environment)
        {
            Guard("environment", () => environment = RecordEnvironment(command, git));
        }

        var inputs = Inputs();
        if (inputs.Count == 0)
        {
            return;
        }

        var dvc = new List<DvcRecord>();
        foreach (var input in inputs)
        {
            Guard("data", () => RecordInput(input, dvc));
        }

        if (dvc.Count > 0 && environment is not null)
        {
            environment.Dvc = dvc;
            Guard("environment", () => Write(environment));
        }
    }

    private CommandLineRecord RecordCommand()
    {
        var record = CommandLineCapture.Capture(_options.Command, _options.WorkingDirectory);
        Tag("mlflow.source.name", CommandLineCapture.SourceName(record.Arguments));
        Tag("mlflow.source.type", "LOCAL");
        Tag("mlflow.user", record.User);
        Tag("roux.command", record.Text);
        Tag("roux.working_directory", record.WorkingDirectory);
        Tag("roux.host", record.Host);
        Tag("roux.pid", record.ProcessId.ToString(CultureInfo.InvariantCulture));
        return record;
    }

    private GitRecord? RecordGit()
    {
        if (GitCapture.Capture(_options.WorkingDirectory, _options.LargestDiff) is not { } git)
        {
            return null;
        }

        Tag("mlflow.source.git.commit", git.Commit);
        Tag("mlflow.source.git.branch", git.Branch);
        Tag("mlflow.source.git.repoURL", git.RemoteUrl);
        Tag("roux.git.dirty", git.Dirty switch { true => "true", false => "false", null => null });
        Tag("roux.git.untracked", git.Untracked.Count == 0 ? null : git.Untracked.Count.ToString(CultureInfo.InvariantCulture));
        Warn(git.Warnings);
        if (git.Diff.Length > 0)
        {
            _run.LogText("git.diff", git.Diff);
        }

        return git;
    }

    private EnvironmentRecord RecordEnvironment(CommandLineRecord? command, GitRecord? git)
    {
        var warnings = new List<string>();
        var foreign = _options.Command;
        var record = EnvironmentCapture.Capture(
            _options.WorkingDirectory, foreign is null ? EnvironmentCapture.OwnDepsFile() : EnvironmentCapture.DepsFileOf(foreign, _options.WorkingDirectory), warnings);
        record.Command = command;
        record.Git = git is null ? null : new GitSummary(git.Root, git.Commit, git.Branch, git.RemoteUrl, git.Dirty, git.Untracked, git.LeftOut, git.Submodules);
        if (foreign is not null)
        {
            var variables = Environment.GetEnvironmentVariables().Cast<DictionaryEntry>().ToDictionary(e => (string)e.Key, e => (string?)e.Value ?? "", StringComparer.Ordinal);
            record.Python = PythonEnvironment.Capture(foreign, _options.WorkingDirectory, variables, warnings);
        }

        Tag("roux.runtime", record.Dotnet.Runtime);
        Tag("roux.python", record.Python?.Version);
        Tag("roux.os", record.Os.Name);
        Tag("roux.cpu", record.Cpu.Model is null ? null : $"{record.Cpu.Model}, {record.Cpu.AvailableCores} of {record.Cpu.LogicalCores} cores");
        Tag("roux.gpu", record.Gpus.Count == 0 ? null : string.Join(", ", record.Gpus.Select(g => g.Name)));
        Tag("roux.container", record.Container);
        Warn(warnings);
        Write(record);
        return record;
    }

    private void Write(EnvironmentRecord record) => _run.LogText("environment.json", JsonSerializer.Serialize(record, CaptureJson.Readable.EnvironmentRecord));

    private List<string> Inputs()
    {
        var inputs = _options.Inputs.Select(Path.GetFullPath).ToList();
        if (_options.Command is { } command)
        {
            Guard("data", () => inputs.AddRange(DataFileCapture.InputsOf(command, _options.WorkingDirectory)));
        }

        return [.. inputs.Distinct(StringComparer.Ordinal)];
    }

    private void RecordInput(string input, List<DvcRecord> dvc)
    {
        var warnings = new List<string>();
        try
        {
            if (DataFileCapture.Read(input, warnings, _stop.Token) is not { } record)
            {
                return;
            }

            _run.LogDataset(record.Dataset, "input");
            if (record.Dvc is { } tracked)
            {
                dvc.Add(tracked);
                Tag($"roux.dvc.{Cut(record.Dataset.Name, 200)}", $"md5:{tracked.Md5} {tracked.File}{(tracked.Stage is null ? "" : $" (stage {tracked.Stage})")}");
            }
        }
        finally
        {
            Warn(warnings);
        }
    }

    private void Tag(string key, string? value)
    {
        if (!string.IsNullOrEmpty(value))
        {
            _run.Tag(key, Cut(value, LongestTag));
        }
    }

    private static string Cut(string text, int length) => text.Length <= length ? text : string.Concat(text.AsSpan(0, length - 1), "…");

    private void Warn(IEnumerable<string> messages)
    {
        foreach (var message in messages)
        {
            Warn(message);
        }
    }

    private void Warn(string message)
    {
        try
        {
            _run.Warn(message);
        }
        catch (TrackingException)
        {
            // The run has ended or its store takes no more: there is nobody left to tell.
        }
    }

    private void Guard(string what, Action action)
    {
        try
        {
            action();
        }
        catch (OperationCanceledException)
        {
            // Dispose has given up waiting and said so.
        }
#pragma warning disable CA1031 // Whatever goes wrong while recording, the run itself goes on.
        catch (Exception error)
#pragma warning restore CA1031
        {
            Warn($"{what}: not recorded: {error.Message.ReplaceLineEndings(" ")}");
        }
    }
}
