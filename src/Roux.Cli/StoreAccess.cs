using System.CommandLine;
using Roux.Learning.Data;
using Roux.Tracking;

namespace Roux.Cli;

/// <summary>Opens the store that a call means, and finds runs and models in it by what people type.</summary>
internal static class StoreAccess
{
    private const int MostNames = 2000;

    /// <summary>Opens the store to look at it.</summary>
    /// <returns>Null where the default store does not exist yet; a store that was named and is not there is an error.</returns>
    public static Tracker? TryOpen(ParseResult call)
    {
        var store = CommonOptions.StoreOf(call);
        if (Tracker.IsServer(store) || StoreAddress.IsPostgres(store) || File.Exists(Path.Combine(store, "roux.db")))
        {
            return Tracker.OpenReadOnly(store);
        }

        return IsNamed(call) && !Directory.Exists(store)
            ? throw new UsageException($"store '{store}': no such folder; check the path, or make a store there with: roux run --store {store} -- CMD")
            : null;
    }

    /// <summary>Opens the store to look at it.</summary>
    /// <exception cref="UsageException">There is none.</exception>
    public static Tracker Open(ParseResult call) => TryOpen(call) ?? throw new UsageException($"store '{CommonOptions.ShownStore(call)}' is empty; {FirstSteps}");

    /// <summary>Opens a store that is there to change what is in it.</summary>
    /// <exception cref="UsageException">There is none.</exception>
    public static Tracker OpenToChange(ParseResult call)
    {
        Open(call).Dispose();
        return Tracker.Open(CommonOptions.StoreOf(call));
    }

    /// <summary>The model version that a reference names.</summary>
    /// <exception cref="UsageException">There is none; what there is is told.</exception>
    public static ModelVersionRecord FindVersion(Tracker tracker, string reference)
    {
        if (tracker.Models.Find(reference) is { } version)
        {
            return version;
        }

        var text = reference.StartsWith("models:/", StringComparison.Ordinal) ? reference["models:/".Length..] : reference;
        var model = FindModel(tracker, text.Split('/', '@')[0]);
        var versions = string.Join(", ", model.Versions.Take(10).Select(found => found.Version));
        throw new UsageException($"'{reference}': {model.Name} has no such version; it has {versions}{(model.Aliases.Count == 0 ? "" : $" and the aliases {string.Join(", ", model.Aliases.Keys)}")}");
    }

    /// <summary>What to do when there is nothing yet.</summary>
    public static string FirstSteps => "start with: roux develop DATA --target COLUMN, or: roux run -- CMD";

    /// <summary>The run that an id, the beginning of one, or a name means; <c>latest</c> is the one that started last.</summary>
    /// <exception cref="UsageException">There is none; the nearest names are suggested.</exception>
    public static RunRecord FindRun(Tracker tracker, string text)
    {
        if (tracker.FindRun(text) is { } run)
        {
            return run;
        }

        if (text == "latest" && tracker.SearchRuns(new RunQuery { Filter = "attributes.parent_run_id IS NULL", MaxResults = 1 }) is [var latest])
        {
            return latest;
        }

        var runs = tracker.SearchRuns(new RunQuery { MaxResults = MostNames });
        if (runs.Count == 0)
        {
            throw new UsageException($"run '{text}': the store holds no runs yet; {FirstSteps}");
        }

        var close = NearestName.Suggest(text, runs.Select(r => r.Name).Distinct(StringComparer.Ordinal));
        var hint = close.Count > 0 ? $"did you mean {string.Join(" or ", close.Select(n => $"'{n}'"))}?" : $"the latest are {string.Join(", ", runs.Take(3).Select(r => $"{r.Id[..8]} ({r.Name})"))};";
        throw new UsageException($"run '{text}': no run of that id or name; {hint} see them all with: roux runs");
    }

    /// <summary>The model of a name.</summary>
    /// <exception cref="UsageException">There is none; the nearest names are suggested.</exception>
    public static RegisteredModelRecord FindModel(Tracker tracker, string name)
    {
        if (tracker.Models.FindModel(name) is { } model)
        {
            return model;
        }

        var names = tracker.Models.List().Select(m => m.Name).ToList();
        throw new UsageException(names.Count == 0
            ? $"model '{name}': no model is registered yet; register one with: roux register NAME RUN"
            : NearestName.Message("model", name, "model", names));
    }

    private static bool IsNamed(ParseResult call) => call.GetValue(CommonOptions.Store) is not null || !string.IsNullOrWhiteSpace(Environment.GetEnvironmentVariable("ROUX_STORE"));
}
