namespace Roux.Server.Tests;

// What a server does over a folder it does over PostgreSQL: see StoreUnderTest.

public sealed class LoggingTestsOnPostgres : LoggingTests;

public sealed class TranscriptTestsOnPostgres : TranscriptTests;

public sealed class FilterTestsOnPostgres : FilterTests;

public sealed class SharedStoreTestsOnPostgres : SharedStoreTests;

public sealed class FuzzTestsOnPostgres : FuzzTests;

public sealed class EvaluationDatasetTestsOnPostgres : EvaluationDatasetTests;

public sealed class LineageApiTestsOnPostgres : Api.LineageApiTests;

public sealed class ReportApiTestsOnPostgres : Reports.ReportApiTests;

public sealed class DatasetServiceTestsOnPostgres : DatasetServiceTests;
