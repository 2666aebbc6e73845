using System.Globalization;
using System.Text;

namespace Roux.Server.Components.Charts;

/// <summary>Where the axes and lines of parallel coordinates lie (Inselberg 1985).</summary>
internal sealed class ParallelDrawing(IReadOnlyList<PlotAxis> axes, ChartRoom room)
{
    private const double Side = 52;

    /// <summary>Height of the upper ends of the axes.</summary>
    public const double Top = 34;

    /// <summary>Pixels that an axis needs to its side.</summary>
    public const int PerAxis = 96;

    /// <summary>Height of the lower ends of the axes.</summary>
    public double Bottom { get; } = room.Height - 14;

    /// <summary>Where an axis stands.</summary>
    public double X(int axis) => axes.Count < 2 ? room.Width / 2.0 : Side + (axis * (room.Width - (2 * Side)) / (axes.Count - 1));

    /// <summary>An axis between its pixels.</summary>
    public Scale Axis(int axis) => axes[axis].Over(Bottom, Top);

    /// <summary>The line as a path. A value beyond the ends of its axis stands on the end.</summary>
    public string Path(ParallelLine line)
    {
        var path = new StringBuilder();
        for (var axis = 0; axis < axes.Count; axis++)
        {
            if (axes[axis].UnitOf(line.Values[axis]) is var unit && double.IsFinite(unit))
            {
                path.Append(CultureInfo.InvariantCulture, $"{(path.Length == 0 ? 'M' : 'L')}{X(axis):0.#} {Bottom - (Math.Clamp(unit, 0, 1) * (Bottom - Top)):0.#}");
            }
        }

        return path.ToString();
    }

    /// <summary>The stretch of an axis between two heights; <c>null</c> for a click, which is none.</summary>
    public ParallelBrush? Brush(int axis, double from, double to)
    {
        const double Click = 4;
        if (axis < 0 || axis >= axes.Count || Math.Abs(to - from) < Click)
        {
            return null;
        }

        var scale = Axis(axis);
        var (low, high) = (scale.Value(Math.Clamp(Math.Max(from, to), Top, Bottom)), scale.Value(Math.Clamp(Math.Min(from, to), Top, Bottom)));
        return new ParallelBrush(axes[axis].Name, low, high);
    }

    /// <summary>Upper end and height of a chosen stretch.</summary>
    public (double Top, double Height) Mark(int axis, ParallelBrush brush)
    {
        double Place(double value) => Bottom - (Math.Clamp(axes[axis].UnitOf(value) is var unit && double.IsFinite(unit) ? unit : 0, 0, 1) * (Bottom - Top));
        var (high, low) = (Place(brush.High), Place(brush.Low));
        return (high, Math.Max(2, low - high));
    }
}
