using System.Text.Json.Nodes;
using Roux.Tracking.Registry;
using Roux.Tracking.Storage;

namespace Roux.Tracking.Transfer;

/// <summary>Puts logged models, registered models and evaluation datasets of elsewhere into a store. What is there stays as it is.</summary>
internal sealed class ModelImport(Tracker tracker, StoreImport imported, TransferReport report)
{
    public const string LoggedModels = "logged models";
    public const string Models = "registered models";
    public const string Versions = "model versions";
    public const string Datasets = "evaluation datasets";
    public const string Records = "evaluation records";

    private WriteQueue Writes => tracker.Database.WritesOrThrow();

    public void LoggedModel(LoggedModelItem item)
    {
        TransferRules.ModelId(item.ModelId);
        var added = Writes.Call(session =>
        {
            if (session.Sql.Number("SELECT id FROM logged_models WHERE model_id = $id", ("$id", item.ModelId)) is not null)
            {
                return false;
            }

            var experiment = imported.KeyOf(item.ExperimentId) ?? throw new InvalidDataException($"logged model {item.ModelId} is of experiment {item.ExperimentId}, which is not among those imported");
            var model = session.Sql.Insert(
                """
                INSERT INTO logged_models (model_id, experiment, run, name, model_type, status, status_message, created, updated, deleted)
                VALUES ($id, $experiment, (SELECT r.id FROM runs r WHERE r.run_id = $runId), $name, $type, $status, $message, $created, $updated, $deleted)
                """,
                ("$id", item.ModelId), ("$experiment", experiment), ("$runId", item.RunId), ("$name", item.Name), ("$type", item.ModelType), ("$status", (long)item.Status),
                ("$message", item.StatusMessage), ("$created", item.Created), ("$updated", item.Updated), ("$deleted", item.Deleted));
            Pairs(session, "logged_model_params", "model", model, item.Params);
            Pairs(session, "logged_model_tags", "model", model, item.Tags);
            foreach (var metric in item.Metrics)
            {
                session.Sql.Execute(
                    """
                    INSERT INTO logged_model_metrics (model, name, step, time, value, run, dataset_name, dataset_digest)
                    SELECT $model, $name, $step, $time, $value, r.id, $datasetName, $datasetDigest FROM runs r WHERE r.run_id = $runId
                    """,
                    ("$model", model), ("$name", metric.Key), ("$step", metric.Step), ("$time", metric.Time), ("$value", metric.Value), ("$runId", metric.RunId),
                    ("$datasetName", metric.DatasetName), ("$datasetDigest", metric.DatasetDigest));
            }

            return true;
        });
        Count(LoggedModels, added);
    }

    /// <summary>Adds a model and those of its versions that are not there; their files are there before. Aliases are set where the model is new.</summary>
    public void Model(ModelItem item)
    {
        TransferRules.Text("model name", item.Name, TransferRules.LongestKey);
        Check(item);
        var outcome = Writes.Call(session =>
        {
            var known = session.Sql.Number("SELECT id FROM models WHERE name = $name", ("$name", item.Name));
            var model = known ?? session.Sql.Insert(
                "INSERT INTO models (name, description, last_version, created, updated, gates) VALUES ($name, $description, $last, $created, $updated, $gates)",
                ("$name", item.Name), ("$description", item.Description), ("$last", (long)item.LastVersion), ("$created", item.Created), ("$updated", item.Updated), ("$gates", item.Gates));
            Pairs(session, "model_tags", "model", model, item.Tags);
            var isGated = known is not null && session.Sql.Number("SELECT id FROM models WHERE id = $model AND gates IS NOT NULL", ("$model", model)) is not null;
            var versions = item.Versions
                .Select(version => (version.Version, Outcome: Version(session, model, isGated ? version with { Stage = ModelStage.None, Approvals = [] } : version))).ToList();
            session.Sql.Execute("UPDATE models SET last_version = $last WHERE id = $model AND last_version < $last", ("$last", (long)item.LastVersion), ("$model", model));
            foreach (var (alias, version) in isGated ? [] : item.Aliases.ToList())
            {
                session.Sql.Execute(
                    """
                    INSERT INTO model_aliases (model, alias, version)
                    SELECT $model, $alias, v.version FROM model_versions v WHERE v.model = $model AND v.version = $version ON CONFLICT DO NOTHING
                    """,
                    ("$model", model), ("$alias", alias), ("$version", (long)version));
            }

            Note(session, item, known is null, isGated, versions.Where(version => version.Outcome == Outcome.Added).Select(version => version.Version));
            return (IsNew: known is null, IsGated: isGated, Versions: versions);
        });
        if (outcome.IsGated && outcome.Versions.Exists(version => version.Outcome == Outcome.Added))
        {
            report.Note($"model {item.Name} has gates here: its new versions come without stages, aliases and approvals; approve and promote them");
        }

        Count(Models, outcome.IsNew);
        foreach (var (version, kind) in outcome.Versions)
        {
            if (kind == Outcome.Other)
            {
                report.Left(Versions, $"model {item.Name}: another version {version} is here; it stays as it is");
            }
            else
            {
                Count(Versions, kind == Outcome.Added);
            }
        }
    }

