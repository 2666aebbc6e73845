using System.Text.Json;
using System.Text.Json.Nodes;
using Roux.Server.Components.Charts;
using Roux.Server.Components.Runs;
using Roux.Tracking.Service;

namespace Roux.Server.Reports;

/// <summary>Blocks as JSON: how they lie in the store and go through the API. What comes from outside is checked whole before any of it is kept.</summary>
internal static class BlockJson
{
    public const int MostBlocks = 200;
    private const int LongestText = 200_000;
    private const int LongestTitle = 300;
    private const int MostSeries = 50;

    /// <summary>Blocks of a stored text.</summary>
    /// <exception cref="ServiceException">It is none: an import brought it.</exception>
    public static IReadOnlyList<ReportBlock> Parse(string content)
    {
        try
        {
            return Of(JsonNode.Parse(content) as JsonArray);
        }
        catch (JsonException)
        {
            throw ServiceException.Invalid("what is stored of this report cannot be read");
        }
    }

    public static string Write(IEnumerable<ReportBlock> blocks) => new JsonArray([.. blocks.Select(Of)]).ToJsonString();

    /// <summary>Whether two blocks say the same.</summary>
    public static bool AreSame(ReportBlock one, ReportBlock other) => ReferenceEquals(one, other) || Of(one).ToJsonString() == Of(other).ToJsonString();

    public static JsonObject Of(ReportBlock block)
    {
        var json = new JsonObject { ["id"] = block.Id, ["kind"] = block.Kind.ToString().ToLowerInvariant() };
        if (block.Title.Length > 0)
        {
            json["title"] = block.Title;
        }

        switch (block.Kind)
        {
            case BlockKind.Markdown:
                json["text"] = block.Text;
                break;
            case BlockKind.Lines:
                json["series"] = new JsonArray([.. block.Series.Select(one => new JsonObject { ["run_id"] = one.RunId, ["metric"] = one.Metric })]);
                json["axis"] = block.Options.Axis.ToString().ToLowerInvariant();
                json["log_x"] = block.Options.LogX;
                json["log_y"] = block.Options.LogY;
                json["smoothing"] = block.Options.Smoothing;
                break;
            case BlockKind.Runs:
                json["view"] = block.View;
                break;
            default:
                break;
        }

        if (block.IsWithheld)
        {
            json["withheld"] = true;
        }
        else if (block.Data is { } data)
        {
            json["data"] = data.DeepClone();
        }

        if (block.Frozen is { } frozen)
        {
            json["frozen"] = new JsonObject { ["at"] = frozen.At.ToUnixTimeMilliseconds(), ["by"] = frozen.By, ["projects"] = new JsonArray([.. frozen.Projects.Select(project => JsonValue.Create(project))]) };
        }

        return json;
    }

    /// <exception cref="ServiceException">Something is none of a block.</exception>
    public static IReadOnlyList<ReportBlock> Of(JsonArray? list)
    {
        if (list is not { Count: <= MostBlocks })
        {
            throw ServiceException.Invalid($"blocks: give a list of at most {MostBlocks} blocks");
        }

        var blocks = list.Select((node, index) => node is JsonObject block ? Of(block) : throw Wrong($"blocks[{index}]", "an object")).ToList();
        return blocks.Select(block => block.Id).Distinct(StringComparer.Ordinal).Count() == blocks.Count ? blocks : throw ServiceException.Invalid("blocks: two have the same id");
    }

    /// <exception cref="ServiceException">It is no block.</exception>
    public static ReportBlock Of(JsonObject json)
    {
        var kind = Text(json, "kind", 20);
        if (!Enum.GetNames<BlockKind>().Any(name => name.Equals(kind, StringComparison.OrdinalIgnoreCase)))
        {
            throw ServiceException.Invalid($"kind '{kind}': give markdown, lines, runs or plot");
        }

        var block = new ReportBlock
        {
            Kind = Enum.Parse<BlockKind>(kind, ignoreCase: true),
            Title = Text(json, "title", LongestTitle),
            Text = Text(json, "text", LongestText),
            Series = SeriesOf(json["series"]),
            Options = new ChartOptions(AxisOf(Text(json, "axis", 20)), Flag(json, "log_x"), Flag(json, "log_y"), Math.Clamp(Number(json, "smoothing") ?? 0, 0, 0.999)),
            View = Text(json, "view", 8000),
            Data = json["data"] is null ? null : json["data"] is JsonObject data ? (JsonObject)data.DeepClone() : throw Wrong("data", "an object"),
            Frozen = json["frozen"] is JsonObject frozen ? FrozenOf(frozen) : null,
            IsWithheld = Flag(json, "withheld"),
        };
        block = Text(json, "id", 40) is { Length: > 0 } id ? block with { Id = id } : block;
        return block.Kind switch
        {
            BlockKind.Lines when block.Series.Count == 0 && block.Data is null => throw Wrong("series", "a list of {run_id, metric}"),
            BlockKind.Runs when ViewAddress.Parse(block.View) is null => throw Wrong("view", "the address of a table of runs, such as /runs?q=… or /experiments/3"),
            BlockKind.Plot when !block.IsWithheld && (block.Data is null || EvidenceData.TryRead(block.Data) is null) => throw Wrong("data", "a plot: kind, title, x_title, y_title and series"),
            _ => block,
        };
    }

    private static FrozenAt FrozenOf(JsonObject json) => new(
        DateTimeOffset.FromUnixTimeMilliseconds(Limits.Time("at", (long)(Number(json, "at") ?? 0))), Text(json, "by", 200),
        [.. (json["projects"] as JsonArray ?? []).Take(1000).Select(project => project is JsonValue value && value.TryGetValue<string>(out var name) ? name : throw Wrong("projects", "a list of names"))]);

    private static IReadOnlyList<BlockSeries> SeriesOf(JsonNode? node) => node switch
    {
        null => [],
        JsonArray { Count: <= MostSeries } list => [.. list.Select(one => one is JsonObject series ? new BlockSeries(Text(series, "run_id", 64), Text(series, "metric", 500)) : throw Wrong("series", "a list of {run_id, metric}"))],
        _ => throw Wrong("series", $"a list of at most {MostSeries}"),
    };

    private static ChartAxis AxisOf(string text) => text.Length == 0 ? ChartAxis.Step : Enum.GetValues<ChartAxis>().Where(axis => axis.ToString().Equals(text, StringComparison.OrdinalIgnoreCase)).Take(1).ToArray() is [var found]
        ? found : throw ServiceException.Invalid($"axis '{text}': give step, time or relative");

    private static string Text(JsonObject json, string name, int longest) => json[name] switch
    {
        null => "",
        JsonValue value when value.TryGetValue<string>(out var text) => text.Length > longest ? throw ServiceException.Invalid($"{name}: at most {longest} characters")
            : text.Contains('\0', StringComparison.Ordinal) ? throw Wrong(name, "text without NUL characters") : text,
        _ => throw Wrong(name, "a text"),
    };

    private static bool Flag(JsonObject json, string name) => json[name] is { } node && (node is JsonValue value && value.TryGetValue<bool>(out var set) ? set : throw Wrong(name, "true or false"));

    private static double? Number(JsonObject json, string name) => json[name] is not { } node ? null : node is JsonValue value && value.TryGetValue<double>(out var number) && double.IsFinite(number) ? number : throw Wrong(name, "a number");

    private static ServiceException Wrong(string name, string allowed) => ServiceException.Invalid($"{name}: give {allowed}");
}
