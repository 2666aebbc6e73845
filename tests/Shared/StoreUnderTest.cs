using Xunit;

namespace Roux.Tests;

/// <summary>Where a test keeps its store: in a folder, or in a new database where the test's class is called …OnPostgres. Such a class inherits all that is tested in a folder.</summary>
internal static class StoreUnderTest
{
    public static bool IsPostgres => TestContext.Current.TestClass?.TestClassSimpleName.EndsWith("OnPostgres", StringComparison.Ordinal) ?? false;

    /// <param name="folder">A folder of the test's own.</param>
    public static string Address(string folder) => IsPostgres ? PostgresServer.Shared.NewDatabase(Path.Combine(folder, "store", "artifacts")) : Path.Combine(folder, "store");
}