    public void Dataset(EvaluationDatasetItem item)
    {
        TransferRules.Text("dataset id", item.DatasetId, TransferRules.LongestKey);
        var added = Writes.Call(session =>
        {
            if (session.Sql.Number("SELECT id FROM evaluation_datasets WHERE dataset_id = $id", ("$id", item.DatasetId)) is not null)
            {
                return false;
            }

            var dataset = session.Sql.Insert(
                """
                INSERT INTO evaluation_datasets (dataset_id, name, project, schema, digest, created, updated, created_by, updated_by)
                VALUES ($id, $name, $project, $schema, $digest, $created, $updated, $by, $updatedBy)
                """,
                ("$id", item.DatasetId), ("$name", item.Name), ("$project", item.Project), ("$schema", item.Schema), ("$digest", item.Digest), ("$created", item.Created),
                ("$updated", item.Updated), ("$by", item.CreatedBy), ("$updatedBy", item.UpdatedBy));
            Pairs(session, "evaluation_dataset_tags", "dataset", dataset, item.Tags);
            foreach (var experiment in item.ExperimentIds.Select(imported.KeyOf).OfType<long>())
            {
                session.Sql.Execute("INSERT INTO evaluation_dataset_experiments (dataset, experiment) VALUES ($dataset, $experiment) ON CONFLICT DO NOTHING", ("$dataset", dataset), ("$experiment", experiment));
            }

            return true;
        });
        Count(Datasets, added);
    }

    /// <summary>Adds records of datasets that are there.</summary>
    public void AddRecords(IReadOnlyList<EvaluationRecordItem> items)
    {
        var added = Writes.Call(session => items.Sum(item => Record(session, item)));
        report.Taken(Records, added);
        report.There(Records, items.Count - added);
    }

    private static int Record(WriteSession session, EvaluationRecordItem item)
    {
        var added = session.Sql.Execute(
            """
            INSERT INTO evaluation_records (dataset, record_id, input_hash, inputs, outputs, expectations, tags, source, created, updated, created_by, updated_by)
            SELECT d.id, $recordId, $hash, $inputs, $outputs, $expectations, $tags, $source, $created, $updated, $by, $updatedBy
            FROM evaluation_datasets d WHERE d.dataset_id = $dataset ON CONFLICT DO NOTHING
            """,
            ("$recordId", item.RecordId), ("$hash", item.InputHash), ("$inputs", item.Inputs), ("$outputs", item.Outputs), ("$expectations", item.Expectations),
            ("$tags", item.Tags), ("$source", item.Source), ("$created", item.Created), ("$updated", item.Updated), ("$by", item.CreatedBy), ("$updatedBy", item.UpdatedBy),
            ("$dataset", item.DatasetId));
        if (added > 0)
        {
            session.Sql.Execute("UPDATE evaluation_datasets SET records = records + 1 WHERE dataset_id = $dataset", ("$dataset", item.DatasetId));
        }

        return added;
    }

