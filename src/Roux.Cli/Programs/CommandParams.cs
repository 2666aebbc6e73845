using Roux.Tracking.Capture;

namespace Roux.Cli.Programs;

/// <summary>Reads params from a command line, so that runs of any program can be searched and compared by them.</summary>
internal static class CommandParams
{
    private const int MostParams = 200;
    private const int LongestValue = 500;

    /// <summary>Values of options (<c>--lr 0.1</c>, <c>--lr=0.1</c>; of papermill <c>-p lr 0.1</c>) and of assignments (<c>optim.lr=0.1</c>); the last of a name wins, and secrets are left out.</summary>
    /// <param name="command">Program and arguments.</param>
    public static Dictionary<string, object> Of(IReadOnlyList<string> command)
    {
        var found = new Dictionary<string, object>(StringComparer.Ordinal);
        var masked = CommandLineText.Mask(command);
        var papermill = command.Take(4).Any(a => Path.GetFileName(a) == "papermill");
        for (var i = 1; i < masked.Count && found.Count < MostParams; i++)
        {
            var argument = masked[i];
            var equals = argument.IndexOf('=', StringComparison.Ordinal);
            var option = argument.StartsWith("--", StringComparison.Ordinal);
            if (equals > 0)
            {
                Add(argument[..equals].TrimStart('-', '+'), argument[(equals + 1)..]);
            }
            else if (papermill && argument is "-p" or "-r" or "--parameters" or "--parameters_raw" && i + 2 < masked.Count)
            {
                Add(masked[i + 1], masked[i + 2]);
                i += 2;
            }
            else if (option && i + 1 < masked.Count && IsValue(masked[i + 1]))
            {
                Add(argument.TrimStart('-'), masked[++i]);
            }
        }

        return found;

        void Add(string name, string value)
        {
            if (name.Length is > 0 and <= 100 && char.IsLetter(name[0]) && name.All(c => char.IsLetterOrDigit(c) || c is '-' or '_' or '.' or '/')
                && value.Length is > 0 and <= LongestValue && !value.Contains(CommandLineText.Secret, StringComparison.Ordinal))
            {
                found[name] = value;
            }
        }
    }

    // A negative number is a value, another option is not.
    private static bool IsValue(string text) => text.Length > 0 && (text[0] != '-' || (text.Length > 1 && (char.IsAsciiDigit(text[1]) || text[1] == '.')));
}
