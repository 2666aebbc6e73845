namespace Roux.Learning.Learners;

/// <summary>Turns decision values into probabilities with one or two numbers fitted on rows that the machine did not see.</summary>
internal static class MarginCalibration
{
    /// <summary>
    /// P(class 1) = 1 / (1 + exp(-(scale f + shift))) of greatest likelihood with smoothed targets.
    /// Source: Platt, "Probabilistic outputs for support vector machines" (1999); solved as in Lin, Lin and Weng, "A note on Platt's probabilistic outputs" (2007), appendix.
    /// The scale is kept from being negative, so the order of the rows stays.
    /// </summary>
    public static (double Scale, double Shift) Platt(double[] margins, int[] labels, double[] weights)
    {
        var (positive, negative) = (0.0, 0.0);
        for (var i = 0; i < labels.Length; i++)
        {
            positive += labels[i] == 1 ? weights[i] : 0;
            negative += labels[i] == 1 ? 0 : weights[i];
        }

        double[] targets = [.. labels.Select(label => label == 1 ? (positive + 1) / (positive + 2) : 1 / (negative + 2))];
        var (scale, shift) = (0.0, Math.Log((positive + 1) / (negative + 1)));
        var loss = Loss(scale, shift);
        for (var iteration = 0; iteration < 100; iteration++)
        {
            var (g1, g2, h11, h22, h12) = (0.0, 0.0, 1e-12, 1e-12, 0.0);
            for (var i = 0; i < margins.Length; i++)
            {
                var (_, p) = Probabilities.Logistic(scale * margins[i] + shift);
                var (residual, curvature) = (weights[i] * (p - targets[i]), weights[i] * p * (1 - p));
                g1 += residual * margins[i];
                g2 += residual;
                h11 += curvature * margins[i] * margins[i];
                h22 += curvature;
                h12 += curvature * margins[i];
            }

            if (Math.Abs(g1) < 1e-7 && Math.Abs(g2) < 1e-7)
            {
                break;
            }

            var determinant = h11 * h22 - h12 * h12;
            var (d1, d2) = (-(h22 * g1 - h12 * g2) / determinant, -(h11 * g2 - h12 * g1) / determinant);
            var slope = g1 * d1 + g2 * d2;
            var step = 1.0;
            while (step > 1e-10 && !(Loss(scale + step * d1, shift + step * d2) < loss + 1e-4 * step * slope))
            {
                step /= 2;
            }

            if (step <= 1e-10)
            {
                break;
            }

            (scale, shift) = (scale + step * d1, shift + step * d2);
            loss = Loss(scale, shift);
        }

        return (Math.Max(scale, 1e-6), shift);

        double Loss(double a, double b)
        {
            var sum = 0.0;
            for (var i = 0; i < margins.Length; i++)
            {
                var z = a * margins[i] + b;
                sum += weights[i] * (Math.Max(0, z) - targets[i] * z + double.LogP1(Math.Exp(-Math.Abs(z))));
            }

            return sum;
        }
    }

    /// <summary>
    /// The factor t of greatest likelihood for softmax(t f) (temperature scaling; Guo, Pleiss, Sun and Weinberger, "On calibration of modern neural networks", 2017, section 4.2).
    /// It is positive, so the most probable class is the one of the largest decision value, whatever the factor.
    /// </summary>
    /// <param name="margins">Rows x classes, row-major.</param>
    /// <param name="labels">One a row.</param>
    /// <param name="weights">One a row.</param>
    /// <param name="classes">Number of classes.</param>
    public static double Temperature(double[] margins, int[] labels, double[] weights, int classes)
    {
        // The loss is convex in the factor: narrow its logarithm down by golden sections.
        var (low, high) = (Math.Log(1e-2), Math.Log(1e3));
        var golden = (Math.Sqrt(5) - 1) / 2;
        var (a, b) = (high - golden * (high - low), low + golden * (high - low));
        var (lossA, lossB) = (Loss(Math.Exp(a)), Loss(Math.Exp(b)));
        for (var i = 0; i < 60 && high - low > 1e-6; i++)
        {
            if (lossA < lossB)
            {
                (high, b, lossB) = (b, a, lossA);
                a = high - golden * (high - low);
                lossA = Loss(Math.Exp(a));
            }
            else
            {
                (low, a, lossA) = (a, b, lossB);
                b = low + golden * (high - low);
                lossB = Loss(Math.Exp(b));
            }
        }

        return Math.Exp((low + high) / 2);

        double Loss(double factor)
        {
            var sum = 0.0;
            for (var row = 0; row < labels.Length; row++)
            {
                var scores = margins.AsSpan(row * classes, classes);
                var largest = double.NegativeInfinity;
                foreach (var score in scores)
                {
                    largest = Math.Max(largest, score);
                }

                var total = 0.0;
                foreach (var score in scores)
                {
                    total += Math.Exp(factor * (score - largest));
                }

                sum += weights[row] * (Math.Log(total) - factor * (scores[labels[row]] - largest));
            }

            return sum;
        }
    }

    /// <summary>Deals the rows of each class out over folds in random order, so that every fold has its share.</summary>
    public static int[] Folds(int[] labels, int classes, int folds, SplitMix64 random)
    {
        var order = Enumerable.Range(0, labels.Length).ToArray();
        random.Shuffle(order.AsSpan());
        var next = new int[classes];
        var fold = new int[labels.Length];
        foreach (var row in order)
        {
            fold[row] = (next[labels[row]]++ + labels[row]) % folds;
        }

        return fold;
    }
}
