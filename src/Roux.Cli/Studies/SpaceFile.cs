using System.Text.Json;
using Roux.Tuning;

namespace Roux.Cli.Studies;

/// <summary>Reads a search space from a JSON or YAML file.</summary>
internal static class SpaceFile
{
    /// <exception cref="UsageException">No such file, too large, or no search space.</exception>
    public static SearchSpace Read(string path)
    {
        try
        {
            return SpaceJson.Read(YamlFile.Read("--space", path));
        }
        catch (Exception e) when (e is FormatException or JsonException)
        {
            throw new UsageException($"--space '{path}': {e.Message}");
        }
    }
}
