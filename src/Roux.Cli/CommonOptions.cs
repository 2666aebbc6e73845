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

    public static Option<string?> Store { get; } = new("--store") { Description = "Folder of the store, or postgres://USER@HOST/DATABASE (default ./.roux, or ROUX_STORE).", HelpName = "DIR", Recursive = true };

    public static Option<int> Seed { get; } = new("--seed") { Description = "All randomness comes from it.", HelpName = "N", DefaultValueFactory = _ => 42, Recursive = true };

    public static void AddTo(Command root)
    {
        root.Options.Add(Json);
        root.Options.Add(Store);
        root.Options.Add(Seed);
    }

    /// <summary>The store that a call means: --store, else ROUX_STORE, else ./.roux.</summary>
    public static string StoreOf(ParseResult call)
    {
        var store = call.GetValue(Store) ?? Environment.GetEnvironmentVariable("ROUX_STORE");
        if (string.IsNullOrWhiteSpace(store))
        {
            return ".roux";
        }

        if (StoreAddress.IsPostgres(store))
        {
            // Programs that this one starts find the password where PostgreSQL's own tools look for it; nothing prints or records it.
            var address = StoreAddress.WithoutPassword(store, out var password);
            if (password is not null)
            {
                Environment.SetEnvironmentVariable("PGPASSWORD", password);
            }

            return address;
        }

        return store.Contains("://", StringComparison.Ordinal)
            ? throw new UsageException($"--store '{store}': a server cannot be used as a store yet; give a folder")
            : store;
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
