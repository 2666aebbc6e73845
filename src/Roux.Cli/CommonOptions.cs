using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Roux.Tracking;

namespace Roux.Cli;

/// <summary>Options that every verb takes.</summary>
internal static class CommonOptions
{
    public static Option<bool> Json { get; } = new("--json") { Description = "One JSON document on stdout and nothing else there.", Recursive = true };

    public static Option<string?> Store { get; } = new("--store") { Description = "Folder of the store, postgres://USER@HOST/DATABASE, or address of a server (default ./.roux, ROUX_STORE, or MLFLOW_TRACKING_URI).", HelpName = "DIR|URL", Recursive = true };

    public static Option<int> Seed { get; } = new("--seed") { Description = "All randomness comes from it.", HelpName = "N", DefaultValueFactory = _ => 42, Recursive = true };

    public static void AddTo(Command root)
    {
        root.Options.Add(Json);
        root.Options.Add(Store);
        root.Options.Add(Seed);
    }

    /// <summary>The store that a call means: --store, else ROUX_STORE, else MLFLOW_TRACKING_URI where that is a server's address, else ./.roux.</summary>
    /// <exception cref="UsageException">It is a server, and the verb works with a folder only.</exception>
    public static string StoreOf(ParseResult call)
    {
        var named = call.GetValue(Store) ?? Environment.GetEnvironmentVariable("ROUX_STORE");
        if (!string.IsNullOrWhiteSpace(named))
        {
            if (StoreAddress.IsPostgres(named))
            {
                return WithoutPassword(named);
            }

            return Tracker.IsServer(named) && ServerVerbs.WhyNot(call.CommandResult.Command) is { } reason ? throw new UsageException(reason) : named;
        }

        var mlflow = Environment.GetEnvironmentVariable("MLFLOW_TRACKING_URI");
        return !string.IsNullOrWhiteSpace(mlflow) && Tracker.IsServer(mlflow) && !mlflow.StartsWith("file:", StringComparison.Ordinal) && !mlflow.StartsWith("sqlite:", StringComparison.Ordinal)
            && ServerVerbs.WhyNot(call.CommandResult.Command) is null ? mlflow : ".roux";
    }

    /// <summary>The store that a call means, to show: without the login that an address may hold.</summary>
    public static string ShownStore(ParseResult call)
    {
        var store = StoreOf(call);
        return Tracker.IsServer(store) && Uri.TryCreate(store, UriKind.Absolute, out var uri) && uri.UserInfo.Length > 0 ? store.Replace(uri.UserInfo + "@", "", StringComparison.Ordinal) : store;
    }

    /// <summary>The address of a database without its password, which programs that this one starts find where PostgreSQL's own tools look for it; nothing prints or records it.</summary>
    private static string WithoutPassword(string store)
    {
        var address = StoreAddress.WithoutPassword(store, out var password);
        if (password is not null)
        {
            Environment.SetEnvironmentVariable("PGPASSWORD", password);
        }

        return address;
    }

    /// <summary>How every JSON document is written: indented, with NaN and infinities as strings.</summary>
    public static JsonSerializerOptions JsonStyle { get; } = new(JsonSerializerOptions.Default)
    {
        WriteIndented = true,
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>Writes the one JSON document of a call.</summary>
    public static void WriteJson(JsonNode document) => Console.Out.WriteLine(document.ToJsonString(JsonStyle));
}
