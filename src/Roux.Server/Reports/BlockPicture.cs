using System.Globalization;
using System.Text.Json.Nodes;
using Roux.Server.Components.Charts;

namespace Roux.Server.Reports;

/// <summary>The data of a block as one reader may see them.</summary>
internal abstract record BlockPicture
{
    /// <summary>What is not shown, and why; <c>null</c>: nothing is left out.</summary>
    public string? Note { get; init; }

    protected static string TextOf(JsonNode? node) => node is JsonValue value && value.TryGetValue<string>(out var text) ? text : "";

    protected static double NumberOf(JsonNode? node) => node is JsonValue value && value.TryGetValue<double>(out var number) ? number : double.NaN;
}

/// <summary>Nothing that this reader can see.</summary>
internal sealed record NoPicture : BlockPicture;

/// <summary>A plot of other numbers.</summary>
internal sealed record PlotPicture(EvidenceData Data) : BlockPicture;

/// <summary>A line with its name.</summary>
internal sealed record NamedCurve(string Name, int Colour, Curve Curve);

/// <summary>Histories of metrics.</summary>
internal sealed record LinesPicture(IReadOnlyList<NamedCurve> Lines, ChartOptions Options) : BlockPicture
{
    private const int Columns = 500;

    /// <summary>A copy of the points that a chart shows: as many as pixels, no spike lost.</summary>
    public JsonObject ToJson() => new() { ["lines"] = new JsonArray([.. Lines.Select(Of)]) };

    public static LinesPicture Of(JsonObject json, ChartOptions options) => new(
        [.. (json["lines"] as JsonArray ?? []).OfType<JsonObject>().Take(50).Select((line, index) =>
        {
            var x = Numbers(line["x"]);
            var y = Numbers(line["y"]);
            var points = x.Zip(y).Where(point => double.IsFinite(point.First)).OrderBy(point => point.First).ToList();
            return new NamedCurve(TextOf(line["name"]), 1 + (index % 8), new Curve([.. points.Select(point => point.First)], [.. points.Select(point => point.Second)]));
        })],
        options);

    private static JsonObject Of(NamedCurve line)
    {
        var curve = line.Curve;
        var chosen = new List<int>();
        if (curve.X.Length > 0)
        {
            var width = Math.Max(curve.X[^1] - curve.X[0], 1e-12);
            chosen = curve.Visible(curve.X[0], curve.X[^1], Columns, x => (x - curve.X[0]) / width * Columns);
        }

        return new JsonObject
        {
            ["name"] = line.Name,
            ["x"] = new JsonArray([.. chosen.Select(index => JsonValue.Create(curve.X[index]))]),
            ["y"] = new JsonArray([.. chosen.Select(index => double.IsFinite(curve.Y[index]) ? JsonValue.Create(curve.Y[index]) : null)]),
        };
    }

    private static double[] Numbers(JsonNode? node) => [.. (node as JsonArray ?? []).Take(20_000).Select(NumberOf)];
}

/// <summary>A table. A row of one run names it.</summary>
internal sealed record TablePicture(IReadOnlyList<(string Title, bool IsNumber)> Columns, IReadOnlyList<(string? RunId, IReadOnlyList<string> Cells)> Rows, long Total, string Noun) : BlockPicture
{
    public JsonObject ToJson() => new()
    {
        ["columns"] = new JsonArray([.. Columns.Select(column => new JsonObject { ["title"] = column.Title, ["number"] = column.IsNumber })]),
        ["rows"] = new JsonArray([.. Rows.Select(row => new JsonObject { ["run_id"] = row.RunId, ["cells"] = new JsonArray([.. row.Cells.Select(cell => JsonValue.Create(cell))]) })]),
        ["total"] = Total,
        ["noun"] = Noun,
    };

    public static TablePicture Of(JsonObject json)
    {
        var columns = (json["columns"] as JsonArray ?? []).OfType<JsonObject>().Take(100).Select(column => (TextOf(column["title"]), column["number"] is JsonValue number && number.TryGetValue<bool>(out var set) && set)).ToList();
        var rows = (json["rows"] as JsonArray ?? []).OfType<JsonObject>().Take(1000).Select(row => (
            TextOf(row["run_id"]) is { Length: > 0 } id && id.All(char.IsAsciiHexDigit) ? id : null,
            (IReadOnlyList<string>)[.. (row["cells"] as JsonArray ?? []).Take(columns.Count).Select(TextOf)])).ToList();
        return new TablePicture(columns, rows, double.IsFinite(NumberOf(json["total"])) ? (long)NumberOf(json["total"]) : rows.Count, TextOf(json["noun"]) is "group" ? "group" : "run");
    }

    /// <summary>How many are shown of how many.</summary>
    public string Count() => Total > Rows.Count
        ? string.Create(CultureInfo.InvariantCulture, $"{Rows.Count} of {Total:#,0} {Noun}s")
        : string.Create(CultureInfo.InvariantCulture, $"{Rows.Count} {Noun}{(Rows.Count == 1 ? "" : "s")}");
}
