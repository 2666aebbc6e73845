namespace Roux.Tracking.Capture;

/// <summary>Command lines as they may be shown and stored.</summary>
public static class CommandLineText
{
    /// <summary>What stands in the place of a secret.</summary>
    public const string Secret = SecretMask.Mask;

    /// <summary>A command line with the values of arguments that look like secrets masked; the number of arguments stays the same.</summary>
    /// <param name="command">Program and arguments.</param>
    public static IReadOnlyList<string> Mask(IReadOnlyList<string> command) => SecretMask.Arguments(command);

    /// <summary>One argument, quoted for a POSIX shell where it needs to be.</summary>
    public static string ShellQuote(string argument) => CommandLineCapture.ShellQuote(argument);
}
