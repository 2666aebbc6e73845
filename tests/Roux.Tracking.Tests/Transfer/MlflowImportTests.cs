using System.Security.Cryptography;
using Roux.Tracking.Transfer;
using Shouldly;
using Xunit;

namespace Roux.Tracking.Tests.Transfer;

/// <summary>What MLflow kept is found again here.</summary>
public sealed class MlflowImportTests : IDisposable
{
    private const string RunA = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";
    private const string RunB = "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb";
    private const string RunC = "cccccccccccccccccccccccccccccccc";
    private const string ModelId = "m-dddddddddddddddddddddddddddddddd";

    private readonly TemporaryStore folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    public void A_database_comes_over_whole_and_twice_changes_nothing(int version)
    {
        var file = Database(version);
        var before = Print(file);
        using var tracker = Tracker.Open(folder.Store);
        var report = StoreTransfer.ImportMlflow(tracker, file, [At("artifacts")]);

        tracker.Experiments().Select(experiment => experiment.Name).ShouldBe(["Default", "films"]);
        var run = tracker.GetRun(RunA);
        run.Name.ShouldBe("parent");
        run.ExperimentId.ShouldBe("2");
        run.Status.ShouldBe(RunStatus.Finished);
        run.User.ShouldBe("ada");
        run.Params["lr"].ShouldBe("0.1");
        run.Tags.Keys.ShouldBe(["team"]);
        run.Datasets.ShouldHaveSingleItem().ShouldSatisfyAllConditions(
            input => input.Context.ShouldBe("training"), input => input.Dataset.Name.ShouldBe("train"), input => input.Dataset.SourceType.ShouldBe("local"));
        tracker.GetRun(RunB).ParentId.ShouldBe(RunA);
        tracker.GetRun(RunC).Deleted.ShouldNotBeNull();

        var series = tracker.GetMetricSeries(RunA, "loss");
        series.Count.ShouldBe(5000);
        series.Values[4999].ShouldBe(1.0 / 5000);
        series.Timestamps[4999].ShouldBe(1_700_000_004_999);
        tracker.GetMetric(RunA, "odd").Select(point => point.Value).ShouldBe([double.NaN, double.MaxValue]);

        File.ReadAllText(tracker.ArtifactFile(RunA, "model/weights.bin")).ShouldBe("w");
        var model = tracker.Models.FindModel("films")!;
        model.Versions.ShouldHaveSingleItem().ShouldSatisfyAllConditions(
            found => found.Stage.ShouldBe(ModelStage.Production), found => found.Aliases.ShouldBe(["champion"]), found => found.RunId.ShouldBe(RunA),
            found => File.ReadAllText(Path.Combine(found.Location, "weights.bin")).ShouldBe("w"));
        model.Versions[0].Digest.ShouldBe(tracker.Models.Register("same", RunA, "model").Digest);
        report.Notes.ShouldContain(note => note.StartsWith("2 traces", StringComparison.Ordinal));
        report.Notes.ShouldContain(note => note.Contains("version 2", StringComparison.Ordinal));

        var again = StoreTransfer.ImportMlflow(tracker, file, [At("artifacts")]);
        again.Counts.ShouldAllBe(count => count.Taken == 0);
        Print(file).ShouldBe(before);
        Directory.GetFiles(folder.Folder, "mlflow.db*").ShouldBe([file]);
    }

    [Fact]
    public void What_is_new_in_version_3_comes_over()
    {
        using var tracker = Tracker.Open(folder.Store);
        var report = StoreTransfer.ImportMlflow(tracker, Database(3), [At("artifacts")]);
        report.Counts.ShouldContain(new TransferCount("logged models", 1, 0, 0));
        report.Counts.ShouldContain(new TransferCount("evaluation datasets", 1, 0, 0));
        report.Counts.ShouldContain(new TransferCount("evaluation records", 1, 0, 0));

        StoreTransfer.Export(tracker, At("out"));
        File.ReadAllText(At("out/logged-models.jsonl")).ShouldContain("\"params\":{\"depth\":\"3\"}");
        File.ReadAllText(At("out/runs.jsonl")).ShouldContain($"\"models\":[{{\"model_id\":\"{ModelId}\",\"is_input\":false,\"step\":4}}]");
        File.ReadAllText(At("out/evaluation-records.jsonl")).ShouldContain("\"outputs\":\"\\\"free\\\"\"");
        File.ReadAllText(At("out/evaluation-datasets.jsonl")).ShouldContain("\"experiment_ids\":[\"2\"]");
        File.Exists(At($"out/artifacts/logged-models/{ModelId}/MLmodel")).ShouldBeTrue();
    }

