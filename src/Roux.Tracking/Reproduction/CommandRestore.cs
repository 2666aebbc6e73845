using System.Globalization;
using System.Text;
using Roux.Tracking.Capture;

namespace Roux.Tracking.Reproduction;

/// <summary>Makes a recorded command line one that can be run: secrets put back, paths moved.</summary>
public static class CommandRestore
{
    /// <summary>Puts back what was masked.</summary>
    /// <param name="masked">Program and arguments as recorded.</param>
    /// <param name="given">The value for a name: that of the option or assignment whose value was masked, else the argument's number.</param>
    /// <returns>The command, and what nothing was given for.</returns>
    public static (IReadOnlyList<string> Command, IReadOnlyList<Difference> Missing) FillSecrets(IReadOnlyList<string> masked, Func<string, string?> given)
    {
        ArgumentNullException.ThrowIfNull(masked);
        ArgumentNullException.ThrowIfNull(given);
        var command = masked.ToArray();
        var missing = new List<Difference>();
        for (var i = 0; i < command.Length; i++)
        {
            if (!command[i].Contains(CommandLineText.Secret, StringComparison.Ordinal))
            {
                continue;
            }

            var name = NameOf(masked, i);
            if (given(name) is { } value)
            {
                command[i] = command[i].Replace(CommandLineText.Secret, value, StringComparison.Ordinal);
            }
            else
            {
                missing.Add(new Difference(DifferenceKind.Command, $"argument {i} ({name}) is a secret that was not recorded", CommandLineText.Secret, null, $"give it again: --arg {name}=VALUE, or the variable {VariableOf(name)}"));
            }
        }

        return (command, missing);
    }

    /// <summary>The environment variable that may hold a secret: <c>ROUX_ARG_</c> and its name in capitals.</summary>
    public static string VariableOf(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return "ROUX_ARG_" + string.Concat(name.Select(c => char.IsAsciiLetterOrDigit(c) ? char.ToUpperInvariant(c) : '_'));
    }

    /// <summary>Replaces a path, and paths under it, wherever they stand in a text as whole parts of a path.</summary>
    public static string MovePath(string text, string from, string to)
    {
        ArgumentNullException.ThrowIfNull(text);
        ArgumentException.ThrowIfNullOrEmpty(from);
        var moved = new StringBuilder(text.Length);
        var start = 0;
        for (int at; (at = text.IndexOf(from, start, StringComparison.Ordinal)) >= 0; start = at + from.Length)
        {
            var end = at + from.Length;
            var whole = (at == 0 || !IsPathLetter(text[at - 1])) && (end == text.Length || text[end] is '/' or '\\' || !IsPathLetter(text[end]));
            moved.Append(text, start, at - start).Append(whole ? to : from);
        }

        return moved.Append(text, start, text.Length - start).ToString();
    }

    /// <summary>Options that name a store or ask to go on with an earlier run are left out of a verb of Roux: a repetition has the store of the first run and begins anew.</summary>
    public static IReadOnlyList<string> WithoutStore(IReadOnlyList<string> command)
    {
        ArgumentNullException.ThrowIfNull(command);
        var kept = new List<string>();
        for (var i = 0; i < command.Count; i++)
        {
            if (command[i] == "--store")
            {
                i++;
            }
            else if (command[i] != "--resume" && !command[i].StartsWith("--store=", StringComparison.Ordinal))
            {
                kept.Add(command[i]);
            }
        }

        return kept;
    }

    private static bool IsPathLetter(char c) => char.IsLetterOrDigit(c) || c is '/' or '\\' or '.' or '-' or '_' or '~';

    private static string NameOf(IReadOnlyList<string> command, int i)
    {
        var argument = command[i];
        var equals = argument.IndexOf('=', StringComparison.Ordinal);
        var name = equals > 0 ? argument[..equals] : i > 0 && argument == CommandLineText.Secret && command[i - 1] is ['-', ..] ? command[i - 1] : "";
        name = name.TrimStart('-', '/');
        return name.Length > 0 && name.All(c => char.IsLetterOrDigit(c) || c is '-' or '_' or '.') ? name : i.ToString(CultureInfo.InvariantCulture);
    }
}
