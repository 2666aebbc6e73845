using Roux.Learning.Data;
using Roux.Learning.Features;
using Roux.Learning.Pipelines;

namespace Roux.Learning.Learners.Linear;

/// <summary>How scores become outputs.</summary>
internal enum Link
{
    /// <summary>The score is the prediction.</summary>
    Identity,

    /// <summary>One score; the probability of class 1 is 1 / (1 + exp(-score)).</summary>
    Logistic,

    /// <summary>One score a class; probabilities are exp(score) scaled to sum to 1.</summary>
    Softmax,
}

/// <summary>A weighted sum of the features per output, through a link. Logistic regression, the least-squares family and the linear SVM all are one.</summary>
internal sealed class LinearModel : Model
{
    public const string KindName = "linear";

    private readonly ModelHead head;
    private readonly Link link;
    private readonly double[] weights;
    private readonly double[] intercepts;
    private readonly double[] spreads;
    private double[]? byOutput;

    /// <param name="head">Task and shape.</param>
    /// <param name="link">How scores become outputs.</param>
    /// <param name="weights">Features x scores, feature by feature.</param>
    /// <param name="intercepts">One per score.</param>
    /// <param name="spreads">Standard deviation of each feature over the training rows, for the importance.</param>
    public LinearModel(ModelHead head, Link link, double[] weights, double[] intercepts, double[] spreads) =>
        (this.head, this.link, this.weights, this.intercepts, this.spreads) = (head, link, weights, intercepts, spreads);

    public override string Kind => KindName;

    public override long ParameterCount => weights.LongLength + intercepts.Length;

    /// <summary>How scores become outputs.</summary>
    public Link Link => link;

    /// <summary>Features x scores, feature by feature.</summary>
    public double[] Weights => weights;

    /// <summary>One per score.</summary>
    public double[] Intercepts => intercepts;

    /// <summary>Mean absolute weight over the scores, times the feature's standard deviation: the typical change it makes to a score.</summary>
    public override double[] Importance
    {
        get
        {
            var importance = new double[head.Columns];
            for (var i = 0; i < weights.Length; i++)
            {
                importance[i / intercepts.Length] += Math.Abs(weights[i]) / intercepts.Length;
            }

            for (var j = 0; j < importance.Length; j++)
            {
                importance[j] *= spreads[j];
            }

            return importance;
        }
    }

    public override Predictions Predict(FeatureMatrix x)
    {
        head.Check(x);
        // Turned once: a single row would else spend more on that than on its sums.
        var scores = Scores(x, weights, intercepts, NeedsTurning(x, intercepts) ? byOutput ??= ByOutput(weights, intercepts.Length) : weights);
        if (link == Link.Identity)
        {
            return new Predictions(head.Task, head.Width, scores);
        }

        if (link == Link.Softmax)
        {
            for (var row = 0; row < x.Rows; row++)
            {
                Probabilities.Softmax(scores.AsSpan(row * head.Width, head.Width));
            }

            return new Predictions(head.Task, head.Width, scores);
        }

        var values = new double[2L * x.Rows];
        for (var row = 0; row < x.Rows; row++)
        {
            (values[2 * row], values[2 * row + 1]) = Probabilities.Logistic(scores[row]);
        }

        return new Predictions(head.Task, head.Width, values);
    }

    /// <summary>Rows x scores: intercept plus weighted sum.</summary>
    public static double[] Scores(FeatureMatrix x, double[] weights, double[] intercepts) =>
        Scores(x, weights, intercepts, NeedsTurning(x, intercepts) ? ByOutput(weights, intercepts.Length) : weights);

    private static bool NeedsTurning(FeatureMatrix x, double[] intercepts) => !x.IsSparse && intercepts.Length > 1;

    private static double[] Scores(FeatureMatrix x, double[] weights, double[] intercepts, double[] byOutput)
    {
        var outputs = intercepts.Length;
        var scores = new double[(long)x.Rows * outputs];
        for (var row = 0; row < x.Rows; row++)
        {
            var target = scores.AsSpan(row * outputs, outputs);
            intercepts.CopyTo(target);
            if (x.Dense is { } dense)
            {
                for (var k = 0; k < outputs; k++)
                {
                    target[k] += DesignMatrix.Dot(dense.AsSpan(row * x.Columns, x.Columns), byOutput.AsSpan(k * x.Columns, x.Columns));
                }

                continue;
            }

            for (var e = x.RowStarts![row]; e < x.RowStarts[row + 1]; e++)
            {
                var at = (long)x.Indices![e] * outputs;
                for (var k = 0; k < outputs; k++)
                {
                    target[k] += x.Values![e] * weights[at + k];
                }
            }
        }

        return scores;
    }

    /// <summary>Standard deviation of each feature.</summary>
    public static double[] Spreads(FeatureMatrix x)
    {
        var (sum, squares) = (new double[x.Columns], new double[x.Columns]);
        var values = x.Dense ?? x.Values!;
        for (var i = 0; i < values.Length; i++)
        {
            var column = x.IsSparse ? x.Indices![i] : i % x.Columns;
            sum[column] += values[i];
            squares[column] += (double)values[i] * values[i];
        }

        for (var j = 0; j < sum.Length; j++)
        {
            var mean = sum[j] / x.Rows;
            squares[j] = Math.Sqrt(Math.Max(0, squares[j] / x.Rows - mean * mean));
        }

        return squares;
    }

    public override void Write(ArchiveWriter archive)
    {
        var json = head.ToJson();
        json["link"] = link.ToString().ToLowerInvariant();
        archive.WriteJson("model", json);
        archive.WriteArray("weights", weights);
        archive.WriteArray("intercepts", intercepts);
        archive.WriteArray("spreads", spreads);
    }

    public static LinearModel Read(ArchiveReader archive)
    {
        var (head, json) = ModelHead.Read(archive);
        if (!Enum.TryParse<Link>(json.Text("link"), ignoreCase: true, out var link) || !Enum.IsDefined(link)
            || (link == Link.Identity) != (head.Task == TaskKind.Regression) || (link == Link.Logistic && head.Task != TaskKind.Binary))
        {
            throw new InvalidDataException($"model.json: link '{json.Text("link")}' does not fit a {head.Task} model");
        }

        var outputs = link == Link.Logistic ? 1 : head.Width;
        return new LinearModel(
            head,
            link,
            StoredJson.Long(archive.ReadDoubles("weights"), (long)head.Columns * outputs, "weights"),
            StoredJson.Long(archive.ReadDoubles("intercepts"), outputs, "intercepts"),
            StoredJson.Long(archive.ReadDoubles("spreads"), head.Columns, "spreads"));
    }

    private static double[] ByOutput(double[] weights, int outputs)
    {
        var columns = weights.Length / outputs;
        var transposed = new double[weights.Length];
        for (var j = 0; j < columns; j++)
        {
            for (var k = 0; k < outputs; k++)
            {
                transposed[k * columns + j] = weights[j * outputs + k];
            }
        }

        return transposed;
    }
}
