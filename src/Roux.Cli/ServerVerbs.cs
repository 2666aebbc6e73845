using System.CommandLine;

namespace Roux.Cli;

/// <summary>Which verbs work with a server as the store, and what to do in place of those that do not.</summary>
internal static class ServerVerbs
{
    private static readonly HashSet<string> Working = new(StringComparer.Ordinal)
    {
        "develop", "tune", "baseline", "learning-curve", "run", "runs", "show", "diff", "env", "models", "register", "promote", "gate", "gates", "predict", "threshold", "explain", "cost", "sync",
    };

    private static readonly Dictionary<string, string> Instead = new(StringComparer.Ordinal)
    {
        ["query"] = "a server takes no SQL; use roux runs --filter with it, or query where its store lies",
        ["backup"] = "run it where the server's store lies, with --store FOLDER or postgres://…; the server may go on meanwhile",
        ["restore"] = "name the new store with --store FOLDER or postgres://…, then start roux serve over it",
        ["gc"] = "run it where the server's store lies, with --store FOLDER or postgres://…; the server may go on meanwhile",
        ["serve"] = "a server serves a folder or database of its own",
        ["ui"] = "open the server's address in a browser",
        ["reproduce"] = "it compares with files of the store; run it where the store lies, or see what it takes with: roux env --store URL RUN",
    };

    /// <summary>Why a command cannot work with a server; null where it can.</summary>
    public static string? WhyNot(Command command) => Working.Contains(command.Name)
        ? null
        : $"roux {command.Name} works with a store in a folder, not with a server: {Instead.GetValueOrDefault(command.Name, "give --store FOLDER, where the server's store lies")}";
}
