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

    private ContourDrawing(double low, double high) => (Low, High) = (low, high);

    /// <summary>The lower end of the first band.</summary>
    public double Low { get; }

    /// <summary>The upper end of the last band.</summary>
    public double High { get; }

    /// <summary>An SVG path a band, the lowest first; empty for one that is nowhere.</summary>
    public IReadOnlyList<string> Paths => [.. paths.Select(path => path.ToString())];

    /// <summary>Draws a surface over two axes.</summary>
    public static ContourDrawing Of(SmoothSurface surface, PlotAxis xAxis, PlotAxis yAxis, Scale x, Scale y)
    {
        double[] across = Places(xAxis), up = Places(yAxis);
        var values = new double[across.Length, up.Length];
        for (var i = 0; i < across.Length; i++)
        {
            for (var j = 0; j < up.Length; j++)
            {
                values[i, j] = surface.At(across[i], up[j]);
            }
        }

        // A few places that lie far off would take all colours; they share the outermost ones.
        double[] sorted = [.. values.Cast<double>().Where(double.IsFinite).Order()];
        var (low, high) = sorted.Length == 0 ? (0, 1) : (sorted[(int)(0.01 * (sorted.Length - 1))], sorted[(int)(0.99 * (sorted.Length - 1))]);
        var drawing = new ContourDrawing(low, high > low ? high : low + Math.Max(1e-9, Math.Abs(low) * 0.01));
        if (xAxis.IsTexts || yAxis.IsTexts)
        {
            drawing.Cells(values, Edges(xAxis, across, x), Edges(yAxis, up, y));
        }
        else
        {
            drawing.Slopes(values, [.. across.Select(unit => x.From + (unit * (x.To - x.From)))], [.. up.Select(unit => y.From + (unit * (y.To - y.From)))]);
        }

        return drawing;
    }

    /// <summary>The band of a value.</summary>
    public int BandOf(double value) => (int)Math.Clamp((value - Low) / (High - Low) * Bands, 0, Bands - 1);

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

    private void Cells(double[,] values, double[] x, double[] y)
    {
        for (var i = 0; i + 1 < x.Length; i++)
        {
            for (var j = 0; j + 1 < y.Length; j++)
            {
                if (double.IsFinite(values[i, j]))
                {
                    Add(BandOf(values[i, j]), [(x[i], y[j]), (x[i + 1], y[j]), (x[i + 1], y[j + 1]), (x[i], y[j + 1])]);
                }
            }
        }
    }

    // Each square of the lattice as two triangles, cut at the levels: bands meet without gaps, and no saddle is ambiguous.
    private void Slopes(double[,] values, double[] x, double[] y)
    {
        for (var i = 0; i + 1 < x.Length; i++)
        {
            for (var j = 0; j + 1 < y.Length; j++)
            {
                (double X, double Y, double Z) a = (x[i], y[j], values[i, j]), b = (x[i + 1], y[j], values[i + 1, j]), c = (x[i + 1], y[j + 1], values[i + 1, j + 1]), d = (x[i], y[j + 1], values[i, j + 1]);
                if (double.IsFinite(a.Z) && double.IsFinite(b.Z) && double.IsFinite(c.Z) && double.IsFinite(d.Z) && BandOf(a.Z) is var band && BandOf(b.Z) == band && BandOf(c.Z) == band && BandOf(d.Z) == band)
                {
                    Add(band, [(a.X, a.Y), (b.X, b.Y), (c.X, c.Y), (d.X, d.Y)]);
                    continue;
                }

                Triangle(a, b, c);
                Triangle(a, c, d);
            }
        }
    }

    private void Triangle((double X, double Y, double Z) a, (double X, double Y, double Z) b, (double X, double Y, double Z) c)
    {
        if (!double.IsFinite(a.Z + b.Z + c.Z))
        {
            return;
        }

        int first = Math.Min(BandOf(a.Z), Math.Min(BandOf(b.Z), BandOf(c.Z))), last = Math.Max(BandOf(a.Z), Math.Max(BandOf(b.Z), BandOf(c.Z)));
        for (var band = first; band <= last; band++)
        {
            List<(double X, double Y, double Z)> part = [a, b, c];
            part = band > first ? Cut(part, Level(band), isAbove: true) : part;
            part = band < last ? Cut(part, Level(band + 1), isAbove: false) : part;
            if (part.Count > 2)
            {
                Add(band, [.. part.Select(point => (point.X, point.Y))]);
            }
        }
    }

    private double Level(int band) => Low + (band * (High - Low) / Bands);

    /// <summary>What of a polygon lies on one side of a level (Sutherland and Hodgman 1974).</summary>
    private static List<(double X, double Y, double Z)> Cut(List<(double X, double Y, double Z)> polygon, double level, bool isAbove)
    {
        var kept = new List<(double X, double Y, double Z)>(polygon.Count + 2);
        for (var i = 0; i < polygon.Count; i++)
        {
            var (here, next) = (polygon[i], polygon[(i + 1) % polygon.Count]);
            var (isIn, isNextIn) = isAbove ? (here.Z >= level, next.Z >= level) : (here.Z <= level, next.Z <= level);
            if (isIn)
            {
                kept.Add(here);
            }

            if (isIn != isNextIn)
            {
                var share = (level - here.Z) / (next.Z - here.Z);
                kept.Add((here.X + (share * (next.X - here.X)), here.Y + (share * (next.Y - here.Y)), level));
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
}
