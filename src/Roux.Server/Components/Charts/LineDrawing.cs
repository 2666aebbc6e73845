using System.Globalization;
using System.Text;

namespace Roux.Server.Components.Charts;

/// <summary>A chart of lines, worked out for a size in pixels.</summary>
/// <param name="X">Horizontal scale.</param>
/// <param name="Y">Vertical scale.</param>
/// <param name="Lines">The lines.</param>
internal sealed record LineDrawing(Scale X, Scale Y, IReadOnlyList<DrawnLine> Lines)
{
    private const double Left = 52;
    private const double Right = 10;
    private const double Top = 8;
    private const double Bottom = 26;

    /// <summary>Bottom of the drawing.</summary>
    public double Floor => Y.From;

    /// <summary>Works it out.</summary>
    /// <param name="curves">What to draw, with the numbers of the colours.</param>
    /// <param name="options">How.</param>
    /// <param name="zoom">The stretch to show; <c>null</c>: all.</param>
    /// <param name="width">Pixels.</param>
    /// <param name="height">Pixels.</param>
    public static LineDrawing Of(IReadOnlyList<(Curve Curve, int Colour)> curves, ChartOptions options, (double Low, double High)? zoom, int width, int height)
    {
        var (right, floor) = (Math.Max(Left + 40, width - Right), Math.Max(Top + 40, height - Bottom));
        var x = zoom is { } part
            ? new Scale(part.Low, part.High, Left, right, options.LogX)
            : Scale.Over(curves.SelectMany(curve => Ends(curve.Curve.X, options.LogX)), Left, right, options.LogX, 0);
        var columns = (int)(right - Left);
        var lines = new List<(Curve Curve, List<int> Visible, int Colour, bool IsRaw)>();
        foreach (var (curve, colour) in curves)
        {
            if (options.Smoothing > 0)
            {
                lines.Add((curve, curve.Visible(x.Low, x.High, columns, x.Place), colour, true));
            }

            var line = curve.Smoothed(options.Smoothing);
            lines.Add((line, line.Visible(x.Low, x.High, columns, x.Place), colour, false));
        }

        var y = Scale.Over(lines.SelectMany(line => line.Visible.Where(index => line.Curve.X[index] >= x.Low && line.Curve.X[index] <= x.High).Select(index => line.Curve.Y[index])), floor, Top, options.LogY, 0.05);
        return new LineDrawing(x, y, [.. lines.Select(line => new DrawnLine(Path(line.Curve, line.Visible, x, y, options), line.Colour, line.IsRaw))]);
    }

    private static IEnumerable<double> Ends(double[] x, bool isLog) => x.Length == 0 ? [] : [isLog ? x.FirstOrDefault(value => value > 0, 1) : x[0], x[^1]];

    private static string Path(Curve curve, List<int> visible, Scale x, Scale y, ChartOptions options)
    {
        var path = new StringBuilder(visible.Count * 12);
        var isOpen = false;
        foreach (var index in visible)
        {
            var (place, value) = (curve.X[index], curve.Y[index]);
            if (!double.IsFinite(value) || (options.LogY && value <= 0) || (options.LogX && place <= 0))
            {
                isOpen = false;
                continue;
            }

            path.Append(CultureInfo.InvariantCulture, $"{(isOpen ? 'L' : 'M')}{Math.Clamp(x.Place(place), -1e4, 1e5):0.#} {y.Place(value):0.#}");
            isOpen = true;
        }

        // A single point is a dot.
        return visible.Count == 1 && path.Length > 0 ? path.Append("m-2.5 0a2.500 2.500 0 1 0 5 0a2.500 2.500 0 1 0 -5 0").ToString() : path.ToString();
    }
}

/// <summary>A line of a chart.</summary>
/// <param name="Path">Its outline in SVG's form.</param>
/// <param name="Colour">Number of its colour.</param>
/// <param name="IsRaw">Whether it is what was logged, behind the smoothed line.</param>
internal sealed record DrawnLine(string Path, int Colour, bool IsRaw);
