using System.Collections;
using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json;
using Roux.Tracking.Capture.Lineage;
using Roux.Tracking.Capture.Programs;

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
/// <para>What stands where is listed in docs/capture.md: tags <c>mlflow.source.…</c>, <c>mlflow.user</c> and <c>roux.…</c>; artifacts <c>environment.json</c>, <c>git.diff</c> (where there are changes),
/// <c>code/…</c>, <c>notebook/…</c>, <c>output.log</c> (where something was printed); metrics <c>system/…</c>; data sets; findings where a reader should act.</para>
/// <para>A run whose parent is being captured in this process gets the tag <c>roux.captured_by</c> with the id of the run that holds all this, and nothing else.</para>
/// </remarks>
public sealed class RunCapture : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private static readonly ConcurrentDictionary<string, RunCapture> Active = new(StringComparer.Ordinal);

    private readonly Run _run;
    private readonly CaptureOptions _options;
    private readonly RunNotes _notes;
    private readonly NvidiaSmi? _nvidia;
    private readonly CancellationTokenSource _stop = new();
    private readonly ManualResetEventSlim _repositoryRead = new();
    private readonly string _owner;
    private OutputLog? _output;
    private ConsoleTee? _tee;
    private ResourceSampler? _sampler;
    private GpuSampler? _gpuSampler;
    private ProgramCapture? _program;
    private EnvironmentRecord? _environment;
    private int _gpuWarned;
    private Task _recording = Task.CompletedTask;
    private int _disposed;

    private RunCapture(Run run, CaptureOptions options, string owner)
    {
        _run = run;
        _options = options;
        _owner = owner;
        _notes = new RunNotes(run);
        _nvidia = NvidiaSmi.Find(options.SearchPath);
    }

    /// <summary>Starts recording.</summary>
    /// <param name="run">The run that gets the records.</param>
    /// <param name="options">What to record; null for everything.</param>
    /// <returns>Dispose it before the run ends.</returns>
    public static RunCapture Begin(Run run, CaptureOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(run);
        options ??= new CaptureOptions();
        if (run.IsJoined)
        {
            // The process that started this one records it; only it does not know what the program says it reads.
            options = options with { Command = null, Git = false, Environment = false, Resources = false, Output = false };
        }

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
    public void MeasureChildren(int processId) => Guard("resources", () => StartSampling(IsLinux ? new LinuxResourceReader(Environment.ProcessId, childrenOnly: true) : new PortableResourceReader(processId)));

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
        Guard("resources", () => _gpuSampler?.Dispose());
        Guard("resources", () => _sampler?.Dispose());
        if (!_recording.Wait(Patience))
        {
            Warn($"capture: ended before everything was recorded: it took longer than {Patience.TotalSeconds:0} seconds");
            _stop.Cancel();
        }
        else
        {
            Guard("code", Conclude);
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
            Guard("resources", () => StartSampling(IsLinux ? new LinuxResourceReader(Environment.ProcessId, childrenOnly: false) : new PortableResourceReader(Environment.ProcessId)));
        }

        // A thread of its own: the pool may be busy with the very work that is recorded.
        _recording = Task.Factory.StartNew(Record, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
    }

    private void StartSampling(IResourceReader reader)
    {
        if (_sampler is not null)
        {
            return;
        }

        var files = new SystemFiles();
        var available = files.MemoryLimit() ?? files.TotalMemory() ?? GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;
        _sampler = new ResourceSampler(reader, Log, Warn, _options.SampleInterval, available, _options.Time);
        if (_nvidia is not null)
        {
            _gpuSampler = new GpuSampler(_nvidia, Log, WarnOfGpu, _options.SampleInterval, _options.Time);
        }

        void Log(string key, double value, long step, DateTimeOffset time) => _run.LogMetric(key, value, step, time);
    }

    private void Record()
    {
        CommandLineRecord? command = null;
        GitRecord? git = null;
        if (!_run.IsJoined)
        {
            Guard("command line", () => command = RecordCommand());
            Guard("findings", _run.ForgetCapture);
        }

        if (_options.Git)
        {
            Guard("git", () => git = RecordGit());
        }

        if (!_run.IsJoined)
        {
            _program = new ProgramCapture(_run, _options, _notes);
            Guard("code", () => _program.Begin(git?.Root));
        }

        _repositoryRead.Set();
        if (_options.Environment)
        {
            Guard("environment", () => _environment = RecordEnvironment(command, git));
        }

        var dvc = new List<DvcRecord>();
        foreach (var input in Inputs())
        {
            Guard("data", () => RecordInput(input, dvc));
        }

        if (dvc.Count > 0 && _environment is not null)
        {
            _environment.Dvc = dvc;
            Guard("environment", () => Write(_environment));
        }
    }

    // What is known only now that the program has been built and run.
    private void Conclude()
    {
        if (_program?.End(_environment) == true && _environment is not null)
        {
            Write(_environment);
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
        Tag("roux.git.state", string.Join(' ', git.State));
        Tag("roux.git.patch", git.Complete switch { true => "complete", false => "incomplete", null => null });
        Tag("roux.git.untracked", git.Untracked.Count == 0 ? null : git.Untracked.Count.ToString(CultureInfo.InvariantCulture));
        Warn(git.Warnings);
        foreach (var finding in GitFindings.Of(git))
        {
            _run.LogFinding(finding);
        }

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
            _options.WorkingDirectory, foreign is null or ["roux", ..] ? EnvironmentCapture.OwnDepsFile() : EnvironmentCapture.DepsFileOf(foreign, _options.WorkingDirectory), warnings, tool: _nvidia, keepVariables: _options.KeepVariables);
        record.Command = command;
        record.Git = git is null ? null : new GitSummary(git.Root, git.Commit, git.Branch, git.RemoteUrl, git.Dirty, git.Untracked, git.LeftOut, git.Submodules, git.State, git.Complete);
        record.Program = _program?.Program;
        record.Seed = _program?.Seed;
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
        Tag("roux.container.id", record.ContainerDetails?.Id);
        Tag("roux.container.image", record.ContainerDetails?.Image);
        foreach (var warning in warnings)
        {
            (warning.StartsWith("gpu:", StringComparison.Ordinal) ? WarnOfGpu : (Action<string>)Warn)(warning);
        }

        Write(record);
        return record;
    }

    private void Write(EnvironmentRecord record) => _run.LogText("environment.json", JsonSerializer.Serialize(record, CaptureJson.Readable.EnvironmentRecord));

    private List<string> Inputs()
    {
        var inputs = _options.Inputs.Select(Path.GetFullPath).ToList();
        if ((_options.Command ?? CommandLineCapture.OfProgram()) is { } command)
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
            using var inputs = new DataInputs(warnings, _stop.Token);
            var data = inputs.Read(input);
            if (data.Dataset is { } dataset)
            {
                _run.LogDataset(dataset, "input");
                if (_options.Profile is { } profile && !_run.KnowsProfile(dataset.Digest) && File.Exists(input) && profile(input, _stop.Token) is { } made)
                {
                    _run.LogDataset(dataset with { Profile = made }, "input");
                }
            }

            if (data.Dvc is { } tracked)
            {
                dvc.Add(tracked);
                Tag($"roux.dvc.{RunNotes.Cut(data.Name, 200)}", $"md5:{tracked.Md5} {tracked.File}{(tracked.Stage is null ? "" : $" (stage {tracked.Stage})")}");
            }

            if (data.Lfs is { } pointer)
            {
                Tag($"roux.lfs.{RunNotes.Cut(data.Name, 200)}", string.Create(CultureInfo.InvariantCulture, $"sha256:{pointer.Oid} {pointer.Bytes} {data.LfsState}"));
            }

            foreach (var finding in data.Findings)
            {
                _run.LogFinding(finding);
            }
        }
        finally
        {
            Warn(warnings);
        }
    }

    // Both who lists the processors and who samples them may find the tool broken: once is enough.
    private void WarnOfGpu(string message)
    {
        if (Interlocked.Exchange(ref _gpuWarned, 1) == 0)
        {
            Warn(message);
        }
    }

    private void Tag(string key, string? value) => _notes.Tag(key, value);

    private void Warn(IEnumerable<string> messages) => _notes.Warn(messages);

    private void Warn(string message) => _notes.Warn(message);

    private void Guard(string what, Action action) => _notes.Guard(what, action);
}
