namespace Roux.Learning.Evaluation.Annotations;

/// <summary>
/// Consensus and annotators' errors by expectation maximisation (Dawid and Skene 1979, "Maximum likelihood estimation of observer
/// error-rates using the EM algorithm"): every annotator has a confusion matrix of their own, and an item's class is hidden.
/// Works on logarithms, starts from the shares of votes. Each row of a confusion matrix, and the class shares, get one
/// made-up item spread evenly over the classes, so that few labels make nobody perfect (the mode under a Dirichlet prior).
/// </summary>
public sealed class DawidSkene
{
    private const double Tolerance = 1e-6;
    private const int MaxIterations = 1000;
    private readonly AnnotationSet set;
    private readonly int classes;
    private readonly double[] posterior; // items x classes
    private readonly double[] prior;
    private readonly double[][] confusion; // per annotator: true class x label, row-major

    private DawidSkene(AnnotationSet set)
    {
        this.set = set;
        classes = set.Classes.Length;
        posterior = new double[set.Items.Count * classes];
        prior = new double[classes];
        confusion = [.. set.Annotators.Select(_ => new double[classes * classes])];
    }

    /// <summary>Estimated share of each class among the items; sums to 1.</summary>
    public IReadOnlyList<double> Prior => prior;

    /// <summary>Items x classes, row-major: the probability that the item is of the class; each row sums to 1.</summary>
    public IReadOnlyList<double> Posterior => posterior;

    /// <summary>Rounds until no probability moved by more than 1e-6.</summary>
    public int Iterations { get; private set; }

    /// <summary>Whether that was reached within 1,000 rounds.</summary>
    public bool Converged { get; private set; }

    /// <summary>Fits the model.</summary>
    /// <param name="set">Annotations with classes.</param>
    /// <param name="cancellation">Asks to stop.</param>
    /// <exception cref="ArgumentException">Ratings are numbers.</exception>
    public static DawidSkene Fit(AnnotationSet set, CancellationToken cancellation = default)
    {
        if (set.IsNumeric)
        {
            throw new ArgumentException("Dawid and Skene's model is for classes, and these ratings are numbers", nameof(set));
        }

        var model = new DawidSkene(set);
        model.Start();
        while (model.Iterations < MaxIterations && !model.Converged)
        {
            cancellation.ThrowIfCancellationRequested();
            model.Maximise();
            model.Converged = model.Expect() < Tolerance;
            model.Iterations++;
        }

        model.Align();
        return model;
    }

    /// <summary>The chance that an annotator calls an item of class <paramref name="actual"/> <paramref name="label"/>.</summary>
    public double Confusion(int annotator, int actual, int label) => confusion[annotator][actual * classes + label];

    /// <summary>The chance that an annotator is right about an item drawn at random.</summary>
    public double Accuracy(int annotator) => Enumerable.Range(0, classes).Sum(k => prior[k] * Confusion(annotator, k, k));

    /// <summary>The most probable class of each item, with its probability; an item that nobody labelled has none.</summary>
    public Consensus Consensus()
    {
        var items = set.Items.Count;
        var result = new Consensus(new double[items], new double[items], new bool[items]);
        for (var item = 0; item < items; item++)
        {
            var row = posterior.AsSpan(item * classes, classes);
            var best = 0;
            for (var k = 1; k < classes; k++)
            {
                best = row[k] > row[best] ? k : best;
            }

            var labelled = set.Of(item).ToArray().Any(rating => !double.IsNaN(rating));
            result.Values[item] = labelled ? best : double.NaN;
            result.Confidence[item] = labelled ? row[best] : double.NaN;
            for (var k = 0; k < classes; k++)
            {
                result.Tied[item] |= labelled && k != best && row[best] - row[k] < Tolerance;
            }
        }

        return result;
    }

    /// <summary>The most probable class of each item that an annotator labelled, as the labels of all others have it; NaN elsewhere and where there are none.</summary>
    public double[] ConsensusWithout(int annotator)
    {
        var result = new double[set.Items.Count];
        var row = new double[classes];
        for (var item = 0; item < result.Length; item++)
        {
            result[item] = double.NaN;
            if (set.Label(item, annotator) < 0)
            {
                continue;
            }

            var given = 0;
            for (var k = 0; k < classes; k++)
            {
                row[k] = Math.Log(prior[k]);
            }

            for (var other = 0; other < confusion.Length; other++)
            {
                if (other != annotator && set.Label(item, other) is >= 0 and var label)
                {
                    given++;
                    for (var k = 0; k < classes; k++)
                    {
                        row[k] += Math.Log(confusion[other][k * classes + label]);
                    }
                }
            }

            result[item] = given == 0 ? double.NaN : Array.IndexOf(row, row.Max());
        }

        return result;
    }

