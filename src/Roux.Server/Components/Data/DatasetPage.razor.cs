using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Components;
using Roux.Learning.Data;
using Roux.Learning.Evaluation.Drift;
using Roux.Server.Components.Charts;
using Roux.Server.Components.Models;
using Roux.Server.Components.Widgets;
using Roux.Server.Security;
using Roux.Tracking;
using Roux.Tracking.Service;

namespace Roux.Server.Components.Data;

/// <summary>A data set: its versions in time, what each holds, what changed between two, and what came of it.</summary>
public sealed partial class DatasetPage : LivePage
{
    private const int MostVersions = 200;
    private const int MostUses = 50;

    private IReadOnlyList<DatasetVersion> versions = [];
    private DatasetVersion? chosen;
    private DatasetVersion? other;
    private CompactProfile? profile;
    private string? logged;
    private IReadOnlyList<(string Name, string Type)> columns = [];
    private IReadOnlyList<ColumnDrift>? drift;
    private EvidenceData? chart;
    private IReadOnlyList<DatasetUse> uses = [];
    private IReadOnlyList<DatasetModel> models = [];
    private IReadOnlyList<DatasetKin> kin = [];

    /// <summary>Name of the data set, as the address has it.</summary>
    [Parameter]
    public string Name { get; set; } = "";

    [SupplyParameterFromQuery(Name = "version")]
    private string? Version { get; set; }

    [SupplyParameterFromQuery(Name = "with")]
    private string? With { get; set; }

    [SupplyParameterFromQuery(Name = "column")]
    private string? Column { get; set; }

    // A slash inside a name comes as it was escaped.
    private string Given => Name.Replace("%2F", "/", StringComparison.OrdinalIgnoreCase);

    private DatasetVersion Earlier => other!.First <= chosen!.First ? other : chosen;

    private DatasetVersion Later => other!.First <= chosen!.First ? chosen : other;

    private string RunFilter => $"datasets.digest = '{chosen!.Dataset.Digest.Replace("'", "''", StringComparison.Ordinal)}'";

    private string RowsTold => other is not null && Earlier.Dataset.Rows is { } before && Later.Dataset.Rows is { } after
        ? before == after ? $"{Format.Count(after, "row")} as before." : $"Rows: {Format.Count(before)} → {Format.Count(after)}."
        : "";

    private protected override Action Read()
    {
        var reach = Visitor.Reach;
        var all = Service.Datasets.Versions(Given, MostVersions, reach);
        if (all.Count == 0)
        {
            throw ServiceException.NotFound($"There is no data set '{Given}', or none that you may see");
        }

        var shown = all.FirstOrDefault(version => version.Key == Version) ?? all[0];
        var compared = all.FirstOrDefault(version => version.Key == With && version != shown) ?? (all.Count > 1 ? all.ElementAtOrDefault(all.ToList().IndexOf(shown) + 1) : null);
        var (profiles, schema) = Service.Datasets.Content(shown.Dataset.Digest, reach);
        var own = profiles.Select(CompactProfile.TryParse).FirstOrDefault(one => one is not null);
        var (changes, picture) = compared is null || own is null ? (null, null) : Differences(shown, own, compared, reach);
        var used = Service.Datasets.Uses(Given, shown.Dataset.Digest, 0, MostUses, reach);
        var made = Service.Datasets.Models(Given, shown.Dataset.Digest, MostUses, reach).Where(model => Visitor.Can(Role.Viewer, SubjectKind.Model, model.Model)).ToList();
        var related = Service.Datasets.Kin(shown.Dataset, 20, reach);
        var text = own is null && profiles.Count > 0 ? Readable(profiles[0]) : null;
        var known = Columns(schema);
        return () => (versions, chosen, other, profile, logged, columns, drift, chart, uses, models, kin) = (all, shown, compared, own, text, known, changes, picture, used, made, related);
    }

    private (IReadOnlyList<ColumnDrift>? Changes, EvidenceData? Picture) Differences(DatasetVersion shown, CompactProfile own, DatasetVersion compared, Reach reach)
    {
        if (Service.Datasets.Content(compared.Dataset.Digest, reach).Profiles.Select(CompactProfile.TryParse).FirstOrDefault(one => one is not null) is not { } theirs)
        {
            return (null, null);
        }

        var (before, after) = compared.First <= shown.First ? (theirs, own) : (own, theirs);
        var changes = ProfileComparison.Of(before, after);
        return (changes, Column is { } column && changes.FirstOrDefault(change => change.Name == column) is { } change ? DataText.Chart(change, before, after) : null);
    }

    private static string ModelAddress(DatasetModel model) => ModelsPage.Address(model.Model) + "?version=" + model.Version.ToString(System.Globalization.CultureInfo.InvariantCulture);

    private static string Readable(string json)
    {
        try
        {
            return Format.Cut(JsonNode.Parse(json)?.ToJsonString(new JsonSerializerOptions { WriteIndented = true, Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping }) ?? json, 50_000);
        }
        catch (JsonException)
        {
            return Format.Cut(json, 50_000);
        }
    }

    /// <summary>Names and types out of a schema: a list of columns as Roux writes it, or MLflow's, inside <c>mlflow_colspec</c>.</summary>
    private static List<(string Name, string Type)> Columns(string? schema)
    {
        try
        {
            var list = schema is null ? null : JsonNode.Parse(schema) switch { JsonArray own => own, JsonObject theirs => theirs["mlflow_colspec"] as JsonArray, _ => null };
            return [.. (list ?? []).OfType<JsonObject>().Select(column => (Text(column["name"]), Text(column["type"])))];
        }
        catch (JsonException)
        {
            return [];
        }

        static string Text(JsonNode? node) => node is JsonValue value && value.TryGetValue(out string? text) ? text : node?.ToJsonString() ?? "";
    }
}
