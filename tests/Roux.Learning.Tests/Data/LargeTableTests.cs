using System.Globalization;
using System.Text;
using Roux.Learning.Data;
using Shouldly;
using Xunit;

namespace Roux.Learning.Tests.Data;

[Trait("Speed", "slow")]
public sealed class LargeTableTests
{
    [Fact]
    public void HalfAMillionRowsOfThirtyNumbersAreReadAndProfiled()
    {
        using var folder = new TemporaryFolder();
        var path = folder["large.csv"];
        Generate(path, 500_000, 30);
        var loaded = Reading.Read(path);
        var specs = ColumnRoles.Infer(loaded.Table, "c29");
        var y = TargetBuilder.Build(loaded.Table, "c29").Target;
        var profile = Profile.Of(loaded.Table, specs, y, ct: TestContext.Current.CancellationToken);

        loaded.Table.RowCount.ShouldBe(500_000);
        loaded.Table.Columns.ShouldAllBe(column => column is NumberColumn);
        profile.Rows.ShouldBe(500_000);
    }

    private static void Generate(string path, int rows, int columns)
    {
        var random = new Random(1);
        using var writer = new StreamWriter(path, append: false, new UTF8Encoding(false), 1 << 20);
        writer.WriteLine(string.Join(',', Enumerable.Range(0, columns).Select(i => $"c{i}")));
        Span<char> number = stackalloc char[32];
        for (var row = 0; row < rows; row++)
        {
            for (var i = 0; i < columns; i++)
            {
                if (i > 0)
                {
                    writer.Write(',');
                }

                (random.NextDouble() * 1000).TryFormat(number, out var written, i % 3 == 0 ? "0" : i % 3 == 1 ? "0.0000" : "R", CultureInfo.InvariantCulture);
                writer.Write(number[..written]);
            }

            writer.WriteLine();
        }
    }
}
