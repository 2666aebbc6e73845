using Roux.Tracking.Sqlite;
using Shouldly;
using SQLitePCL;
using Xunit;

namespace Roux.Tracking.Tests.Sqlite;

/// <summary>Stores that earlier versions wrote.</summary>
public sealed class MigrationTests
{
    [Fact]
    public void A_store_of_the_first_version_opens_with_all_it_holds()
    {
        using var folder = new TemporaryStore();
        Directory.CreateDirectory(folder.Store);
        var file = Path.Combine(folder.Store, "roux.db");
        using (var session = new SqliteSession(file, raw.SQLITE_OPEN_READWRITE | raw.SQLITE_OPEN_CREATE, TimeSpan.FromSeconds(5)))
        {
            using var script = new StreamReader(typeof(Tracker).Assembly.GetManifestResourceStream("Sqlite/Migrations/001-initial.sql")!);
            session.Run(script.ReadToEnd());
            session.Run(
                """
                PRAGMA user_version = 1;
                PRAGMA application_id = 1383036280;
                INSERT INTO experiments (id, name, created) VALUES (3, 'films', 1000);
                INSERT INTO runs (id, run_id, experiment, name, status, started, ended) VALUES (1, '0123456789abcdef0123456789abcdef', 3, 'old', 3, 2000, 3000);
                INSERT INTO datasets (id, name, digest, source) VALUES (1, 'movies.csv', 'sha256:1', '/data/movies.csv');
                INSERT INTO run_datasets (run, dataset, context) VALUES (1, 1, 'training');
                INSERT INTO models (id, name, last_version, created, updated) VALUES (1, 'genre', 2, 4000, 5000);
                INSERT INTO model_versions (model, version, run, artifact_path, folder, digest, bytes, stage, created, updated)
                  VALUES (1, 1, 1, 'model', 'copy1', 'sha256:2', 10, 2, 4000, 4500), (1, 2, 1, 'model', 'copy2', 'sha256:3', 11, 0, 4100, 4600);
                INSERT INTO model_version_tags (model, version, name, value) VALUES (1, 1, 'k', 'v');
                INSERT INTO model_aliases (model, alias, version) VALUES (1, 'champion', 1);
                """);
        }

        using var tracker = Tracker.Open(folder.Store);

        var run = tracker.GetRun("0123456789abcdef0123456789abcdef");
        run.Name.ShouldBe("old");
        run.User.ShouldBeNull();
        run.Datasets.ShouldHaveSingleItem().Dataset.SourceType.ShouldBeNull();
        var model = tracker.Models.FindModel("genre")!;
        model.Versions.Select(version => (version.Version, version.Digest, version.Stage, version.RunId)).ShouldBe(
            [(2, "sha256:3", ModelStage.None, run.Id), (1, "sha256:2", ModelStage.Production, run.Id)]);
        model.Versions[1].Tags["k"].ShouldBe("v");
        model.Aliases["champion"].ShouldBe(1);
        using (var next = tracker.Experiment("films").StartRun("new"))
        {
            next.LogText("model/a.txt", "x");
            tracker.Models.Register("genre", next.Id, "model").Version.ShouldBe(3);
        }

        Should.Throw<SqliteException>(() => tracker.Database.WritesOrThrow().Call(session =>
            session.Sql.Execute("INSERT INTO model_aliases (model, alias, version) VALUES (1, 'gone', 99)"))).Message.ShouldContain("FOREIGN KEY");
    }

    [Fact]
    public void Every_migration_is_numbered_in_a_row() =>
        typeof(Tracker).Assembly.GetManifestResourceNames().Where(name => name.StartsWith("Sqlite/Migrations/", StringComparison.Ordinal)).Order(StringComparer.Ordinal)
            .Select(name => int.Parse(name.AsSpan("Sqlite/Migrations/".Length, 3), System.Globalization.CultureInfo.InvariantCulture)).ShouldBe(Enumerable.Range(1, (int)Migrations.Latest));
}
