using System.Globalization;
using System.Text.Json.Nodes;
using Roux.Learning.Data;
using Roux.Learning.Evaluation.Drift;
using Roux.Server.Components.Charts;
using Roux.Server.Components.Widgets;
using Roux.Tracking;
using Roux.Tracking.Service;

namespace Roux.Server.Components.Data;

/// <summary>What pages write of data sets and their columns.</summary>
internal static class DataText
{
    /// <summary>The beginning of a digest, enough to tell versions apart.</summary>
    public static string Digest(string digest) => Format.Cut(DatasetService.Plain(digest), 13).TrimEnd('…');

    /// <summary>Where data came from: a path or URL, also out of the JSON in which clients of MLflow name it.</summary>
    public static string Source(Dataset dataset)
    {
        if (dataset.Source is not ['{', ..] || dataset.Source.Length > 10_000)
        {
            return dataset.Source;
        }

        try
        {
            var source = JsonNode.Parse(dataset.Source) as JsonObject;
            return new[] { "uri", "url", "path" }.Select(name => source?[name] is JsonValue value && value.TryGetValue(out string? text) ? text : null).FirstOrDefault(text => text is not null) ?? dataset.Source;
        }
        catch (System.Text.Json.JsonException)
        {
            return dataset.Source;
        }
    }

    /// <summary>The query of an address; values that are <c>null</c> or empty are left out.</summary>
    public static string Query(params ReadOnlySpan<(string Name, string? Value)> values)
    {
        var parts = new List<string>();
        foreach (var (name, value) in values)
        {
            if (!string.IsNullOrEmpty(value))
            {
                parts.Add(name + "=" + Uri.EscapeDataString(value));
            }
        }

        return parts.Count == 0 ? "" : "?" + string.Join('&', parts);
    }

    /// <summary>A value of a column: a date where it is one.</summary>
    public static string Value(CompactColumn column, double value) =>
        double.IsNaN(value) ? "–" : column.Type != ColumnType.Date ? Format.Number(value)
            : value is > -700_000 and < 2_900_000 ? DateTime.UnixEpoch.AddDays(value).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture) : Format.Number(value);

    public static string Percent(double share) => double.IsNaN(share) ? "–" : share == 0 ? "0 %" : share < 0.001 ? "< 0.1 %" : (share * 100).ToString(share < 0.0995 ? "0.0" : "0", CultureInfo.InvariantCulture) + " %";

    /// <summary>A verdict in a word or two, and the colour of its badge.</summary>
    public static (string Word, string Badge) Verdict(DriftVerdict verdict) => verdict switch
    {
        DriftVerdict.Added => ("added", "info"),
        DriftVerdict.Removed => ("removed", "bad"),
        DriftVerdict.Retyped => ("other type", "bad"),
        DriftVerdict.Shifted => ("shifted", "bad"),
        DriftVerdict.Moved => ("moved", "warn"),
        DriftVerdict.TooFewRows => ("too few rows to tell", ""),
        DriftVerdict.Stable => ("stable", "good"),
        _ => ("not compared", ""),
    };

    /// <summary>The shares of a column in two versions, for a chart; <c>null</c> where the profiles hold none.</summary>
    public static EvidenceData? Chart(ColumnDrift column, CompactProfile before, CompactProfile after)
    {
        if (column.Before is not { } then || column.After is not { } now || ProfileComparison.Shares(then, before, now, after) is not { } shares)
        {
            return null;
        }

        List<string> labels = shares.Levels.Count > 0 ? [.. shares.Levels, "others"]
            : shares.EdgesAreValues ? [.. shares.Edges.Select(edge => Axis(now, edge))]
            : [.. shares.Edges.Select(edge => "≤ " + Axis(now, edge)), .. shares.Edges.Count > 0 ? ["> " + Axis(now, shares.Edges[^1])] : new[] { "all" }];
        return new EvidenceData("bar", column.Name, column.Name, "share of the rows", [("before", [], shares.Then), ("after", [], shares.Now)], labels, LogY: false, Reference: null);
    }

    private static string Axis(CompactColumn column, double value) => column.Type == ColumnType.Date ? Value(column, value) : Scale.Short(Round(value));

    // Three digits have room below a bar.
    private static double Round(double value) => double.Parse(value.ToString("G3", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);

    /// <summary>What became of the columns, in a sentence.</summary>
    public static string Sentence(IReadOnlyList<ColumnDrift> columns)
    {
        DriftVerdict[] worth = [DriftVerdict.Removed, DriftVerdict.Added, DriftVerdict.Retyped, DriftVerdict.Shifted, DriftVerdict.Moved];
        var told = worth.Select(verdict => (Verdict: verdict, Count: columns.Count(column => column.Verdict == verdict))).Where(one => one.Count > 0)
            .Select(one => $"{Format.Count(one.Count)} {Verdict(one.Verdict).Word}").ToList();
        return told.Count == 0 ? $"None of {Format.Count(columns.Count, "column")} has moved." : $"Of {Format.Count(columns.Count, "column")}: {string.Join(", ", told)}.";
    }
}