    /// <summary>Shares of votes; ties are shared out, and an item that nobody labelled may be anything.</summary>
    private void Start()
    {
        for (var item = 0; item < set.Items.Count; item++)
        {
            var row = posterior.AsSpan(item * classes, classes);
            var given = 0;
            foreach (var rating in set.Of(item))
            {
                if (!double.IsNaN(rating))
                {
                    row[(int)rating]++;
                    given++;
                }
            }

            for (var k = 0; k < classes; k++)
            {
                row[k] = given == 0 ? 1.0 / classes : row[k] / given;
            }
        }
    }

    private void Maximise()
    {
        var smoothing = 1.0 / classes;
        Array.Fill(prior, smoothing);
        foreach (var matrix in confusion)
        {
            Array.Fill(matrix, smoothing);
        }

        for (var item = 0; item < set.Items.Count; item++)
        {
            for (var k = 0; k < classes; k++)
            {
                prior[k] += posterior[item * classes + k];
            }

            for (var annotator = 0; annotator < confusion.Length; annotator++)
            {
                if (set.Label(item, annotator) is >= 0 and var label)
                {
                    for (var k = 0; k < classes; k++)
                    {
                        confusion[annotator][k * classes + label] += posterior[item * classes + k];
                    }
                }
            }
        }

        Scale(prior);
        foreach (var matrix in confusion)
        {
            for (var k = 0; k < classes; k++)
            {
                Scale(matrix.AsSpan(k * classes, classes));
            }
        }
    }

    /// <summary>New probabilities of the classes; returns the largest change.</summary>
    private double Expect()
    {
        var logPrior = Array.ConvertAll(prior, Math.Log);
        var logConfusion = Array.ConvertAll(confusion, matrix => Array.ConvertAll(matrix, Math.Log));
        var most = 0.0;
        var row = new double[classes];
        for (var item = 0; item < set.Items.Count; item++)
        {
            logPrior.CopyTo(row.AsSpan());
            for (var annotator = 0; annotator < confusion.Length; annotator++)
            {
                if (set.Label(item, annotator) is >= 0 and var label)
                {
                    for (var k = 0; k < classes; k++)
                    {
                        row[k] += logConfusion[annotator][k * classes + label];
                    }
                }
            }

            Learners.Probabilities.Softmax(row);
            for (var k = 0; k < classes; k++)
            {
                most = Math.Max(most, Math.Abs(row[k] - posterior[item * classes + k]));
                posterior[item * classes + k] = row[k];
            }
        }

        return most;
    }

    /// <summary>
    /// The likelihood is blind to the names of the hidden classes. Starting from votes keeps them in place, but where the fit has
    /// moved them the names go back to the classes that the votes agree with most.
    /// </summary>
    private void Align()
    {
        var votes = Annotations.Consensus.ByVote(set);
        var shared = new double[classes * classes]; // hidden class x vote
        for (var item = 0; item < set.Items.Count; item++)
        {
            if (!double.IsNaN(votes.Values[item]))
            {
                for (var k = 0; k < classes; k++)
                {
                    shared[k * classes + (int)votes.Values[item]] += posterior[item * classes + k];
                }
            }
        }

        var name = new int[classes];
        Array.Fill(name, -1);
        foreach (var cell in Enumerable.Range(0, shared.Length).OrderByDescending(cell => shared[cell]).ThenBy(cell => cell / classes == cell % classes ? 0 : 1))
        {
            var (hidden, vote) = (cell / classes, cell % classes);
            if (name[hidden] < 0 && !name.Contains(vote))
            {
                name[hidden] = vote;
            }
        }

        var better = Enumerable.Range(0, classes).Sum(k => shared[k * classes + name[k]]) > Enumerable.Range(0, classes).Sum(k => shared[k * classes + k]) * (1 + 1e-9);
        if (better)
        {
            Rename(name);
        }
    }

    private void Rename(int[] name)
    {
        void Move(Span<double> rows, int width)
        {
            var old = rows.ToArray();
            for (var k = 0; k < classes; k++)
            {
                old.AsSpan(k * width, width).CopyTo(rows[(name[k] * width)..]);
            }
        }

        Move(prior, 1);
        foreach (var matrix in confusion)
        {
            Move(matrix, classes);
        }

        for (var item = 0; item < set.Items.Count; item++)
        {
            Move(posterior.AsSpan(item * classes, classes), 1);
        }
    }

    private static void Scale(Span<double> shares)
    {
        var sum = 0.0;
        foreach (var share in shares)
        {
            sum += share;
        }

        for (var k = 0; k < shares.Length; k++)
        {
            shares[k] /= sum;
        }
    }
}