    [Fact]
    public void An_import_that_was_ended_goes_on()
    {
        var file = Database(3);
        using var tracker = Tracker.Open(folder.Store);
        using var stop = new CancellationTokenSource();
        var progress = new Watch(text => text.Contains("points", StringComparison.Ordinal), stop.Cancel);
        Should.Throw<OperationCanceledException>(() => StoreTransfer.ImportMlflow(tracker, file, [At("artifacts")], progress, stop.Token));

        StoreTransfer.ImportMlflow(tracker, file, [At("artifacts")]);
        tracker.GetMetricSeries(RunA, "loss").Count.ShouldBe(5000);
        tracker.Models.Find("films/1").ShouldNotBeNull();
    }

    [Fact]
    public void Artifacts_outside_of_named_folders_and_behind_links_are_not_read()
    {
        var secret = folder.File("secret/key.txt", "secret");
        var file = Database(3, fixture =>
        {
            fixture.Run($"UPDATE runs SET artifact_uri = 'file://{Path.GetDirectoryName(secret)}' WHERE run_uuid = '{RunB}'");
            fixture.Run($"UPDATE runs SET artifact_uri = 'mlflow-artifacts:/../secret' WHERE run_uuid = '{RunC}'");
        });
        File.CreateSymbolicLink(At($"artifacts/2/{RunA}/artifacts/link.txt"), secret);
        using var tracker = Tracker.Open(folder.Store);
        var report = StoreTransfer.ImportMlflow(tracker, file, [At("artifacts")]);
        tracker.ListArtifacts(RunB).ShouldBeEmpty();
        tracker.ListArtifacts(RunC).ShouldBeEmpty();
        tracker.ListArtifacts(RunA).ShouldNotContain(artifact => artifact.Path == "link.txt");
        report.Notes.ShouldContain(note => note.Contains("links are not followed", StringComparison.Ordinal));
    }

    [Fact]
    public void Without_named_folders_no_artifact_is_read_and_the_summary_says_so()
    {
        using var tracker = Tracker.Open(folder.Store);
        var report = StoreTransfer.ImportMlflow(tracker, Database(3));
        report.IsComplete.ShouldBeFalse();
        report.Notes.ShouldContain(note => note.Contains("--artifacts", StringComparison.Ordinal));
        tracker.ListArtifacts(RunA).ShouldBeEmpty();
        tracker.GetMetricSeries(RunA, "loss").Count.ShouldBe(5000);
    }

    [Fact]
    public void Databases_that_are_too_old_or_of_others_are_refused_with_the_remedy()
    {
        var old = At("old.db");
        using (var fixture = new MlflowFixture(old, 2))
        {
            fixture.Run("ALTER TABLE metrics RENAME COLUMN is_nan TO other");
        }

        using var tracker = Tracker.Open(folder.Store);
        Should.Throw<TrackingException>(() => StoreTransfer.ImportMlflow(tracker, old)).Message.ShouldContain("mlflow db upgrade");
        Should.Throw<TrackingException>(() => StoreTransfer.ImportMlflow(tracker, Path.Combine(folder.Store, "roux.db"))).Message.ShouldNotContain("stack");
        Should.Throw<TrackingException>(() => StoreTransfer.ImportMlflow(tracker, folder.File("text.txt", "no database at all, only text"))).Message.ShouldContain("SQLite");
        Should.Throw<TrackingException>(() => StoreTransfer.ImportMlflow(tracker, "mysql://u:secret@h/d")).Message.ShouldNotContain("secret");
        Should.Throw<TrackingException>(() => StoreTransfer.ImportMlflow(tracker, Directory.CreateDirectory(At("empty")).FullName)).Message.ShouldContain("mlruns");
    }

