namespace Roux.Learning.Evaluation.LearningCurves;

/// <summary>Where one model's curve overtakes another's.</summary>
/// <param name="Now">Name of the model that is expected to be better with the present rows.</param>
/// <param name="Later">Name of the other.</param>
/// <param name="Probability">Probability that the other is better somewhere between the present rows and <see cref="CurveForecast.Horizon"/> times as many.</param>
/// <param name="Rows">Rows at which it overtakes, where it does, with a 90% interval; <c>null</c> when hardly any drawn curves cross.</param>
/// <param name="ProbabilityNow">Probability that the first is better with the present rows.</param>
public sealed record CurveCrossing(string Now, string Later, double Probability, Interval? Rows, double ProbabilityNow)
{
    private const int Steps = 40;
    private const double WorthAPlace = 0.05;

    /// <summary>Compares two forecasts draw by draw; they should come from the same divisions and the same seed.</summary>
    /// <param name="a">A forecast and the name of its model.</param>
    /// <param name="b">The other.</param>
    /// <param name="present">The present rows.</param>
    public static CurveCrossing Of((string Name, CurveForecast Forecast) a, (string Name, CurveForecast Forecast) b, double present)
    {
        var draws = Math.Min(a.Forecast.Curves.Count, b.Forecast.Curves.Count);
        var ahead = Enumerable.Range(0, draws).Count(i => a.Forecast.Error(i, present) <= b.Forecast.Error(i, present)) / (double)draws;
        var (first, second) = ahead >= 0.5 ? (a, b) : (b, a);
        var places = new List<double>();
        for (var i = 0; i < draws; i++)
        {
            if (Overtakes(second.Forecast, first.Forecast, i, present) is { } rows)
            {
                places.Add(rows);
            }
        }

        double[] sorted = [.. places.Order()];
        var share = (double)sorted.Length / draws;
        var interval = share < WorthAPlace ? null
            : new Interval(CurveScale.Quantile(sorted, 0.5), CurveScale.Quantile(sorted, 0.05), CurveScale.Quantile(sorted, 0.95), "over the drawn curves that cross");
        return new CurveCrossing(first.Name, second.Name, share, interval, Math.Max(ahead, 1 - ahead));
    }

    /// <summary>Rows from which on the second is better in a draw: the present ones where it already is, <c>null</c> when never within the horizon.</summary>
    private static double? Overtakes(CurveForecast second, CurveForecast first, int draw, double present)
    {
        for (var step = 0; step <= Steps; step++)
        {
            var rows = present * Math.Pow(CurveForecast.Horizon, (double)step / Steps);
            if (second.Error(draw, rows) < first.Error(draw, rows))
            {
                return rows;
            }
        }

        return null;
    }
}
