using System.Globalization;
using System.Text.RegularExpressions;
using Roux.Learning.Data;

namespace Roux.Debugging.Checks.Images;

/// <summary>Finds the columns of a table that are the pixels of images.</summary>
internal static partial class PixelColumns
{
    private const int Fewest = 49, MostImages = 10_000;
    private const double Alike = 0.3;

    /// <summary>
    /// The images of a table: 49 or more numeric columns that are named alike but for their numbers (<c>pixel_0_0</c>, <c>p17</c>), as many as a square has, or
    /// three times as many, none negative, and neighbours alike (a mean correlation of 0.3 or more, and more than distant ones). <c>null</c> where there are none.
    /// </summary>
    public static ImageSubject? Find(Table train, Table? test, IReadOnlyList<ColumnSpec> columns)
    {
        var groups = columns.Where(column => column.Role is not (ColumnRole.Target or ColumnRole.Ignore) && train[column.Name] is NumberColumn)
            .Select(column => (column.Name, Match: Numbered().Match(column.Name))).Where(column => column.Match.Success)
            .GroupBy(column => column.Match.Groups["stem"].Value, column => column.Name);
        foreach (var names in groups.Select(group => group.ToArray()).Where(names => names.Length >= Fewest).OrderByDescending(names => names.Length))
        {
            var (channels, side) = Shape(names.Length);
            if (side == 0)
            {
                continue;
            }

            string[] ordered = [.. names.OrderBy(name => name, Comparer<string>.Create(InOrder))];
            var block = Block(train, ordered, channels, side);
            if (block is not null && AreAlike(block))
            {
                return new ImageSubject(block, test is not null && ordered.All(name => test.Find(name) is NumberColumn) ? Block(test, ordered, channels, side) : null, ordered);
            }
        }

        return null;
    }

    private static (int Channels, int Side) Shape(int count)
    {
        var side = (int)Math.Round(Math.Sqrt(count));
        if (side * side == count)
        {
            return (1, side);
        }

        side = (int)Math.Round(Math.Sqrt(count / 3.0));
        return side * side * 3 == count ? (3, side) : (0, 0);
    }

    private static int InOrder(string a, string b)
    {
        var (x, y) = (Digits().Matches(a), Digits().Matches(b));
        for (var i = 0; i < Math.Min(x.Count, y.Count); i++)
        {
            var order = double.Parse(x[i].ValueSpan, CultureInfo.InvariantCulture).CompareTo(double.Parse(y[i].ValueSpan, CultureInfo.InvariantCulture));
            if (order != 0)
            {
                return order;
            }
        }

        return string.CompareOrdinal(a, b);
    }

    private static ImageBlock? Block(Table table, string[] names, int channels, int side)
    {
        var count = Math.Min(table.RowCount, MostImages);
        if (count == 0 || (long)count * names.Length > 100_000_000)
        {
            return null;
        }

        var pixels = new float[count * names.Length];
        for (var j = 0; j < names.Length; j++)
        {
            var values = ((NumberColumn)table[names[j]]).Values;
            for (var i = 0; i < count; i++)
            {
                pixels[i * names.Length + j] = (float)values[i];
            }
        }

        return new ImageBlock(pixels, count, channels, side, side);
    }

    private static bool AreAlike(ImageBlock block)
    {
        if (block.Pixels.Any(pixel => pixel < 0))
        {
            return false;
        }

        var images = Math.Min(block.Count, 500);
        double Mean(int distance)
        {
            var (sum, pairs) = (0.0, 0);
            for (var row = 0; row < block.Height; row++)
            {
                for (var column = 0; column + distance < block.Width; column++)
                {
                    var at = row * block.Width + column;
                    var r = Learning.Data.Profiling.Association.Pearson(Pixel(block, at, images), Pixel(block, at + distance, images));
                    sum += double.IsNaN(r) ? 0 : r;
                    pairs += double.IsNaN(r) ? 0 : 1;
                }
            }

            return pairs == 0 ? 0 : sum / pairs;
        }

        var near = Mean(1);
        return near >= Alike && near > Mean(block.Width / 2);
    }

    private static double[] Pixel(ImageBlock block, int at, int images) => [.. Enumerable.Range(0, images).Select(image => (double)block.Pixels[image * block.Size + at])];

    [GeneratedRegex(@"^(?<stem>[A-Za-z_\-. ]*?)[_\-. ]?\d+([_\-x. ]\d+){0,2}$", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex Numbered();

    [GeneratedRegex(@"\d+")]
    private static partial Regex Digits();
}