    [Fact]
    public void A_folder_of_the_file_store_comes_over()
    {
        var run = $"mlruns/7/{RunA}";
        folder.File("mlruns/7/meta.yaml", "artifact_location: file:///gone/mlruns/7\ncreation_time: 1700000000000\nexperiment_id: '7'\nlast_update_time: 1700000000001\nlifecycle_stage: active\nname: films\n");
        folder.File("mlruns/.trash/8/meta.yaml", "creation_time: 1\nexperiment_id: '8'\nlast_update_time: 2\nlifecycle_stage: deleted\nname: old\n");
        folder.File(run + "/meta.yaml", $"artifact_uri: file:///gone/mlruns/7/{RunA}/artifacts\nend_time: 1700000001000\nentry_point_name: ''\nexperiment_id: '7'\nlifecycle_stage: active\nrun_id: {RunA}\nrun_name: parent\nrun_uuid: {RunA}\nsource_name: ''\nsource_type: 4\nstart_time: 1700000000000\nstatus: 3\ntags: []\nuser_id: ada\n");
        folder.File(run + "/params/opt/lr", "0.1");
        folder.File(run + "/tags/team", "x\ny");
        folder.File(run + "/metrics/loss", "1700000000000 0.5 0\n1700000000001 nan 1\n1700000000002 1e-05 2\n");
        folder.File(run + "/artifacts/model/weights.bin", "w");
        folder.File(run + "/inputs/i1/meta.yaml", $"destination_id: {RunA}\ndestination_type: RUN\nsource_id: d1\nsource_type: DATASET\ntags:\n  mlflow.data.context: training\n");
        folder.File("mlruns/7/datasets/d1/meta.yaml", "digest: abc\nname: train\nprofile: '{\"num_rows\": 3}'\nschema: null\nsource: '{\"uri\": \"x\"}'\nsource_type: local\n");
        folder.File("mlruns/models/films/meta.yaml", "creation_timestamp: 5\ndescription: good\nlast_updated_timestamp: 6\nname: films\n");
        folder.File("mlruns/models/films/aliases/champion", "1");
        folder.File("mlruns/models/films/version-1/meta.yaml", $"creation_timestamp: 5\ncurrent_stage: Staging\ndescription: ''\nlast_updated_timestamp: 6\nname: films\nrun_id: {RunA}\nsource: file:///gone/mlruns/7/{RunA}/artifacts/model\nversion: 1\n");

        using var tracker = Tracker.Open(folder.Store);
        var report = StoreTransfer.ImportMlflow(tracker, At("mlruns"));
        report.Notes.ShouldBeEmpty();
        var found = tracker.GetRun(RunA);
        found.Params["opt/lr"].ShouldBe("0.1");
        found.Tags["team"].ShouldBe("x\ny");
        found.Datasets.ShouldHaveSingleItem().Context.ShouldBe("training");
        tracker.GetMetric(RunA, "loss").Select(point => point.Value).ShouldBe([0.5, double.NaN, 1e-05]);
        tracker.Models.Find("films@champion")!.Stage.ShouldBe(ModelStage.Staging);
        File.ReadAllText(tracker.ArtifactFile(RunA, "model/weights.bin")).ShouldBe("w");
        tracker.Experiments().ShouldHaveSingleItem().Name.ShouldBe("films");
        StoreTransfer.ImportMlflow(tracker, At("mlruns")).Counts.ShouldAllBe(count => count.Taken == 0);
    }

    private static (string, DateTime) Print(string file) => (Convert.ToHexString(SHA256.HashData(File.ReadAllBytes(file))), File.GetLastWriteTimeUtc(file));

    private string At(string name) => Path.Combine(folder.Folder, name);

