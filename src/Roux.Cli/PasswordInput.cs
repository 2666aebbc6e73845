using System.Text;

namespace Roux.Cli;

/// <summary>A password as people and scripts give it: never as an argument, which every user of the machine can read in the list of processes.</summary>
internal static class PasswordInput
{
    private const string Variable = "ROUX_PASSWORD";
    private const int Longest = 4096;

    /// <summary>The password of a user: from ROUX_PASSWORD, else the first line of standard input, else asked for twice without an echo.</summary>
    /// <exception cref="UsageException">None is given, or the two differ.</exception>
    public static string Read(string user)
    {
        if (Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } given)
        {
            return given;
        }

        if (Console.IsInputRedirected)
        {
            return Console.In.ReadLine() is { Length: > 0 and <= Longest } line
                ? line
                : throw new UsageException($"no password on standard input; pipe it in as one line, set {Variable}, or run this in a terminal");
        }

        var first = Ask($"Password of {user}: ");
        return first == Ask("Once more: ") ? first : throw new UsageException("the two passwords differ");
    }

    private static string Ask(string prompt)
    {
        Console.Error.Write(prompt);
        var text = new StringBuilder();
        while (Console.ReadKey(intercept: true) is var key && key.Key != ConsoleKey.Enter)
        {
            if (key.Key == ConsoleKey.Backspace)
            {
                text.Length = Math.Max(0, text.Length - 1);
            }
            else if (!char.IsControl(key.KeyChar))
            {
                text.Append(key.KeyChar);
            }
        }

        Console.Error.WriteLine();
        return text.ToString();
    }
}
