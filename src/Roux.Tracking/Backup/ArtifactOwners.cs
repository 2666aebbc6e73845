using Roux.Tracking.Artifacts;
using Roux.Tracking.Storage;

namespace Roux.Tracking.Backup;

/// <summary>Whose artifacts a store knows: runs, logged models, and the registry's copies.</summary>
/// <param name="All">All owners, as the artifact store calls them.</param>
/// <param name="Copies">Those of registered versions, whose files must be there; their names for people.</param>
internal sealed record ArtifactOwners(IReadOnlySet<string> All, IReadOnlyDictionary<string, string> Copies)
{
    public static ArtifactOwners Of(StoreSession session)
    {
        var all = new HashSet<string>(StringComparer.Ordinal);
        session.Each("SELECT run_id FROM runs", row => all.Add(row.Text(0)));
        session.Each("SELECT model_id FROM logged_models", row => all.Add(ArtifactStore.OwnerOfModel(row.Text(0))));
        var copies = new Dictionary<string, string>(StringComparer.Ordinal);
        session.Each(
            "SELECT v.folder, m.name, v.version FROM model_versions v JOIN models m ON m.id = v.model",
            row => copies[ArtifactStore.OwnerOfCopy(row.Text(0))] = string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{row.Text(1)}/{row.Int64(2)}"));
        all.UnionWith(copies.Keys);
        return new ArtifactOwners(all, copies);
    }
}
