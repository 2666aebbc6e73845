using System.Collections;
using System.Reflection;
using System.Runtime;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Text.Json;

namespace Roux.Tracking.Capture;

/// <summary>Describes the machine and the software that a run uses.</summary>
internal static class EnvironmentCapture
{
    private static readonly string[] DependencyFileNames =
    [
        "requirements.txt", "requirements-dev.txt", "pyproject.toml", "poetry.lock", "uv.lock", "pdm.lock", "Pipfile.lock", "Pipfile", "environment.yml", "environment.yaml", "conda-lock.yml",
        "setup.py", "setup.cfg", "pixi.lock", "packages.lock.json", "Directory.Packages.props", "global.json", "renv.lock", "Manifest.toml", "Project.toml", "package-lock.json", "Cargo.lock", "go.sum",
        "dvc.lock", "dvc.yaml", "Dockerfile",
    ];

    private static readonly HashSet<string> KeptVariables = new(StringComparer.OrdinalIgnoreCase)
    {
        "CUDA_VISIBLE_DEVICES", "CUDA_DEVICE_ORDER", "CUDA_LAUNCH_BLOCKING", "CUBLAS_WORKSPACE_CONFIG", "NVIDIA_VISIBLE_DEVICES", "HIP_VISIBLE_DEVICES", "ROCR_VISIBLE_DEVICES", "OMP_NUM_THREADS", "OMP_PROC_BIND",
        "OMP_PLACES", "OMP_SCHEDULE", "KMP_AFFINITY", "KMP_BLOCKTIME", "GOMP_CPU_AFFINITY", "MKL_NUM_THREADS", "MKL_DYNAMIC", "MKL_CBWR", "OPENBLAS_NUM_THREADS", "OPENBLAS_CORETYPE", "BLIS_NUM_THREADS",
        "NUMEXPR_NUM_THREADS", "VECLIB_MAXIMUM_THREADS", "PYTHONHASHSEED", "PYTHONPATH", "PYTHONOPTIMIZE", "VIRTUAL_ENV", "CONDA_DEFAULT_ENV", "CONDA_PREFIX", "TF_DETERMINISTIC_OPS", "TF_CUDNN_DETERMINISTIC",
        "TF_ENABLE_ONEDNN_OPTS", "TF_XLA_FLAGS", "XLA_FLAGS", "TORCH_CUDNN_V8_API_ENABLED", "PYTORCH_CUDA_ALLOC_CONF", "NCCL_P2P_DISABLE", "WORLD_SIZE", "RANK", "LOCAL_RANK", "SLURM_JOB_ID", "SLURM_NTASKS",
        "SLURM_CPUS_PER_TASK", "DOTNET_gcServer", "DOTNET_gcConcurrent", "DOTNET_GCHeapHardLimit", "DOTNET_GCHeapCount", "DOTNET_TieredPGO", "DOTNET_TieredCompilation", "DOTNET_PROCESSOR_COUNT",
        "DOTNET_EnableAVX2", "DOTNET_EnableAVX512F", "DVC_ROOT", "DVC_STAGE", "DVC_EXP_NAME", "DVC_EXP_BASELINE_REV", "LANG", "LC_ALL", "TZ", "ROUX_SEED", "LD_PRELOAD", "LD_LIBRARY_PATH",
    };

    private static readonly string[] NamedPrefixes =
    [
        "CUDA", "NVIDIA", "CUDNN", "NCCL", "OMP_", "KMP_", "MKL_", "OPENBLAS", "PYTHON", "CONDA", "TF_", "TORCH", "PYTORCH", "JAX_", "XLA_", "HF_", "TRANSFORMERS_", "MLFLOW_", "ROUX_", "WANDB_", "COMET_", "NEPTUNE_",
        "RAY_", "SLURM_", "DOTNET_", "COMPlus_", "AWS_", "AZURE_", "GOOGLE_", "KUBERNETES_", "SPARK_", "DVC_", "OPENAI_", "ANTHROPIC_",
    ];

    /// <summary>Describes this machine.</summary>
    /// <param name="workingDirectory">Where dependency files are looked for.</param>
    /// <param name="depsFile">The <c>deps.json</c> of the program; null for no packages.</param>
    /// <param name="files">System files; null for those of this machine.</param>
    /// <param name="warnings">Gets one line for each thing that could not be read.</param>
    /// <param name="tool">Tells graphics processors; null for none.</param>
    /// <param name="keepVariables">Names of variables whose values are kept beside those of the list.</param>
    public static EnvironmentRecord Capture(
        string workingDirectory, string? depsFile, List<string> warnings, SystemFiles? files = null, NvidiaSmi? tool = null, IReadOnlyList<string>? keepVariables = null)
    {
        files ??= new SystemFiles();
        var (kept, named) = Variables(Environment.GetEnvironmentVariables(), keepVariables);
        var container = files.Container();
        return new EnvironmentRecord
        {
            Roux = typeof(EnvironmentCapture).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown",
            Dotnet = new DotnetRecord(RuntimeInformation.FrameworkDescription, RuntimeInformation.RuntimeIdentifier, GCSettings.IsServerGC, Simd()),
            Os = new OperatingSystemRecord(files.Distribution() ?? RuntimeInformation.OSDescription, Environment.OSVersion.Version.ToString(), RuntimeInformation.OSArchitecture.ToString()),
            Cpu = new CpuRecord(
                files.CpuModel() ?? Environment.GetEnvironmentVariable("PROCESSOR_IDENTIFIER"),
                Math.Max(files.LogicalCores() ?? 0, Environment.ProcessorCount),
                Environment.ProcessorCount,
                files.CpuLimit()),
            Memory = new MemoryRecord(files.TotalMemory() ?? GC.GetGCMemoryInfo().TotalAvailableMemoryBytes, files.MemoryLimit()),
            Container = container,
            ContainerDetails = container is null ? null : new ContainerFiles().Read(container, Environment.GetEnvironmentVariable),
            Gpus = Gpus(files, tool, warnings),
            Packages = depsFile is null ? [] : DotnetPackages(depsFile, warnings),
            DependencyFiles = [.. DependencyFileNames.Where(n => File.Exists(Path.Combine(workingDirectory, n)))],
            Variables = kept,
            VariableNames = named,
        };
    }

