using Microsoft.AspNetCore.WebUtilities;

namespace Roux.Server.Components.Runs;

/// <summary>A view of runs out of an address that was kept somewhere.</summary>
internal static class ViewAddress
{
    private const string OfExperiment = "/experiments/";

    /// <summary>The view; <c>null</c> where the address is none of a table of runs.</summary>
    public static RunsView? Parse(string address)
    {
        var cut = address.IndexOf('?', StringComparison.Ordinal);
        var (path, query) = cut < 0 ? (address, "") : (address[..cut], address[cut..]);
        var experiment = path.StartsWith(OfExperiment, StringComparison.Ordinal) ? Uri.UnescapeDataString(path[OfExperiment.Length..]) : null;
        return path == "/runs" || (experiment is { Length: > 0 } && experiment.All(char.IsAsciiDigit)) ? Parse(experiment, query) : null;
    }

    /// <summary>The view of a query, with or without its question mark.</summary>
    public static RunsView Parse(string? experiment, string query)
    {
        var parts = QueryHelpers.ParseQuery(query);
        return RunsView.Parse(experiment, Part("q"), Part("sort"), Part("cols"), Part("w"), Part("group"), Part("show"));

        string? Part(string name) => parts.TryGetValue(name, out var values) ? values.ToString() : null;
    }
}
