using Roux.Learning.Data;
using Roux.Learning.Features;
using Roux.Learning.Pipelines;

namespace Roux.Learning.Learners.NaiveBayes;

/// <summary>What is assumed of a feature within a class.</summary>
internal enum FeatureModel
{
    /// <summary>Normally distributed.</summary>
    Gaussian,

    /// <summary>Present or not.</summary>
    Bernoulli,

    /// <summary>A weight in a bag of terms.</summary>
    Terms,
}

/// <summary>A distribution per feature and class.</summary>
internal sealed class NaiveBayesModel : Model
{
    public const string KindName = "naive-bayes";

    private readonly ModelHead head;
    private readonly FeatureModel[] models;
    private readonly double[] priors;
    private readonly double[] first;
    private readonly double[] second;
    private readonly double[] atZero;

    /// <param name="head">Task and shape.</param>
    /// <param name="models">One per feature.</param>
    /// <param name="priors">Log prior of each class; minus infinity for a class without rows.</param>
    /// <param name="first">Features x classes: mean, log probability of presence, or weight of the term.</param>
    /// <param name="second">Features x classes: variance, log probability of absence, or nothing.</param>
    public NaiveBayesModel(ModelHead head, FeatureModel[] models, double[] priors, double[] first, double[] second)
    {
        (this.head, this.models, this.priors, this.first, this.second) = (head, models, priors, first, second);
        atZero = new double[head.Width];
        for (var j = 0; j < models.Length; j++)
        {
            for (var k = 0; k < head.Width; k++)
            {
                atZero[k] += LogLikelihood(j, k, 0);
            }
        }
    }

    public override string Kind => KindName;

    public override long ParameterCount => priors.Length + models.Sum(model => model == FeatureModel.Gaussian ? 2L : 1L) * head.Width;

    /// <summary>How far apart a feature sets the classes: the spread over the classes of its mean in standard deviations, of its log odds, or of its term weight.</summary>
    public override double[] Importance
    {
        get
        {
            var importance = new double[models.Length];
            for (var j = 0; j < models.Length; j++)
            {
                var present = Enumerable.Range(0, head.Width).Where(k => !double.IsNegativeInfinity(priors[k])).Select(k => j * head.Width + k).ToArray();
                double[] values = [.. present.Select(at => models[j] == FeatureModel.Bernoulli ? first[at] - second[at] : first[at])];
                var scale = models[j] == FeatureModel.Gaussian ? present.Max(at => second[at]) : 1;
                var mean = values.Average();
                importance[j] = Math.Sqrt(values.Average(value => (value - mean) * (value - mean)) / scale);
            }

            return importance;
        }
    }

    public override Predictions Predict(FeatureMatrix x)
    {
        head.Check(x);
        var values = new double[(long)x.Rows * head.Width];
        for (var row = 0; row < x.Rows; row++)
        {
            var scores = values.AsSpan(row * head.Width, head.Width);
            priors.CopyTo(scores);
            if (x.Dense is { } dense)
            {
                AddDense(dense.AsSpan(row * x.Columns, x.Columns), scores);
            }
            else
            {
                AddSparse(x, row, scores);
            }

            Probabilities.Softmax(scores);
        }

        return new Predictions(head.Task, head.Width, values);
    }

    public override void Write(ArchiveWriter archive)
    {
        archive.WriteJson("model", head.ToJson());
        archive.WriteArray("feature_models", [.. models.Select(model => (int)model)]);
        archive.WriteArray("log_priors", priors);
        archive.WriteArray("first", first);
        archive.WriteArray("second", second);
    }

    public static NaiveBayesModel Read(ArchiveReader archive)
    {
        var (head, _) = ModelHead.Read(archive);
        var models = StoredJson.Long(archive.ReadInts("feature_models"), head.Columns, "feature_models");
        if (models.Any(model => !Enum.IsDefined((FeatureModel)model)))
        {
            throw new InvalidDataException("feature_models.npy names an unknown model of a feature");
        }

        var size = (long)head.Columns * head.Width;
        return new NaiveBayesModel(
            head,
            [.. models.Select(model => (FeatureModel)model)],
            StoredJson.Long(archive.ReadDoubles("log_priors"), head.Width, "log_priors"),
            StoredJson.Long(archive.ReadDoubles("first"), size, "first"),
            StoredJson.Long(archive.ReadDoubles("second"), size, "second"));
    }

    private void AddDense(ReadOnlySpan<float> row, Span<double> scores)
    {
        for (var j = 0; j < row.Length; j++)
        {
            if (float.IsNaN(row[j]))
            {
                continue;
            }

            for (var k = 0; k < scores.Length; k++)
            {
                scores[k] += LogLikelihood(j, k, row[j]);
            }
        }
    }

    private void AddSparse(FeatureMatrix x, int row, Span<double> scores)
    {
        for (var k = 0; k < scores.Length; k++)
        {
            scores[k] += atZero[k];
        }

        for (var e = x.RowStarts![row]; e < x.RowStarts[row + 1]; e++)
        {
            var (j, value) = (x.Indices![e], x.Values![e]);
            for (var k = 0; k < scores.Length; k++)
            {
                scores[k] += (float.IsNaN(value) ? 0 : LogLikelihood(j, k, value)) - LogLikelihood(j, k, 0);
            }
        }
    }

    private double LogLikelihood(int feature, int k, double value)
    {
        var at = feature * head.Width + k;
        switch (models[feature])
        {
            case FeatureModel.Gaussian:
                var distance = value - first[at];
                return -0.5 * (Math.Log(2 * Math.PI * second[at]) + distance * distance / second[at]);
            case FeatureModel.Bernoulli:
                return value > 0 ? first[at] : second[at];
            default:
                return value * first[at];
        }
    }
}
