namespace Roux.Learning.Reports.Charts;

/// <summary>A bar as long as a share of its cell.</summary>
internal static class Bar
{
    /// <summary>A bar; the number beside it says what it says, so it is hidden from screen readers.</summary>
    public static Markup Draw(double share) => Markup.Of($"<span class=\"track\" aria-hidden=\"true\"><i style=\"width:{100 * Math.Clamp(double.IsNaN(share) ? 0 : share, 0, 1)}%\"></i></span>");
}