    /// <summary>The <c>deps.json</c> of this process, or null for a program without one.</summary>
    public static string? OwnDepsFile() =>
        (AppContext.GetData("APP_CONTEXT_DEPS_FILES") as string)?.Split(';', StringSplitOptions.RemoveEmptyEntries).FirstOrDefault(File.Exists);

    /// <summary>The <c>deps.json</c> of a .NET program that a command starts (<c>dotnet app.dll</c>, or an executable beside its <c>app.deps.json</c>), or null.</summary>
    public static string? DepsFileOf(IReadOnlyList<string> command, string workingDirectory)
    {
        foreach (var argument in command.Take(4).Where((a, i) => i == 0 || a.EndsWith(".dll", StringComparison.OrdinalIgnoreCase)))
        {
            var path = Path.Combine(workingDirectory, argument);
            foreach (var candidate in new[] { Path.ChangeExtension(path, ".deps.json"), path + ".deps.json" })
            {
                if (File.Exists(candidate))
                {
                    return Path.GetFullPath(candidate);
                }
            }
        }

        return null;
    }

    /// <summary>Packages with versions in a <c>deps.json</c>, sorted by name.</summary>
    public static IReadOnlyList<PackageRecord> DotnetPackages(string depsFile, List<string> warnings)
    {
        try
        {
            using var document = JsonDocument.Parse(File.ReadAllBytes(depsFile));
            var packages = new List<PackageRecord>();
            if (document.RootElement.TryGetProperty("libraries", out var libraries))
            {
                foreach (var library in libraries.EnumerateObject())
                {
                    var slash = library.Name.IndexOf('/', StringComparison.Ordinal);
                    if (slash > 0 && library.Value.TryGetProperty("type", out var type) && type.GetString() is "package" or "runtimepack")
                    {
                        packages.Add(new PackageRecord(library.Name[..slash], library.Name[(slash + 1)..]));
                    }
                }
            }

            packages.Sort((a, b) => StringComparer.OrdinalIgnoreCase.Compare(a.Name, b.Name));
            return packages;
        }
        catch (Exception error) when (error is JsonException or IOException or UnauthorizedAccessException or InvalidOperationException)
        {
            warnings.Add($"environment: packages are not recorded, '{depsFile}' could not be read: {error.Message.ReplaceLineEndings(" ")}");
            return [];
        }
    }

    /// <summary>Splits variables into those whose values are kept and those only named.</summary>
    /// <param name="variables">All of them.</param>
    /// <param name="more">Names kept beside those of the list; one that names a secret is never kept.</param>
    internal static (SortedDictionary<string, string> Kept, List<string> Named) Variables(IDictionary variables, IReadOnlyList<string>? more = null)
    {
        var kept = new SortedDictionary<string, string>(StringComparer.Ordinal);
        var named = new List<string>();
        foreach (DictionaryEntry variable in variables)
        {
            var name = (string)variable.Key;
            if (KeptVariables.Contains(name) || (more?.Contains(name, StringComparer.Ordinal) == true && !SecretMask.IsSecretName(name)))
            {
                kept[name] = SecretMask.Text((string?)variable.Value ?? "");
            }
            else if (NamedPrefixes.Any(p => name.StartsWith(p, StringComparison.Ordinal)))
            {
                named.Add(name);
            }
        }

        named.Sort(StringComparer.Ordinal);
        return (kept, named);
    }

    private static string Simd() =>
        Vector512.IsHardwareAccelerated ? "512 bit" : Vector256.IsHardwareAccelerated ? "256 bit" : Vector128.IsHardwareAccelerated ? "128 bit" : "none";

    private static IReadOnlyList<GpuRecord> Gpus(SystemFiles files, NvidiaSmi? tool, List<string> warnings)
    {
        try
        {
            return tool?.List() ?? files.NvidiaGpus();
        }
        catch (InvalidOperationException error)
        {
            warnings.Add($"gpu: nvidia-smi is there but does not work: {error.Message}");
            return files.NvidiaGpus();
        }
    }
}
