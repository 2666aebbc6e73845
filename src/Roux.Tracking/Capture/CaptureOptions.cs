namespace Roux.Tracking.Capture;

/// <summary>What <see cref="RunCapture"/> records. Change single settings with <c>with</c>.</summary>
public sealed record CaptureOptions
{
    /// <summary>Program and arguments that the run stands for; null for those of this process.</summary>
    public IReadOnlyList<string>? Command { get; init; }

    /// <summary>Folder whose repository and dependency files are recorded. Default: the current one.</summary>
    public string WorkingDirectory { get; init; } = System.Environment.CurrentDirectory;

    /// <summary>Data files that the run reads: hashed in the background and logged as datasets. Files that a <see cref="Command"/> names are found without this.</summary>
    public IReadOnlyList<string> Inputs { get; init; } = [];

    /// <summary>Makes the profile of a data file as JSON, or <c>null</c> where it has none; called in the background for each input that is a file. Default: no profiles.</summary>
    public Func<string, CancellationToken, string?>? Profile { get; init; }

    /// <summary>Record the git repository: commit, branch, remote, uncommitted changes. Default: on.</summary>
    public bool Git { get; init; } = true;

    /// <summary>Record machine, runtime and packages. Default: on.</summary>
    public bool Environment { get; init; } = true;

    /// <summary>Sample processor, memory, disk and network of this process and its children. Default: on.</summary>
    public bool Resources { get; init; } = true;

    /// <summary>Copy what this process prints through <see cref="Console"/> into the artifact <c>output.log</c>. Default: on.</summary>
    public bool Output { get; init; } = true;

    /// <summary>Names of environment variables whose values are kept beside those of the built-in list. One whose name says that it holds a secret is never kept.</summary>
    public IReadOnlyList<string> KeepVariables { get; init; } = [];

    /// <summary>The seed that Roux itself draws from; recorded with the source <c>roux</c>. A program may set its own by <see cref="Run.Seed"/>.</summary>
    public long? Seed { get; init; }

    /// <summary>Time between samples of resources. Default: five seconds.</summary>
    public TimeSpan SampleInterval { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Bytes of uncommitted changes kept at most. Default: 4 MiB.</summary>
    public int LargestDiff { get; init; } = 4 << 20;

    /// <summary>The clock behind the sampler.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Where programs such as nvidia-smi are looked for.</summary>
    internal string? SearchPath { get; init; } = System.Environment.GetEnvironmentVariable("PATH");
}
