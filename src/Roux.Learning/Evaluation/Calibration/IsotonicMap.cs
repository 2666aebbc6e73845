namespace Roux.Learning.Evaluation.Calibration;

/// <summary>
/// Isotonic regression (pool adjacent violators, Ayer et al. 1955; for probabilities Zadrozny and Elkan 2002), joined by straight lines
/// between the ends of its steps and constant beyond them, as in scikit-learn. Values stay within [1/(n+2), (n+1)/(n+2)]: no number of
/// rows can tell that something never happens.
/// </summary>
public sealed class IsotonicMap : ProbabilityMap
{
    /// <param name="x">Probabilities of the model, rising strictly, at least one.</param>
    /// <param name="y">Calibrated probabilities at these, not falling, in [0, 1].</param>
    /// <exception cref="ArgumentException">They are not.</exception>
    public IsotonicMap(double[] x, double[] y)
    {
        if (x.Length == 0 || x.Length != y.Length || !x.Concat(y).All(value => value is >= 0 and <= 1)
            || Enumerable.Range(1, x.Length - 1).Any(i => x[i] <= x[i - 1] || y[i] < y[i - 1]))
        {
            throw new ArgumentException($"needs a rising curve of at least one point within [0, 1]; given {x.Length} and {y.Length} values");
        }

        (X, Y) = (x, y);
    }

    /// <summary>Probabilities of the model.</summary>
    public double[] X { get; }

    /// <summary>Calibrated probabilities at these.</summary>
    public double[] Y { get; }

    /// <inheritdoc/>
    public override double Map(double p, double rest)
    {
        var place = Array.BinarySearch(X, p);
        if (place >= 0)
        {
            return Y[place];
        }

        var next = ~place;
        return next == 0 ? Y[0] : next == X.Length ? Y[^1]
            : Y[next - 1] + (p - X[next - 1]) / (X[next] - X[next - 1]) * (Y[next] - Y[next - 1]);
    }

    /// <summary>Fits the curve.</summary>
    /// <param name="event">Whether the event happened, one per row.</param>
    /// <param name="p">The model's probability of it.</param>
    /// <param name="rest">Not used.</param>
    public static IsotonicMap Fit(bool[] @event, double[] p, double[] rest)
    {
        ArgumentOutOfRangeException.ThrowIfZero(p.Length);
        var order = Enumerable.Range(0, p.Length).ToArray();
        Array.Sort(Array.ConvertAll(order, row => p[row]), order);

        // Blocks of equal probability first, then neighbours that fall are pooled.
        var blocks = new List<(double From, double To, double Sum, double Count)>();
        foreach (var row in order)
        {
            var value = @event[row] ? 1.0 : 0;
            if (blocks.Count > 0 && blocks[^1].To == p[row] && blocks[^1].From == p[row])
            {
                var same = blocks[^1];
                blocks[^1] = same with { Sum = same.Sum + value, Count = same.Count + 1 };
                continue;
            }

            Pool(blocks);
            blocks.Add((p[row], p[row], value, 1));
        }

        Pool(blocks);
        var (least, most) = (1.0 / (p.Length + 2), (p.Length + 1.0) / (p.Length + 2));
        var (x, y) = (new List<double>(), new List<double>());
        foreach (var (from, to, sum, count) in blocks)
        {
            var value = Math.Clamp(sum / count, least, most);
            x.Add(from);
            y.Add(value);
            if (to > from)
            {
                x.Add(to);
                y.Add(value);
            }
        }

        return new IsotonicMap([.. x], [.. y]);
    }

    private static void Pool(List<(double From, double To, double Sum, double Count)> blocks)
    {
        while (blocks.Count > 1 && blocks[^2].Sum * blocks[^1].Count >= blocks[^1].Sum * blocks[^2].Count)
        {
            var (a, b) = (blocks[^2], blocks[^1]);
            blocks.RemoveAt(blocks.Count - 1);
            blocks[^1] = (a.From, b.To, a.Sum + b.Sum, a.Count + b.Count);
        }
    }
}
