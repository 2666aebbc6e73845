using System.Globalization;
using System.Text.Json.Nodes;
using Roux.Tracking.Storage;

namespace Roux.Tracking.Registry;

/// <summary>A version on its way to a stage, or to an alias that is to point at it: refused where the model's gates say so, recorded where they do not.</summary>
internal sealed class Promotion
{
    private readonly Tracker tracker;
    private readonly string actor;
    private readonly string name;
    private readonly VersionIntegrity? integrity;

    private Promotion(Tracker tracker, string actor, string name, VersionIntegrity? integrity) => (this.tracker, this.actor, this.name, this.integrity) = (tracker, actor, name, integrity);

    /// <summary>Prepares a promotion: digests the version's files where gates are demanded, which is too slow for a transaction.</summary>
    /// <param name="tracker">The store.</param>
    /// <param name="actor">Who promotes.</param>
    /// <param name="name">The model.</param>
    /// <param name="version">Number of the version; one that is no number or not there is left to the transaction to refuse.</param>
    public static Promotion Prepare(Tracker tracker, string actor, string name, string version)
    {
        var record = !int.TryParse(version, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? null : tracker.Database.Read(session =>
            session.Number("SELECT id FROM models WHERE name = $name AND gates IS NOT NULL", ("$name", name)) is { } model
            && ModelReader.Versions(session, tracker.Artifacts, model, name, number) is [var found] ? found : null);
        return new Promotion(tracker, actor, name, record is null ? null : VersionIntegrity.Of(tracker, record, CancellationToken.None));
    }

    /// <summary>Moves the version to a stage.</summary>
    /// <exception cref="PromotionRefusedException">The model's gates do not allow it.</exception>
    public void ToStage(WriteSession session, long model, long version, ModelStage stage, bool archiveExisting, long time)
    {
        new ModelGates(tracker, actor).CheckPromotion(session, model, name, (int)version, stage, null, integrity);
        var before = (ModelStage)(session.Sql.Number("SELECT stage FROM model_versions WHERE model = $model AND version = $version", ("$model", model), ("$version", version)) ?? 0);
        var archived = archiveExisting
            ? session.Sql.Rows(
                "SELECT version FROM model_versions WHERE model = $model AND stage = $stage AND version != $version ORDER BY version",
                row => row.Int64(0), ("$model", model), ("$stage", (long)stage), ("$version", version))
            : [];
        foreach (var other in archived)
        {
            Set(session, model, other, ModelStage.Archived, time);
            Record(session, other, stage, ModelStage.Archived, time);
        }

        Set(session, model, version, stage, time);
        Record(session, version, before, stage, time);
    }

    /// <summary>Points an alias at the version.</summary>
    /// <exception cref="PromotionRefusedException">The model's gates do not allow it.</exception>
    public void ToAlias(WriteSession session, long model, long version, string alias, long time)
    {
        new ModelGates(tracker, actor).CheckPromotion(session, model, name, (int)version, null, alias, integrity);
        var before = session.Sql.Number("SELECT version FROM model_aliases WHERE model = $model AND alias = $alias", ("$model", model), ("$alias", alias));
        session.Sql.Execute(
            "INSERT INTO model_aliases (model, alias, version) VALUES ($model, $alias, $version) ON CONFLICT (model, alias) DO UPDATE SET version = excluded.version",
            ("$model", model), ("$alias", alias), ("$version", version));
        new RegistryChange(RegistryAction.AliasSet, name, (int)version)
        {
            Before = before is { } was ? new JsonObject { ["alias"] = alias, ["version"] = was } : null,
            After = new JsonObject { ["alias"] = alias, ["version"] = version },
        }.Record(session, actor, time);
    }

    private static void Set(WriteSession session, long model, long version, ModelStage stage, long time) => session.Sql.Execute(
        "UPDATE model_versions SET stage = $stage, updated = $time WHERE model = $model AND version = $version",
        ("$stage", (long)stage), ("$time", time), ("$model", model), ("$version", version));

    private void Record(WriteSession session, long version, ModelStage before, ModelStage after, long time) => new RegistryChange(RegistryAction.Promoted, name, (int)version)
    {
        Before = RegistryChange.Of("stage", before.ToString()),
        After = RegistryChange.Of("stage", after.ToString()),
    }.Record(session, actor, time);
}
