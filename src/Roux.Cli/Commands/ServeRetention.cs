using System.CommandLine;
using Roux.Tracking;

namespace Roux.Cli.Commands;

/// <summary>The options of <c>roux serve</c> that have the server clean up by itself: the rules of <c>roux gc</c>.</summary>
internal static class ServeRetention
{
    private static readonly TimeSpan Shortest = TimeSpan.FromMinutes(10);

    // A timer takes no longer waits.
    private static readonly TimeSpan Longest = TimeSpan.FromDays(40);

    private static readonly Option<string?> Every = new("--gc-every") { Description = "Clean up by itself so often, such as 1d: what was deleted long ago, and what the next options name.", HelpName = "AGE" };
    private static readonly Option<string> DeletedFor = new("--gc-deleted-for") { Description = "What was deleted so long ago.", HelpName = "AGE", DefaultValueFactory = _ => "30d" };
    private static readonly Option<string?> OlderThan = new("--gc-older-than") { Description = "Also live runs that ended so long ago.", HelpName = "AGE" };
    private static readonly Option<int?> KeepLast = new("--gc-keep-last") { Description = "Also all but the N latest live runs of each experiment.", HelpName = "N" };
    private static readonly Option<string?> Filter = new("--gc-filter") { Description = "Of these live runs only those that fit.", HelpName = "EXPR" };

    public static void AddTo(Command command)
    {
        foreach (var option in new Option[] { Every, DeletedFor, OlderThan, KeepLast, Filter })
        {
            command.Options.Add(option);
        }
    }

    /// <summary>How often and what; <c>null</c>: never.</summary>
    public static (TimeSpan Every, CleanupOptions Rules)? Of(ParseResult call)
    {
        var (old, last, filter) = (call.GetValue(OlderThan), call.GetValue(KeepLast), call.GetValue(Filter));
        if (call.GetValue(Every) is not { } text)
        {
            return old is null && last is null && filter is null ? null : throw new UsageException("--gc-older-than, --gc-keep-last and --gc-filter say what goes; --gc-every says when: give it too");
        }

        var every = Duration.Age("--gc-every", text);
        if (every < Shortest || every > Longest)
        {
            throw new UsageException($"--gc-every '{text}': give 10m to 40d");
        }

        if (last < 0)
        {
            throw new UsageException($"--gc-keep-last {last}: give 0 or more runs");
        }

        return (every, new CleanupOptions { DeletedFor = Duration.Age("--gc-deleted-for", call.GetValue(DeletedFor)!), OlderThan = old is null ? null : Duration.Age("--gc-older-than", old), KeepLast = last, Filter = filter });
    }
}
