namespace Roux.Debugging.Labels;

/// <summary>
/// How given labels and true ones go together, estimated from probabilities of rows by models that did not see them: confident learning
/// (Northcutt, Jiang and Chuang 2021, "Confident learning: estimating uncertainty in dataset labels", sections 3.1 and 3.2).
/// </summary>
public sealed class ConfidentJoint
{
    private ConfidentJoint(double[] thresholds, int[,] counts, double[,] joint) => (Thresholds, Counts, Joint) = (thresholds, counts, joint);

    /// <summary>Per class the mean probability that its rows are given: from there on a row counts as confidently of the class.</summary>
    public double[] Thresholds { get; }

    /// <summary>Given classes x true classes: rows that are confidently of the true class.</summary>
    public int[,] Counts { get; }

    /// <summary>Given classes x true classes: shares of all rows, each given class scaled to the share it has; sums to 1.</summary>
    public double[,] Joint { get; }

    /// <summary>Share of the rows whose label is wrong, by the estimate.</summary>
    public double NoiseRate
    {
        get
        {
            var right = 0.0;
            for (var k = 0; k < Thresholds.Length; k++)
            {
                right += Joint[k, k];
            }

            return Math.Clamp(1 - right, 0, 1);
        }
    }

    /// <summary>Per true class the shares of the labels given: the noise matrix P(given | true), true classes x given classes; a class that no row is of gives a row of zeros.</summary>
    public double[,] NoiseMatrix()
    {
        var classes = Thresholds.Length;
        var matrix = new double[classes, classes];
        for (var real = 0; real < classes; real++)
        {
            var sum = 0.0;
            for (var given = 0; given < classes; given++)
            {
                sum += Joint[given, real];
            }

            for (var given = 0; given < classes; given++)
            {
                matrix[real, given] = sum > 0 ? Joint[given, real] / sum : 0;
            }
        }

        return matrix;
    }

    /// <summary>Estimates the joint.</summary>
    /// <param name="labels">Per row the given class.</param>
    /// <param name="probabilities">Rows x classes, row-major, from models that did not see the row.</param>
    /// <param name="classes">Number of classes.</param>
    public static ConfidentJoint Of(int[] labels, double[] probabilities, int classes)
    {
        var thresholds = new double[classes];
        var rows = new int[classes];
        for (var i = 0; i < labels.Length; i++)
        {
            thresholds[labels[i]] += probabilities[i * classes + labels[i]];
            rows[labels[i]]++;
        }

        for (var k = 0; k < classes; k++)
        {
            thresholds[k] = rows[k] > 0 ? thresholds[k] / rows[k] : double.PositiveInfinity;
        }

        var counts = new int[classes, classes];
        for (var i = 0; i < labels.Length; i++)
        {
            if (Confident(probabilities.AsSpan(i * classes, classes), thresholds) is >= 0 and var real)
            {
                counts[labels[i], real]++;
            }
        }

        return new ConfidentJoint(thresholds, counts, Calibrate(counts, rows, labels.Length));
    }

    /// <summary>The most probable of the classes of which a row is confidently one; -1 for none.</summary>
    public static int Confident(ReadOnlySpan<double> probabilities, double[] thresholds)
    {
        var best = -1;
        for (var k = 0; k < probabilities.Length; k++)
        {
            if (probabilities[k] >= thresholds[k] && (best < 0 || probabilities[k] > probabilities[best]))
            {
                best = k;
            }
        }

        return best;
    }

    private static double[,] Calibrate(int[,] counts, int[] rows, int total)
    {
        var classes = rows.Length;
        var joint = new double[classes, classes];
        for (var given = 0; given < classes; given++)
        {
            var sum = 0.0;
            for (var real = 0; real < classes; real++)
            {
                sum += counts[given, real];
            }

            for (var real = 0; real < classes; real++)
            {
                var share = sum > 0 ? counts[given, real] / sum : given == real ? 1 : 0;
                joint[given, real] = share * rows[given] / total;
            }
        }

        return joint;
    }
}
