using Roux.Learning.Data;

namespace Roux.Learning.AutoML;

/// <summary>Fits a regression on log(1 + y), for quantities that grow by factors such as prices, and takes it back for predictions.</summary>
internal static class TargetScale
{
    /// <summary>Whether log1p is worth trying: no negative answers and a skewness above 1.</summary>
    public static bool IsSkewed(Target y)
    {
        if (y.Task != TaskKind.Regression || y.Values.Min() < 0)
        {
            return false;
        }

        var mean = y.Values.Average();
        double m2 = 0, m3 = 0;
        foreach (var value in y.Values)
        {
            var d = value - mean;
            m2 += d * d;
            m3 += d * d * d;
        }

        m2 /= y.Count;
        m3 /= y.Count;
        return m2 > 0 && m3 / Math.Pow(m2, 1.5) > 1;
    }

    /// <summary>The answers as the learner sees them.</summary>
    public static Target Apply(Target y, bool log) => log ? Target.Regression(Array.ConvertAll(y.Values, value => Math.Log(1 + value))) : y;

    /// <summary>The learner's predictions on the scale of the answers, not below <c>-1</c> plus a breath.</summary>
    public static Predictions Undo(Predictions p, bool log) => log ? new Predictions(p.Task, p.Width, Array.ConvertAll(p.Values, value => Math.Exp(Math.Min(value, 700)) - 1)) : p;
}