    private string Database(int version, Action<MlflowFixture>? change = null)
    {
        folder.File($"artifacts/2/{RunA}/artifacts/model/weights.bin", "w");
        folder.File($"artifacts/2/models/{ModelId}/artifacts/MLmodel", "flavors: {}");
        using var fixture = new MlflowFixture(At("mlflow.db"), version);
        fixture.Run(
            $"""
            INSERT INTO experiments VALUES (0, 'Default', 'mlflow-artifacts:/0', 'active', 1, 2), (2, 'films', 'mlflow-artifacts:/2', 'active', 1, 2), (3, 'old', 'mlflow-artifacts:/3', 'deleted', 1, 2);
            INSERT INTO experiment_tags VALUES ('team', 'x', 2);
            INSERT INTO runs VALUES
              ('{RunA}', 'parent', 'LOCAL', '', '', 'ada', 'FINISHED', 1700000000000, 1700000001000, '', 'active', 'mlflow-artifacts:/2/{RunA}/artifacts', 2, NULL),
              ('{RunB}', '', 'LOCAL', '', '', NULL, 'RUNNING', 1700000000001, NULL, '', 'active', 'file:///gone/2/{RunB}/artifacts', 2, NULL),
              ('{RunC}', 'c', 'LOCAL', '', '', '', 'FAILED', 1700000000002, 1700000000003, '', 'deleted', NULL, 3, 1700000000004);
            INSERT INTO tags VALUES ('team', 'x', '{RunA}'), ('mlflow.runName', 'parent', '{RunA}'), ('mlflow.parentRunId', '{RunA}', '{RunB}'), ('mlflow.runName', 'b', '{RunB}');
            INSERT INTO params VALUES ('lr', '0.1', '{RunA}');
            WITH RECURSIVE steps(n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM steps WHERE n < 4999)
              INSERT INTO metrics SELECT 'loss', 1.0 / (n + 1), 1700000000000 + n, '{RunA}', n, 0 FROM steps;
            INSERT INTO metrics VALUES ('odd', 0, 1700000000000, '{RunA}', 0, 1), ('odd', {double.MaxValue:R}, 1700000000001, '{RunA}', 1, 0);
            INSERT INTO datasets VALUES ('ds1', 2, 'train', 'abc', 'local', '{"{}"}', NULL, NULL);
            INSERT INTO inputs (input_uuid, source_type, source_id, destination_type, destination_id) VALUES ('in1', 'DATASET', 'ds1', 'RUN', '{RunA}');
            INSERT INTO input_tags VALUES ('in1', 'mlflow.data.context', 'training');
            INSERT INTO registered_models VALUES ('films', 1, 2, 'good');
            INSERT INTO registered_model_tags VALUES ('k', 'v', 'films');
            INSERT INTO registered_model_aliases VALUES ('champion', 1, 'films');
            INSERT INTO model_versions VALUES
              ('films', 1, 1, 2, 'first', NULL, 'Production', 'runs:/{RunA}/model', '{RunA}', 'READY', NULL, NULL, NULL),
              ('films', 2, 1, 2, NULL, NULL, 'None', 's3://bucket/x', NULL, 'READY', NULL, NULL, NULL);
            INSERT INTO trace_info VALUES ('t1', 2, 1), ('t2', 2, 2);
            """);
        if (version == 3)
        {
            fixture.Run(
                $$"""
                INSERT INTO logged_models VALUES ('{{ModelId}}', 2, 'm', 'mlflow-artifacts:/2/models/{{ModelId}}/artifacts', 1, 2, 2, 'active', 'Agent', '{{RunA}}', NULL);
                INSERT INTO logged_model_params VALUES ('{{ModelId}}', 2, 'depth', '3');
                INSERT INTO logged_model_metrics VALUES ('{{ModelId}}', 'acc', 1, 0, 0.5, 2, '{{RunA}}', NULL, NULL, NULL);
                INSERT INTO inputs VALUES ('out1', 'RUN_OUTPUT', '{{RunA}}', 'MODEL_OUTPUT', '{{ModelId}}', 4);
                INSERT INTO evaluation_datasets VALUES ('d-1', 'qa', '{}', '{}', 'abc', 1, 2, 'ada', 'ada');
                INSERT INTO evaluation_dataset_records (dataset_record_id, dataset_id, inputs, outputs, expectations, created_time, last_update_time, input_hash)
                  VALUES ('dr-1', 'd-1', '{"q":1}', '{"mlflow_wrapped":"free"}', 'null', 1, 2, 'h');
                INSERT INTO entity_associations VALUES ('a-1', 'evaluation_dataset', 'd-1', 'experiment', '2', 1);
                """);
        }

        change?.Invoke(fixture);
        return fixture.File;
    }

    private sealed class Watch(Func<string, bool> waitsFor, Action then) : IProgress<string>
    {
        public void Report(string value)
        {
            if (waitsFor(value))
            {
                then();
            }
        }
    }
}
