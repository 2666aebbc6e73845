using System.Globalization;
using Roux.Tuning;

namespace Roux.Cli.Studies;

/// <summary>How many trials run at the same time, and what each of them may use.</summary>
internal sealed record TrialPlaces
{
    private static readonly string[] Threads = ["OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "DOTNET_PROCESSOR_COUNT"];

    /// <summary>Trials at the same time.</summary>
    public required int Count { get; init; }

    /// <summary>Processor cores of a trial; null where nobody said.</summary>
    public int? Cores { get; init; }

    /// <summary>GPUs by their number or id, dealt out in turn; empty for none.</summary>
    public IReadOnlyList<string> Gpus { get; init; } = [];

    /// <summary>Works out how many places there are.</summary>
    /// <param name="parallel">Trials at the same time that were asked for; null for as many as the other bounds allow, or 1 without any.</param>
    /// <param name="coresPerTrial">Cores that a trial uses; null for any.</param>
    /// <param name="memoryPerTrial">Bytes that a trial uses; null for any.</param>
    /// <param name="gpus">GPUs there are for the study.</param>
    /// <param name="trialsPerGpu">Trials that share a GPU.</param>
    /// <param name="cores">Cores of this machine.</param>
    /// <param name="memory">Bytes that are free.</param>
    /// <exception cref="UsageException">Not even one trial fits.</exception>
    public static TrialPlaces Of(int? parallel, int? coresPerTrial, long? memoryPerTrial, IReadOnlyList<string> gpus, int trialsPerGpu, int cores, long memory)
    {
        if (coresPerTrial > cores)
        {
            throw new UsageException($"--cores-per-trial {coresPerTrial}: this machine has {cores}");
        }

        if (memoryPerTrial > memory)
        {
            throw new UsageException(string.Create(CultureInfo.InvariantCulture, $"--memory-per-trial: {memoryPerTrial / 1e9:0.##} GB asked for, {memory / 1e9:0.##} GB are free"));
        }

        int?[] bounds = [coresPerTrial is { } each ? cores / each : null, memoryPerTrial is { } bytes ? (int)Math.Min(int.MaxValue, memory / bytes) : null, gpus.Count > 0 ? gpus.Count * trialsPerGpu : null];
        var bound = bounds.OfType<int>().DefaultIfEmpty(int.MaxValue).Min();
        return new TrialPlaces { Count = Math.Min(parallel ?? (bound == int.MaxValue ? 1 : bound), bound), Cores = coresPerTrial, Gpus = gpus };
    }

    /// <summary>Variables that tell a program what is its own.</summary>
    public IEnumerable<KeyValuePair<string, string>> Variables(RunningTrial trial)
    {
        yield return new("ROUX_TRIAL_SLOT", trial.Slot.ToString(CultureInfo.InvariantCulture));
        if (Gpus.Count > 0)
        {
            yield return new("CUDA_VISIBLE_DEVICES", Gpus[trial.Slot % Gpus.Count]);
        }

        if (Cores is { } cores)
        {
            foreach (var name in Threads)
            {
                yield return new(name, cores.ToString(CultureInfo.InvariantCulture));
            }
        }
    }
}
