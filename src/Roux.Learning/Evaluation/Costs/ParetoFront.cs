using System.Text.Json.Nodes;

namespace Roux.Learning.Evaluation;

/// <summary>
/// Which of several candidates are worth a look when quality and a cost are both wanted: one is <b>dominated</b> when another is at least
/// as good and at most as dear, and better in one of the two. Equals do not dominate each other. A candidate whose quality or cost
/// is not known (NaN) is neither on the front nor dominated.
/// </summary>
public static class ParetoFront
{
    /// <summary>Judges candidates.</summary>
    /// <param name="candidates">Names with quality and cost; a smaller cost is better.</param>
    /// <param name="higherIsBetter">Whether more quality is a larger number.</param>
    /// <returns>One per candidate, in their order.</returns>
    public static IReadOnlyList<ParetoPoint> Of(IReadOnlyList<(string Name, double Quality, double Cost)> candidates, bool higherIsBetter)
    {
        var points = new ParetoPoint[candidates.Count];
        for (var i = 0; i < points.Length; i++)
        {
            var (name, quality, cost) = candidates[i];
            var known = !double.IsNaN(quality) && !double.IsNaN(cost);
            var by = known ? candidates.Where(other => Dominates(other, candidates[i], higherIsBetter)).OrderBy(other => other.Cost).ThenBy(other => other.Name, StringComparer.Ordinal).Select(other => other.Name).FirstOrDefault() : null;
            points[i] = new ParetoPoint(name, quality, cost, known && by is null, by);
        }

        return points;
    }

    private static bool Dominates((string Name, double Quality, double Cost) a, (string Name, double Quality, double Cost) b, bool higherIsBetter)
    {
        var better = higherIsBetter ? a.Quality.CompareTo(b.Quality) : b.Quality.CompareTo(a.Quality);
        var cheaper = b.Cost.CompareTo(a.Cost);
        return !double.IsNaN(a.Quality) && !double.IsNaN(a.Cost) && better >= 0 && cheaper >= 0 && better + cheaper > 0;
    }
}

/// <summary>A candidate between quality and a cost.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Quality">Its quality; NaN where not known.</param>
/// <param name="Cost">Its cost; NaN where not known.</param>
/// <param name="OnFront">Whether nothing dominates it, both figures being known.</param>
/// <param name="DominatedBy">The cheapest of those that are at least as good and at most as dear; <c>null</c> when none is, or a figure is not known.</param>
public sealed record ParetoPoint(string Name, double Quality, double Cost, bool OnFront, string? DominatedBy)
{
    /// <summary>The point as data; a figure that is not known is <c>null</c>.</summary>
    public JsonObject ToJson() => new()
    {
        ["name"] = Name, ["quality"] = PlotNumbers.Of(Quality), ["cost"] = PlotNumbers.Of(Cost), ["on_front"] = OnFront, ["dominated_by"] = DominatedBy,
    };
}
