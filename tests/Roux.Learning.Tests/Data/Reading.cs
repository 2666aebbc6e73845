using Roux.Learning.Data;
using Xunit;

namespace Roux.Learning.Tests.Data;

/// <summary>Reads files under the cancellation of the running test.</summary>
internal static class Reading
{
    public static LoadedTable Read(string path, ReadOptions? options = null) => TableReader.Read(path, options, TestContext.Current.CancellationToken);
}
