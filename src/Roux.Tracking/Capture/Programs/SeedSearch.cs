using System.Globalization;
using System.Text.RegularExpressions;

namespace Roux.Tracking.Capture.Programs;

/// <summary>A seed of random numbers.</summary>
/// <param name="Value">The number, or null where none was seen.</param>
/// <param name="Source">Who named it: an option such as <c>--seed</c>, <c>PYTHONHASHSEED</c>, <c>code train.py:12</c>, or <c>none</c>.</param>
internal sealed record SeedRecord(long? Value, string Source);

/// <summary>Looks for the seed of a program: on its command line, in its source, in the environment. Nothing is run, so a seed from a configuration file goes unseen.</summary>
internal static partial class SeedSearch
{
    private const int MostLines = 20_000;
    private const int LongestLine = 2000;

    /// <summary>The seed of a command.</summary>
    /// <param name="command">Program and arguments.</param>
    /// <param name="source">Lines of its entry file, or null.</param>
    /// <param name="sourceName">How the entry file is called.</param>
    /// <param name="variable">Environment variables.</param>
    public static SeedRecord Of(IReadOnlyList<string> command, IEnumerable<string>? source, string sourceName, Func<string, string?> variable)
    {
        for (var i = 1; i < command.Count; i++)
        {
            var equals = command[i].IndexOf('=', StringComparison.Ordinal);
            var name = equals > 0 ? command[i][..equals] : command[i];
            var value = equals > 0 ? command[i][(equals + 1)..] : name.StartsWith('-') || IsParameter(command[i - 1]) ? command.ElementAtOrDefault(i + 1) : null;
            if (IsSeedName(name) && Number(value) is { } given)
            {
                return new SeedRecord(given, name);
            }
        }

        var line = 0;
        foreach (var text in (source ?? []).Take(MostLines))
        {
            line++;
            if (text.Length <= LongestLine && !IsComment(text) && SeedPattern().Match(text) is { Success: true } match && Number(match.Groups["seed"].Value) is { } written)
            {
                return new SeedRecord(written, string.Create(CultureInfo.InvariantCulture, $"code {sourceName}:{line}"));
            }
        }

        return Number(variable("PYTHONHASHSEED")) is { } hash ? new SeedRecord(hash, "PYTHONHASHSEED") : new SeedRecord(null, "none");
    }

    // papermill: "-p seed 42".
    private static bool IsParameter(string option) => option is "-p" or "-r" or "--parameters" or "--parameters_raw";

    private static bool IsSeedName(string name)
    {
        var words = name.TrimStart('-', '+').Split(['-', '_', '.'], StringSplitOptions.RemoveEmptyEntries);
        return words.Contains("seed", StringComparer.OrdinalIgnoreCase)
            || (words.Length >= 2 && words[^2].Equals("random", StringComparison.OrdinalIgnoreCase) && words[^1].Equals("state", StringComparison.OrdinalIgnoreCase))
            || words is [var only] && only.ToUpperInvariant() is "RANDOMSEED" or "RANDOMSTATE";
    }

    private static long? Number(string? text) => long.TryParse(text?.Replace("_", "", StringComparison.Ordinal), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number : null;

    private static bool IsComment(string line) => line.AsSpan().TrimStart() is ['#', ..] or ['/', '/', ..];

    // random.seed(1), np.random.default_rng(1), torch.manual_seed(1), random_state=1, SEED = 1, set.seed(1), new Random(1), seed: 1
    [GeneratedRegex("""(?:\b(?:[A-Za-z_.]*_)?seed(?:_everything|_all)?\s*(?:\(|=|:)\s*|\brandom_?state\s*[=:]\s*|\bdefault_rng\(\s*|\bRandomState\(\s*|\bPRNGKey\(\s*|\bnew\s+Random\(\s*)(?<seed>-?\d[\d_]*)\b(?!\.\d)""", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex SeedPattern();
}
