namespace Roux.Server.Components.Charts;

/// <summary>A thing as a line over parallel axes.</summary>
/// <param name="Id">What it is known by.</param>
/// <param name="Hint">What is told beside the pointer; lines end with a line break.</param>
/// <param name="Values">One an axis; NaN where it has none, and the line goes on behind it.</param>
/// <param name="Shade">Its colour from 0 (faint) to 1 (strong); NaN for grey.</param>
/// <param name="Href">Where a click leads; <c>null</c> for nowhere.</param>
public sealed record ParallelLine(string Id, string Hint, IReadOnlyList<double> Values, double Shade, string? Href = null);

/// <summary>A stretch of an axis that was chosen.</summary>
/// <param name="Axis">Name of the axis.</param>
/// <param name="Low">Its least value.</param>
/// <param name="High">Its greatest value.</param>
public sealed record ParallelBrush(string Axis, double Low, double High)
{
    /// <summary>Whether a line goes through all of some stretches; a line without a value on an axis does not go through a stretch of it.</summary>
    public static bool Holds(IReadOnlyList<ParallelBrush> brushes, IReadOnlyList<PlotAxis> axes, ParallelLine line)
    {
        ArgumentNullException.ThrowIfNull(brushes);
        ArgumentNullException.ThrowIfNull(axes);
        ArgumentNullException.ThrowIfNull(line);
        foreach (var brush in brushes)
        {
            var axis = 0;
            while (axis < axes.Count && axes[axis].Name != brush.Axis)
            {
                axis++;
            }

            if (axis < axes.Count && !(line.Values[axis] >= brush.Low && line.Values[axis] <= brush.High))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Stretches as they stand in an address: <c>name~low~high</c>, with <c>!</c> between them.</summary>
    public static string? Write(IReadOnlyList<ParallelBrush> brushes)
    {
        ArgumentNullException.ThrowIfNull(brushes);
        return brushes.Count == 0 ? null
            : string.Join('!', brushes.Select(brush => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{Uri.EscapeDataString(brush.Axis).Replace("~", "%7E", StringComparison.Ordinal)}~{brush.Low:G6}~{brush.High:G6}")));
    }

    /// <summary>Reads them; what is none is left out.</summary>
    public static IReadOnlyList<ParallelBrush> Read(string? text)
    {
        var brushes = new List<ParallelBrush>();
        foreach (var part in (text ?? "").Split('!', StringSplitOptions.RemoveEmptyEntries).Take(64))
        {
            if (part.Split('~') is [var name, var low, var high]
                && double.TryParse(low, System.Globalization.NumberStyles.Float, System.Globalization.CultureInfo.InvariantCulture, out var from)
                && double.TryParse(high, System.Globalization.NumberStyles.Float, System.Globalization.CultureInfo.InvariantCulture, out var to))
            {
                brushes.Add(new ParallelBrush(Uri.UnescapeDataString(name), from, to));
            }
        }

        return brushes;
    }
}