    private static Outcome Version(WriteSession session, long model, VersionItem item)
    {
        var known = session.Sql.Rows("SELECT digest FROM model_versions WHERE model = $model AND version = $version", row => row.Text(0), ("$model", model), ("$version", (long)item.Version));
        if (known is [var digest])
        {
            return digest == item.Digest ? Outcome.There : Outcome.Other;
        }

        session.Sql.Execute(
            """
            INSERT INTO model_versions (model, version, run, artifact_path, source, run_link, folder, digest, bytes, stage, description, created, updated, signature, lineage, registered_by)
            VALUES ($model, $version, (SELECT r.id FROM runs r WHERE r.run_id = $runId), $path, $source, $link, $copy, $digest, $bytes, $stage, $description, $created, $updated, $signature, $lineage, $by)
            """,
            ("$model", model), ("$version", (long)item.Version), ("$runId", item.RunId), ("$path", item.ArtifactPath), ("$source", item.Source), ("$link", item.RunLink),
            ("$copy", item.Copy), ("$digest", item.Digest), ("$bytes", item.Bytes), ("$stage", (long)item.Stage), ("$description", item.Description),
            ("$created", item.Created), ("$updated", item.Updated), ("$signature", item.Signature), ("$lineage", item.Lineage), ("$by", item.RegisteredBy));
        foreach (var (name, value) in item.Tags)
        {
            session.Sql.Execute(
                "INSERT INTO model_version_tags (model, version, name, value) VALUES ($model, $version, $name, $value) ON CONFLICT DO NOTHING",
                ("$model", model), ("$version", (long)item.Version), ("$name", name), ("$value", value));
        }

        foreach (var approval in item.Approvals)
        {
            session.Sql.Execute(
                "INSERT INTO approvals (model, version, actor, reason, time) VALUES ($model, $version, $actor, $reason, $time) ON CONFLICT DO NOTHING",
                ("$model", model), ("$version", (long)item.Version), ("$actor", approval.Actor), ("$reason", approval.Reason), ("$time", approval.Time));
        }

        return Outcome.Added;
    }

    // What is stored is read back whenever somebody looks: what cannot be read must not enter.
    private static void Check(ModelItem item)
    {
        if (item.Gates is { } gates)
        {
            GateRules.Parse(gates, $"model {item.Name}: rules");
        }

        foreach (var version in item.Versions)
        {
            _ = version.Signature is { } signature ? ModelSignature.Parse(signature) : null;
            _ = version.Lineage is { } lineage ? VersionLineage.Parse(lineage) : null;
            foreach (var approval in version.Approvals)
            {
                TransferRules.Text("approver", approval.Actor, TransferRules.LongestKey);
                if (approval.Reason.Length > ModelApprovals.LongestReason || approval.Actor == version.RegisteredBy)
                {
                    throw new InvalidDataException($"model {item.Name}: an approval of version {version.Version} is none: by the one who registered it, or with too long a reason");
                }
            }
        }
    }

    private void Note(WriteSession session, ModelItem item, bool isNew, bool isGated, IEnumerable<int> versions)
    {
        var time = tracker.Now();
        if (isNew)
        {
            new RegistryChange(RegistryAction.ModelCreated, item.Name) { After = RegistryChange.Of("imported", true) }.Record(session, tracker.Actor, time);
        }

        foreach (var number in versions)
        {
            var version = item.Versions.First(version => version.Version == number);
            var after = new JsonObject { ["digest"] = version.Digest, ["imported"] = true };
            new RegistryChange(RegistryAction.Registered, item.Name, number) { After = after }.Record(session, tracker.Actor, time);
            foreach (var approval in isGated ? [] : version.Approvals)
            {
                // By the one who imports: that the other one said so is the export's word.
                var said = new JsonObject { ["by"] = approval.Actor, ["reason"] = approval.Reason, ["imported"] = true };
                new RegistryChange(RegistryAction.Approved, item.Name, number) { After = said }.Record(session, tracker.Actor, time);
            }
        }
    }

    private static void Pairs(WriteSession session, string table, string owner, long key, IReadOnlyDictionary<string, string> pairs)
    {
        foreach (var (name, value) in pairs)
        {
            session.Sql.Execute($"INSERT INTO {table} ({owner}, name, value) VALUES ($key, $name, $value) ON CONFLICT DO NOTHING", ("$key", key), ("$name", name), ("$value", value));
        }
    }

    private void Count(string kind, bool isNew) => (isNew ? (Action<string, long>)report.Taken : report.There)(kind, 1);

    private enum Outcome
    {
        Added,
        There,
        Other,
    }
}
