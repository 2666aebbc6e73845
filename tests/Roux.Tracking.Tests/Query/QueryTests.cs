using System.Text.Json.Nodes;
using Roux.Tracking.Query;
using Shouldly;
using Xunit;

namespace Roux.Tracking.Tests.Query;

public class QueryTests(QueryTests.Films films) : IClassFixture<QueryTests.Films>
{
    private readonly Tracker tracker = films.Tracker;

    [Theory]
    [InlineData("SELECT name, status, experiment FROM runs ORDER BY name LIMIT 1", "a|FINISHED|films")]
    [InlineData("select count(*) from Runs", "3")]
    [InlineData("SELECT value, count(*) FROM params GROUP BY ALL ORDER BY 1", "0.01|1;0.1|2")]
    [InlineData("SELECT sum(value) FROM metrics WHERE NOT isnan(value)", "2.4000000000000004")]
    [InlineData("SELECT count(*) FROM metrics WHERE isnan(value)", "2")]
    [InlineData("SELECT key, step, max(value) FROM latest_metrics WHERE NOT isnan(value) GROUP BY ALL", "acc|2|0.9")]
    [InlineData("SELECT DISTINCT context, name, bytes, rows FROM datasets", "training|movies.csv|5|6")]
    [InlineData("SELECT version, stage, aliases[1] FROM models ORDER BY version LIMIT 1", "1|None|best")]
    [InlineData("SELECT DISTINCT severity, check_name, columns[2], evidence->>'auc' FROM findings", "high|leak|y|1")]
    [InlineData("WITH best AS (SELECT run_id FROM latest_metrics WHERE value > 0.8 AND NOT isnan(value)) SELECT name FROM runs JOIN best USING (run_id)", "a")]
    [InlineData("-- a comment; with a semicolon\nSELECT 'a;b', count(*) FROM \"tags\";", "a;b|3")]
    [InlineData("SELECT 1 WHERE false", "")]
    [InlineData("FROM runs SELECT count(*)", "3")]
    [InlineData("(SELECT 1) UNION ALL (SELECT 2)", "1;2")]
    [InlineData("SELECT count(*) FROM runs WHERE start_time BETWEEN '2020-01-01' AND '2100-01-01' AND duration_seconds >= 0", "3")]
    public void QueriesAnswer(string sql, string expected)
    {
        var result = tracker.Query(sql, TestContext.Current.CancellationToken);
        string.Join(';', result.Rows.Select(row => string.Join('|', row.Select(value => FormattableString.Invariant($"{value}"))))).ShouldBe(expected);
    }

    [Fact]
    public void ColumnsHaveNamesAndTypes()
    {
        var result = tracker.Query("SELECT name, start_time, duration_seconds FROM runs", TestContext.Current.CancellationToken);
        result.Columns.ShouldBe([new QueryColumn("name", "VARCHAR"), new QueryColumn("start_time", "TIMESTAMP"), new QueryColumn("duration_seconds", "DOUBLE")]);
        result.Rows[0][1].ShouldBeOfType<DateTime>();
        tracker.Query("DESCRIBE models", TestContext.Current.CancellationToken).Rows.Count.ShouldBe(10);
    }

    [Theory]
    [InlineData("DELETE FROM runs")]
    [InlineData("ATTACH 'x.db'")]
    [InlineData("COPY runs TO '/tmp/x.csv'")]
    [InlineData("SET enable_external_access = true")]
    [InlineData("INSTALL httpfs")]
    [InlineData("PRAGMA database_list")]
    [InlineData("SELECT 1; DELETE FROM runs")]
    [InlineData("SELECT 1; SELECT 2")]
    [InlineData("")]
    [InlineData("-- nothing")]
    public void OnlyOneReadingStatementIsTaken(string sql) => Should.Throw<TrackingException>(() => tracker.Query(sql, TestContext.Current.CancellationToken));

    [Theory]
    [InlineData("SELECT * FROM read_csv('/etc/passwd')")]
    [InlineData("SELECT * FROM '/etc/passwd'")]
    [InlineData("SELECT * FROM read_text('/etc/passwd')")]
    [InlineData("SELECT * FROM glob('/*')")]
    [InlineData("SELECT * FROM sqlite_scan('roux.db', 'runs')")]
    public void FilesAreOutOfReach(string sql) => Should.Throw<TrackingException>(() => tracker.Query(sql, TestContext.Current.CancellationToken));

    [Fact]
    public void MistakesAreNamed()
    {
        Should.Throw<TrackingException>(() => tracker.Query("SELECT nme FROM runs", TestContext.Current.CancellationToken)).Message.ShouldContain("nme");
        Should.Throw<TrackingException>(() => tracker.Query("SELECT * FROM run", TestContext.Current.CancellationToken)).Message.ShouldContain("latest_metrics");
        Should.Throw<TrackingException>(() => tracker.Query("SELEC 1", TestContext.Current.CancellationToken)).Message.ShouldContain("SELEC");
    }

    [Fact]
    public void AQueryCanBeCancelled()
    {
        using var cancellation = new CancellationTokenSource(TimeSpan.FromMilliseconds(300));
        Should.Throw<OperationCanceledException>(() => tracker.Query("SELECT count(*) FROM range(1000000) a, range(1000000) b WHERE a.range + b.range = 7", cancellation.Token));
    }

    [Fact]
    public void OnlyNamedViewsAreNoticed()
    {
        SqlGuard.Check("SELECT 'runs' FROM \"Params\" -- metrics").ShouldBe(["select", "from", "params"], ignoreOrder: true);
        SqlGuard.Check("SELECT $$ ; metrics $$ FROM tags").ShouldNotContain("metrics");
        SqlGuard.Check("/* ; */ SELECT 1").ShouldBe(["select"]);
    }

    /// <summary>A store that the queries of this class share.</summary>
    public sealed class Films : IDisposable
    {
        private readonly TemporaryStore folder = new();

        public Films()
        {
            Tracker = Tracker.Open(folder.Store);
            var experiment = Tracker.Experiment("films");
            foreach (var (name, rate, accuracy) in new[] { ("a", "0.1", 0.9), ("b", "0.1", 0.7), ("c", "0.01", double.NaN) })
            {
                using var run = experiment.StartRun(name);
                run.Log("lr", rate).Tag("team", "x").LogMetric("acc", accuracy / 2, 1).LogMetric("acc", accuracy, 2);
                run.LogDataset(new Dataset("movies.csv", "sha256:1", "here", 5, 6), "training");
                run.LogFinding(new Finding("leak", Severity.High, "m") { Columns = ["x", "y"], Evidence = new JsonObject { ["auc"] = 1 } });
                run.LogText("m.zip", name);
                Tracker.Models.Register("films", run.Id, "m.zip");
            }

            Tracker.Models.SetAlias("films", "best", 1);
            using var deleted = experiment.StartRun("gone");
            deleted.Log("lr", 1);
            Tracker.DeleteRun(deleted.Id);
        }

        public Tracker Tracker { get; }

        public void Dispose()
        {
            Tracker.Dispose();
            folder.Dispose();
        }
    }
}
