using Roux.Tracking.Capture;

namespace Roux.Tracking.Reproduction;

/// <summary>The environment variables that a repetition gets: those of the allow list as the first run had them.</summary>
public static class RecordedVariables
{
    // Of a job or machine, not of the program.
    private static readonly string[] OfTheMachine = ["SLURM_", "RANK", "LOCAL_RANK", "WORLD_SIZE", "LD_PRELOAD", "CUDA_VISIBLE_DEVICES", "NVIDIA_VISIBLE_DEVICES", "HIP_VISIBLE_DEVICES", "ROCR_VISIBLE_DEVICES"];

    /// <summary>Values by name; null takes away one that is set now and was not then.</summary>
    /// <param name="recipe">What the run recorded.</param>
    /// <param name="from">Top of the repository as it was.</param>
    /// <param name="to">Where it lies now.</param>
    public static Dictionary<string, string?> Of(RunRecipe recipe, string from, string to)
    {
        ArgumentNullException.ThrowIfNull(recipe);
        var variables = new Dictionary<string, string?>(StringComparer.Ordinal);
        if (recipe.Environment.Count == 0)
        {
            return variables;
        }

        var now = EnvironmentCapture.Variables(System.Environment.GetEnvironmentVariables()).Kept;
        foreach (var name in now.Keys.Where(n => !IsOfTheMachine(n) && !recipe.Variables.ContainsKey(n)))
        {
            variables[name] = null;
        }

        foreach (var (name, value) in recipe.Variables)
        {
            var gone = name is "VIRTUAL_ENV" or "CONDA_PREFIX" && !Directory.Exists(value);
            if (!IsOfTheMachine(name) && !gone && !value.Contains(CommandLineText.Secret, StringComparison.Ordinal))
            {
                // An environment inside the repository is not code: it stays where it is.
                variables[name] = name is "VIRTUAL_ENV" or "CONDA_PREFIX" ? value : CommandRestore.MovePath(value, from, to);
            }
        }

        return variables;
    }

    private static bool IsOfTheMachine(string name) => OfTheMachine.Any(p => p.EndsWith('_') ? name.StartsWith(p, StringComparison.Ordinal) : name == p);
}
