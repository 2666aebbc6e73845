using Roux.Tests;
using Roux.Tracking.Transfer;
using Shouldly;
using Xunit;

namespace Roux.Tracking.Tests.Transfer;

/// <summary>MLflow's database in PostgreSQL, and a store in PostgreSQL that takes it in.</summary>
public sealed class MlflowPostgresTests : IDisposable
{
    private const string Run = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";

    private readonly TemporaryStore folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void It_comes_over_whole_from_one_database_to_another_and_twice_changes_nothing()
    {
        var source = PostgresServer.Shared.NewDatabase(folder.Folder);
        PostgresServer.Shared.Sql(NameOf(source), MlflowFixture.SchemaOf(3).Replace("FLOAT", "DOUBLE PRECISION", StringComparison.Ordinal).Replace("BOOLEAN DEFAULT '0'", "BOOLEAN DEFAULT false", StringComparison.Ordinal)
            + $$"""
            INSERT INTO experiments VALUES (0, 'Default', NULL, 'active', 1, 2), (7, 'films', NULL, 'active', 1, 2);
            INSERT INTO runs VALUES ('{{Run}}', 'r', 'LOCAL', '', '', 'ada', 'FINISHED', 1, 2, '', 'active', NULL, 7, NULL);
            INSERT INTO params VALUES ('lr', '0.1', '{{Run}}');
            INSERT INTO metrics SELECT 'loss', 1.0 / (n + 1), n, '{{Run}}', n, false FROM generate_series(0, 4999) n;
            INSERT INTO metrics VALUES ('odd', 0, 1, '{{Run}}', 0, true);
            INSERT INTO evaluation_datasets VALUES ('d-1', 'qa', '{}', '{}', 'abc', 1, 2, 'ada', 'ada');
            INSERT INTO evaluation_dataset_records (dataset_record_id, dataset_id, inputs, created_time, last_update_time, input_hash) VALUES ('dr-1', 'd-1', '{"q":1}', 1, 2, 'h');
            """);
        using var tracker = Tracker.Open(PostgresServer.Shared.NewDatabase(folder.Folder));
        var report = StoreTransfer.ImportMlflow(tracker, source.Replace("postgres://", "postgresql+psycopg2://", StringComparison.Ordinal), [folder.Folder], cancellation: TestContext.Current.CancellationToken);
        report.Notes.ShouldBeEmpty();
        tracker.GetRun(Run).ExperimentId.ShouldBe("7");
        tracker.GetMetricSeries(Run, "loss").Count.ShouldBe(5000);
        double.IsNaN(tracker.GetMetric(Run, "odd")[0].Value).ShouldBeTrue();
        report.Counts.ShouldContain(new TransferCount("evaluation records", 1, 0, 0));
        StoreTransfer.ImportMlflow(tracker, source, cancellation: TestContext.Current.CancellationToken).Counts.ShouldAllBe(count => count.Taken == 0);

        // The database's own ids go on after those that came along.
        tracker.Experiment("next").Id.ShouldBe("8");
        StoreTransfer.Export(tracker, Path.Combine(folder.Folder, "out.zip"), cancellation: TestContext.Current.CancellationToken).Counts.ShouldContain(new TransferCount("metric points", 5001, 0, 0));
    }

    private static string NameOf(string address) => address[(address.IndexOf("@/", StringComparison.Ordinal) + 2)..address.IndexOf('?', StringComparison.Ordinal)];
}
