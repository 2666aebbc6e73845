namespace Roux.Learning.Evaluation;

/// <summary>How an entry of a legend is drawn.</summary>
internal enum Mark
{
    Line,
    Dot,
    Diamond,
    Aid,
}

/// <summary>An entry of a legend.</summary>
internal sealed record LegendEntry(string Name, int Series, Mark Mark);

/// <summary>What is written along an axis.</summary>
internal sealed record Axis(string Title, double Low, double High, bool Logarithmic = false)
{
    /// <summary>No figures along it: places without a scale.</summary>
    public bool IsBare { get; init; }
}

/// <summary>A chart with two axes of numbers, a title and a legend.</summary>
internal sealed class XyChart
{
    private const double LegendLine = 18;

    private readonly double height;

    public XyChart(string title, string description, Axis x, Axis y, IReadOnlyList<LegendEntry> legend, double width = 480, double height = 350)
    {
        this.height = height;
        Canvas = new SvgCanvas(width, title, description);
        Canvas.Text(10, 20, title, css: "title", room: width - 20, fontSize: 14);
        Top = 34 + Legend(Canvas, legend, 10, 36, width - 20) + (legend.Count > 0 ? 5 : 0);
        Bottom = height - (x.Title.Length > 0 ? 44 : 26);
        Right = width - 16;
        var scale = new Scale(y.Low, y.High, Bottom, Top, y.Logarithmic);
        var ticks = y.IsBare ? [] : scale.TickValues(5);
        var labels = Ticks.Labels(ticks);
        Left = 14 + (y.Title.Length > 0 ? 18 : 0) + labels.Select(label => SvgText.Width(label)).DefaultIfEmpty(10).Max();
        X = new Scale(x.Low, x.High, Left, Right, x.Logarithmic);
        Y = scale;
        DrawAxes(x.Title, y.Title, ticks, labels);
    }

    public SvgCanvas Canvas { get; }

    public Scale X { get; }

    public Scale Y { get; }

    public double Left { get; }

    public double Right { get; }

    public double Top { get; }

    public double Bottom { get; }

    public void Line(IReadOnlyList<double> xs, IReadOnlyList<double> ys, int series) => Canvas.Path(Points(xs, ys), series);

    /// <summary>The area between two lines.</summary>
    public void Band(IReadOnlyList<double> xs, IReadOnlyList<double> low, IReadOnlyList<double> high, int series) =>
        Canvas.Area([.. Points(xs, low), .. Points(xs, high).Reverse()], series);

    /// <summary>A dashed line that helps the eye, between two points.</summary>
    public void Aid(double x1, double y1, double x2, double y2) => Canvas.Line(X[x1], Y[y1], X[x2], Y[y2], "aid");

    public string Finish() => Canvas.Finish(height);

    /// <summary>Draws a legend in as many lines as it needs.</summary>
    /// <returns>The height that it took.</returns>
    internal static double Legend(SvgCanvas canvas, IReadOnlyList<LegendEntry> entries, double left, double top, double width)
    {
        if (entries.Count == 0)
        {
            return 0;
        }

        double x = left, y = top;
        foreach (var entry in entries)
        {
            var room = Math.Min(SvgText.Width(entry.Name) + 2, width - 32);
            if (x > left && x + 26 + room > left + width)
            {
                (x, y) = (left, y + LegendLine);
            }

            switch (entry.Mark)
            {
                case Mark.Line:
                    canvas.Path([(x, y), (x + 20, y)], entry.Series);
                    break;
                case Mark.Aid:
                    canvas.Line(x, y, x + 20, y, "aid");
                    break;
                case Mark.Diamond:
                    canvas.Diamond(x + 10, y, 6, entry.Series);
                    break;
                default:
                    canvas.Dot(x + 10, y, 4.5, entry.Series);
                    break;
            }

            canvas.Text(x + 26, y + 4, entry.Name, room: room + 1);
            x += 26 + room + 16;
        }

        return y - top + LegendLine;
    }

    private void DrawAxes(string xTitle, string yTitle, double[] yTicks, string[] yLabels)
    {
        for (var i = 0; i < yTicks.Length; i++)
        {
            Canvas.Line(Left, Y[yTicks[i]], Right, Y[yTicks[i]], "grid");
            Canvas.Text(Left - 6, Y[yTicks[i]] + 4, yLabels[i], Anchor.End, "muted");
        }

        var xTicks = X.TickValues(6);
        var xLabels = Ticks.Labels(xTicks);
        if (xLabels.Sum(label => SvgText.Width(label) + 10) > Right - Left)
        {
            xTicks = X.TickValues(3);
            xLabels = Ticks.Labels(xTicks);
        }

        for (var i = 0; i < xTicks.Length; i++)
        {
            var x = X[xTicks[i]];
            Canvas.Line(x, Top, x, Bottom, "grid");
            var outside = Math.Max(0, x + SvgText.Width(xLabels[i]) / 2 - Canvas.Width + 2);
            Canvas.Text(x - outside, Bottom + 16, xLabels[i], Anchor.Middle, "muted");
        }

        Canvas.Line(Left, Bottom, Right, Bottom, "axis");
        Canvas.Line(Left, Top, Left, Bottom, "axis");
        if (xTitle.Length > 0)
        {
            Canvas.Text((Left + Right) / 2, Bottom + 36, xTitle, Anchor.Middle, room: Right - Left);
        }

        if (yTitle.Length > 0)
        {
            Canvas.Text(16, (Top + Bottom) / 2, yTitle, Anchor.Middle, turn: -90, room: Bottom - Top + 30);
        }
    }

    private IEnumerable<(double X, double Y)> Points(IReadOnlyList<double> xs, IReadOnlyList<double> ys)
    {
        for (var i = 0; i < xs.Count; i++)
        {
            if (double.IsFinite(xs[i]) && double.IsFinite(ys[i]))
            {
                yield return (X[xs[i]], Y[ys[i]]);
            }
        }
    }
}
