using System.Globalization;
using System.Text;

namespace Roux.Server.Components.Charts;

/// <summary>A surface as bands of one colour each, between ten levels.</summary>
internal sealed class ContourDrawing
{
    /// <summary>How many bands there are.</summary>
    public const int Bands = 10;

    private const int Nodes = 41;

    private readonly StringBuilder[] paths = [.. Enumerable.Range(0, Bands).Select(_ => new StringBuilder())];

    private ContourDrawing((double Low, double High) ends) => (Low, High) = ends;

    /// <summary>The lower end of the first band.</summary>
    public double Low { get; }

    /// <summary>The upper end of the last band.</summary>
    public double High { get; }

    /// <summary>An SVG path a band, the lowest first; empty for one that is nowhere.</summary>
    public IReadOnlyList<string> Paths => [.. paths.Select(path => path.ToString())];

    /// <summary>Draws a surface over two axes.</summary>
    /// <param name="surface">The surface.</param>
    /// <param name="xAxis">What lies to the right.</param>
    /// <param name="yAxis">What lies upwards.</param>
    /// <param name="x">The first axis between its pixels.</param>
    /// <param name="y">The second one.</param>
    /// <param name="bad">A value beyond which, on its side, all places share a colour; <c>null</c> for none.</param>
    public static ContourDrawing Of(SmoothSurface surface, PlotAxis xAxis, PlotAxis yAxis, Scale x, Scale y, double? bad = null)
    {
        double[] across = Places(xAxis), up = Places(yAxis);
        var (values, rooms) = (new double[across.Length, up.Length], new double[across.Length, up.Length]);
        for (var i = 0; i < across.Length; i++)
        {
            for (var j = 0; j < up.Length; j++)
            {
                values[i, j] = surface.At(across[i], up[j], out rooms[i, j]);
            }
        }

        var drawing = new ContourDrawing(Ends(values, rooms, bad));

        if (xAxis.IsTexts || yAxis.IsTexts)
        {
            drawing.Cells(values, rooms, Edges(xAxis, across, x), Edges(yAxis, up, y));
        }
        else
        {
            drawing.Slopes(values, rooms, [.. across.Select(unit => x.From + (unit * (x.To - x.From)))], [.. up.Select(unit => y.From + (unit * (y.To - y.From)))]);
        }

        return drawing;
    }

    /// <summary>The band of a value.</summary>
    public int BandOf(double value) => (int)Math.Clamp((value - Low) / (High - Low) * Bands, 0, Bands - 1);

    // A few places that lie far off would take all colours; they share the outermost ones.
    private static (double Low, double High) Ends(double[,] values, double[,] rooms, double? bad)
    {
        double[] sorted = [.. values.Cast<double>().Zip(rooms.Cast<double>()).Where(place => place.Second >= 0 && double.IsFinite(place.First)).Select(place => place.First).Order()];
        if (sorted.Length == 0)
        {
            return (0, 1);
        }

        var (low, high) = (sorted[(int)(0.01 * (sorted.Length - 1))], sorted[(int)(0.99 * (sorted.Length - 1))]);
        if (bad is { } end && end > low && end < high)
        {
            (low, high) = end - low > high - end || end > sorted[sorted.Length / 2] ? (low, end) : (end, high);
        }

        return high > low ? (low, high) : (low, low + Math.Max(1e-9, Math.Abs(low) * 0.01));
    }

    private static double[] Places(PlotAxis axis) => axis.IsTexts ? [.. Enumerable.Range(0, axis.Labels.Count).Select(label => axis.UnitOf(label))] : [.. Enumerable.Range(0, Nodes).Select(node => node / (Nodes - 1.0))];

    private static double[] Edges(PlotAxis axis, double[] places, Scale scale)
    {
        var edges = new double[places.Length + 1];
        for (var i = 0; i < edges.Length; i++)
        {
            var unit = i == 0 ? 0 : i == places.Length ? 1 : (places[i - 1] + places[i]) / 2;
            edges[i] = scale.From + (unit * (scale.To - scale.From));
        }

        return edges;
    }

