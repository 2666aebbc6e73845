using Roux.Learning.Data;

namespace Roux.Debugging.Checks.Drift;

/// <summary>Finds columns that were multiplied: every quantile by the same factor.</summary>
internal static class UnitChange
{
    /// <summary>The factor, where it is at least 2 or at most 1/2; else <c>null</c>.</summary>
    public static double? Of(Column train, Column test)
    {
        if (train is not NumberColumn x || test is not NumberColumn y)
        {
            return null;
        }

        var (a, b) = (x.Values.Where(double.IsFinite).Order().ToArray(), y.Values.Where(double.IsFinite).Order().ToArray());
        if (a.Length < 20 || b.Length < 20)
        {
            return null;
        }

        var ratios = new[] { 0.1, 0.25, 0.5, 0.75, 0.9 }.Select(q => (A: a[(int)(q * (a.Length - 1))], B: b[(int)(q * (b.Length - 1))]))
            .Where(pair => pair.A != 0 && pair.B != 0).Select(pair => pair.B / pair.A).ToArray();
        var middle = ratios.Length < 3 ? 1 : ratios.Order().ElementAt(ratios.Length / 2);
        return middle is (>= 2 or <= 0.5) and > 0 && ratios.All(ratio => ratio > 0 && Math.Abs(Math.Log(ratio / middle)) < 0.25 * Math.Abs(Math.Log(middle))) ? middle : null;
    }
}
