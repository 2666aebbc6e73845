using Roux.Tracking.Tests.Backup;
using Roux.Tracking.Tests.Cleanup;
using Roux.Tracking.Tests.Metrics;
using Roux.Tracking.Tests.Query;
using Roux.Tracking.Tests.Registry;
using Roux.Tracking.Tests.Runs;
using Roux.Tracking.Tests.Search;

namespace Roux.Tracking.Tests.Conformance;

// What holds for a store in a folder holds for one in PostgreSQL: see StoreUnderTest.

public sealed class RunTestsOnPostgres : RunTests;

public sealed class MetricTestsOnPostgres : MetricTests;

public sealed class ModelRegistryTestsOnPostgres : ModelRegistryTests;

public sealed class SearchTestsOnPostgres : SearchTests;

public sealed class QueryTestsOnPostgres(QueryTests.Films films) : QueryTests(films);

public sealed class GateTestsOnPostgres : GateTests;

public sealed class AuditLogTestsOnPostgres : AuditLogTests;

public sealed class WebhookTestsOnPostgres : WebhookTests;

public sealed class BackupTestsOnPostgres : BackupTests;

public sealed class CleanupTestsOnPostgres : CleanupTests;

public sealed class FindingTestsOnPostgres : Decisions.FindingTests;