    private void Cells(double[,] values, double[,] rooms, double[] x, double[] y)
    {
        for (var i = 0; i + 1 < x.Length; i++)
        {
            for (var j = 0; j + 1 < y.Length; j++)
            {
                if (double.IsFinite(values[i, j]) && rooms[i, j] >= 0)
                {
                    Add(BandOf(values[i, j]), [(x[i], y[j]), (x[i + 1], y[j]), (x[i + 1], y[j + 1]), (x[i], y[j + 1])]);
                }
            }
        }
    }

    // Each square of the lattice as two triangles, cut at the levels: bands meet without gaps, and no saddle is ambiguous.
    private void Slopes(double[,] values, double[,] rooms, double[] x, double[] y)
    {
        for (var i = 0; i + 1 < x.Length; i++)
        {
            for (var j = 0; j + 1 < y.Length; j++)
            {
                Corner At(int di, int dj) => new(x[i + di], y[j + dj], values[i + di, j + dj], rooms[i + di, j + dj]);
                Corner a = At(0, 0), b = At(1, 0), c = At(1, 1), d = At(0, 1);
                if (!double.IsFinite(a.Z + b.Z + c.Z + d.Z) || Math.Max(Math.Max(a.Room, b.Room), Math.Max(c.Room, d.Room)) < 0)
                {
                    continue;
                }

                if (Math.Min(Math.Min(a.Room, b.Room), Math.Min(c.Room, d.Room)) >= 0 && BandOf(a.Z) is var band && BandOf(b.Z) == band && BandOf(c.Z) == band && BandOf(d.Z) == band)
                {
                    Add(band, [(a.X, a.Y), (b.X, b.Y), (c.X, c.Y), (d.X, d.Y)]);
                    continue;
                }

                Triangle(a, b, c);
                Triangle(a, c, d);
            }
        }
    }

    private void Triangle(Corner a, Corner b, Corner c)
    {
        int first = Math.Min(BandOf(a.Z), Math.Min(BandOf(b.Z), BandOf(c.Z))), last = Math.Max(BandOf(a.Z), Math.Max(BandOf(b.Z), BandOf(c.Z)));
        for (var band = first; band <= last; band++)
        {
            List<Corner> part = Cut([a, b, c], corner => corner.Room);
            part = band > first ? Cut(part, corner => corner.Z - Level(band)) : part;
            part = band < last ? Cut(part, corner => Level(band + 1) - corner.Z) : part;
            if (part.Count > 2)
            {
                Add(band, [.. part.Select(point => (point.X, point.Y))]);
            }
        }
    }

    private double Level(int band) => Low + (band * (High - Low) / Bands);

    /// <summary>What of a polygon lies where something that changes evenly is not below 0 (Sutherland and Hodgman 1974).</summary>
    private static List<Corner> Cut(List<Corner> polygon, Func<Corner, double> room)
    {
        var kept = new List<Corner>(polygon.Count + 2);
        for (var i = 0; i < polygon.Count; i++)
        {
            var (here, next) = (polygon[i], polygon[(i + 1) % polygon.Count]);
            var (from, to) = (room(here), room(next));
            if (from >= 0)
            {
                kept.Add(here);
            }

            if (from >= 0 != to >= 0)
            {
                kept.Add(here.Towards(next, from / (from - to)));
            }
        }

        return kept;
    }

    private void Add(int band, ReadOnlySpan<(double X, double Y)> points)
    {
        var path = paths[band];
        for (var i = 0; i < points.Length; i++)
        {
            path.Append(CultureInfo.InvariantCulture, $"{(i == 0 ? 'M' : 'L')}{points[i].X:0.#} {points[i].Y:0.#}");
        }

        path.Append('Z');
    }

    private readonly record struct Corner(double X, double Y, double Z, double Room)
    {
        public Corner Towards(Corner next, double share) => new(X + (share * (next.X - X)), Y + (share * (next.Y - Y)), Z + (share * (next.Z - Z)), Room + (share * (next.Room - Room)));
    }
}
