namespace Roux.Tracking.Transfer.Mlflow;

/// <summary>The registry's tables.</summary>
internal sealed class MlflowRegistry(MlflowRows rows, Func<string, string, string, string, Func<string, IReadOnlyDictionary<string, string>>> pairs)
{
    public void Models(Action<MlflowModel> take)
    {
        var tags = pairs("registered_model_tags", "name", "key", "value");
        var versions = Versions().ToLookup(version => version.Model, version => version.Version);
        var aliases = (rows.HasTable("registered_model_aliases")
            ? rows.Rows("SELECT name, alias, version FROM registered_model_aliases", row => (Model: row.Text(0), Alias: row.Text(1), Version: (int)row.Whole(2)))
            : []).ToLookup(alias => alias.Model);
        var models = rows.Rows(
            "SELECT name, description, creation_time, last_updated_time FROM registered_models ORDER BY name",
            row =>
            {
                var name = row.Text(0);
                var own = versions[name].ToList();
                var last = own.Count == 0 ? 0 : own.Max(version => version.Item.Version);
                return new MlflowModel(
                    new ModelItem(name, row.TextOrNull(1) ?? "", row.WholeOrNull(2) ?? 0, row.WholeOrNull(3) ?? row.WholeOrNull(2) ?? 0, last)
                    {
                        Tags = tags(name),
                        Aliases = aliases[name].ToDictionary(alias => alias.Alias, alias => alias.Version, StringComparer.Ordinal),
                    },
                    own);
            });
        models.ForEach(take);
    }

    public static ModelStage StageOf(string? stage) => Enum.TryParse<ModelStage>(stage, out var known) ? known : ModelStage.None;

    private List<(string Model, MlflowVersion Version)> Versions()
    {
        if (!rows.HasTable("model_versions"))
        {
            return [];
        }

        var tags = (rows.HasTable("model_version_tags")
            ? rows.Rows("SELECT name, version, key, value FROM model_version_tags", row => (Version: (row.Text(0), row.Whole(1)), Name: row.Text(2), Value: row.TextOrNull(3) ?? ""))
            : []).ToLookup(tag => tag.Version);
        return rows.Rows(
            $"""
            SELECT name, version, creation_time, last_updated_time, description, current_stage, source, {rows.Optional("model_versions", "run_id")},
              {rows.Optional("model_versions", "run_link")}, {rows.Optional("model_versions", "storage_location")}
            FROM model_versions ORDER BY name, version
            """,
            row =>
            {
                var (name, version) = (row.Text(0), (int)row.Whole(1));
                var created = row.WholeOrNull(2) ?? 0;
                return (name, new MlflowVersion(
                    new VersionItem(version, "", MlflowIds.Copy(name, version), "", 0, StageOf(row.TextOrNull(5)), row.TextOrNull(4) ?? "", created, row.WholeOrNull(3) ?? created)
                    {
                        RunId = row.TextOrNull(7) is { Length: > 0 } run ? MlflowIds.Run(run) : null,
                        RunLink = row.TextOrNull(8) is { Length: > 0 } link ? link : null,
                        Tags = tags[(name, version)].ToDictionary(tag => tag.Name, tag => tag.Value, StringComparer.Ordinal),
                    },
                    [.. new[] { row.TextOrNull(9), row.TextOrNull(6) }.OfType<string>().Where(source => source.Length > 0).Distinct(StringComparer.Ordinal)]));
            });
    }
}
