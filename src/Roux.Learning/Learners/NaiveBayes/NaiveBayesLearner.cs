using Roux.Learning.Data;
using Roux.Learning.Features;
using Roux.Tuning;

namespace Roux.Learning.Learners.NaiveBayes;

/// <summary>
/// Naive Bayes with the event model that fits each feature, the log likelihoods summed: Gaussian for quantities, Bernoulli for 0/1 indicators,
/// multinomial or complement (Rennie et al. 2003, section 3.1) for term weights. Each part is computed as in scikit-learn; the complement model takes no
/// prior when every feature is a term, as there. Missing values (NaN) say nothing.
/// Hyperparameters: <c>text_model</c> (complement, multinomial), <c>alpha</c> (additive smoothing of indicators and terms, default 1),
/// <c>var_smoothing</c> (share of the largest variance added to all, default 1e-9), <c>class_weight</c>.
/// </summary>
public sealed class NaiveBayesLearner : Learner
{
    /// <inheritdoc/>
    public override LearnerCard Card { get; } = new(
        "naive-bayes", "naive-bayes", 5, Interpretability.Additive,
        ["features are independent of each other within a class", "quantities are normally distributed within a class"],
        ["learns in one pass over the data", "good with few rows", "a strong, cheap baseline on text"],
        ["probabilities are far too sure where features repeat each other", "sees no interactions"]);

    /// <inheritdoc/>
    public override bool Supports(TaskKind task) => task is TaskKind.Binary or TaskKind.Multiclass;

    /// <inheritdoc/>
    public override SearchSpace Space(TaskKind task) => new(
        new FloatParameter("alpha", 1e-3, 10, Log: true),
        new CategoricalParameter("text_model", ["complement", "multinomial"]),
        new FloatParameter("var_smoothing", 1e-9, 1, Log: true),
        RowWeights.ClassWeight);

    /// <inheritdoc/>
    public override IReadOnlyList<Configuration> Portfolio(TaskKind task) =>
        [Configuration.Empty, Configuration.Of(("alpha", 0.1), ("var_smoothing", 0.1)), Configuration.Of(("alpha", 0.03), ("text_model", "multinomial"), ("var_smoothing", 0.1), ("class_weight", "balanced"))];

    /// <inheritdoc/>
    public override FeatureForm Form(TaskKind task, Configuration configuration) =>
        FeatureForm.Linear with { Text = TextEncoding.Words, MaxTextFeatures = 50_000 };

    /// <inheritdoc/>
    public override Model Fit(TrainingSet training, Configuration configuration, FitContext context)
    {
        var weights = RowWeights.Of(training, configuration);
        var alpha = configuration.Float("alpha", 1);
        var smoothing = configuration.Float("var_smoothing", 1e-9);
        var textModel = configuration.Choice("text_model", "complement");
        if (!(alpha > 0) || !(smoothing >= 0) || !double.IsFinite(alpha + smoothing))
        {
            throw new LearnerException($"alpha is {alpha} and var_smoothing {smoothing}; alpha is above 0 and var_smoothing not negative");
        }

        if (textModel is not "complement" and not "multinomial")
        {
            throw new LearnerException($"text_model is '{textModel}'; allowed are complement and multinomial");
        }

        return new NaiveBayesFit(training, weights, context).Fit(alpha, smoothing, textModel == "complement");
    }
}

/// <summary>One fit: sums over the rows, then each feature's distribution per class.</summary>
internal sealed class NaiveBayesFit
{
    private readonly TrainingSet training;
    private readonly double[] weights;
    private readonly FitContext context;
    private readonly FeatureModel[] models;
    private readonly int classes;
    private readonly double[] classWeights;
    private readonly double[] sums;
    private readonly double[] missing;

    public NaiveBayesFit(TrainingSet training, double[] weights, FitContext context)
    {
        (this.training, this.weights, this.context) = (training, weights, context);
        classes = training.Y.Classes.Length;
        models = [.. training.X.Features.Select(feature => feature.Kind switch
        {
            FeatureKind.Indicator => FeatureModel.Bernoulli,
            FeatureKind.Text => FeatureModel.Terms,
            _ => FeatureModel.Gaussian,
        })];
        classWeights = RowWeights.PerClass(training.Y, weights);
        sums = new double[training.X.Columns * classes];
        missing = new double[sums.Length];
    }

    public NaiveBayesModel Fit(double alpha, double smoothing, bool complement)
    {
        ForEachValue((row, column, value) =>
        {
            var at = column * classes + training.Y.Labels[row];
            if (float.IsNaN(value))
            {
                missing[at] += weights[row];
            }
            else if (models[column] == FeatureModel.Bernoulli)
            {
                sums[at] += value > 0 ? weights[row] : 0;
            }
            else if (!float.IsFinite(value) || (models[column] == FeatureModel.Terms && value < 0))
            {
                throw new LearnerException($"feature '{training.X.Features[column].Name}' has the value {value}; naive Bayes needs finite numbers, and term weights of at least 0");
            }
            else
            {
                sums[at] += weights[row] * value;
            }
        });
        var first = new double[sums.Length];
        var second = new double[sums.Length];
        FitGaussian(smoothing, first, second);
        FitBernoulli(alpha, first, second);
        FitTerms(alpha, complement, first);
        var total = classWeights.Sum();
        var noPrior = complement && models.All(model => model == FeatureModel.Terms) && classWeights.Count(weight => weight > 0) > 1;
        double[] priors = [.. classWeights.Select(weight => weight <= 0 ? double.NegativeInfinity : noPrior ? 0 : Math.Log(weight / total))];
        return new NaiveBayesModel(ModelHead.Of(training), models, priors, first, second);
    }

    private void FitGaussian(double smoothing, double[] means, double[] variances)
    {
        if (!models.Contains(FeatureModel.Gaussian))
        {
            return;
        }

        var columns = models.Length;
        var (overall, count) = (new double[columns], new double[columns]);
        for (var j = 0; j < columns; j++)
        {
            for (var k = 0; k < classes && models[j] == FeatureModel.Gaussian; k++)
            {
                var at = j * classes + k;
                var weight = classWeights[k] - missing[at];
                means[at] = weight > 0 ? sums[at] / weight : 0;
                overall[j] += sums[at];
                count[j] += weight;
            }

            overall[j] = count[j] > 0 ? overall[j] / count[j] : 0;
        }

        // Values that are not stored are zeros: they are counted together afterwards.
        var squares = new double[sums.Length];
        var spread = new double[columns];
        var seen = new double[sums.Length];
        ForEachValue((row, column, value) =>
        {
            var at = column * classes + training.Y.Labels[row];
            if (models[column] == FeatureModel.Gaussian && !float.IsNaN(value))
            {
                squares[at] += weights[row] * (value - means[at]) * (value - means[at]);
                spread[column] += weights[row] * (value - overall[column]) * (value - overall[column]);
                seen[at] += weights[row];
            }
        });
        var largest = 0.0;
        for (var j = 0; j < columns; j++)
        {
            for (var k = 0; k < classes && models[j] == FeatureModel.Gaussian; k++)
            {
                var at = j * classes + k;
                var zeros = training.X.IsSparse ? Math.Max(0, classWeights[k] - missing[at] - seen[at]) : 0;
                squares[at] += zeros * means[at] * means[at];
                spread[j] += zeros * overall[j] * overall[j];
            }

            largest = Math.Max(largest, count[j] > 0 ? spread[j] / count[j] : 0);
        }

        var epsilon = Math.Max(smoothing * largest, 1e-12 * Math.Max(largest, 1e-3)); // never 0: a constant feature says nothing
        for (var at = 0; at < sums.Length; at++)
        {
            var weight = classWeights[at % classes] - missing[at];
            if (models[at / classes] == FeatureModel.Gaussian)
            {
                // A class without a single value of a feature is judged by the feature's overall distribution.
                variances[at] = (weight > 0 ? squares[at] / weight : spread[at / classes] / Math.Max(count[at / classes], 1e-300)) + epsilon;
                means[at] = weight > 0 ? means[at] : overall[at / classes];
            }
        }
    }

    private void FitBernoulli(double alpha, double[] present, double[] absent)
    {
        for (var at = 0; at < sums.Length; at++)
        {
            if (models[at / classes] == FeatureModel.Bernoulli)
            {
                var weight = classWeights[at % classes] - missing[at];
                present[at] = Math.Log((sums[at] + alpha) / (weight + 2 * alpha));
                absent[at] = Math.Log((Math.Max(0, weight - sums[at]) + alpha) / (weight + 2 * alpha));
            }
        }
    }

    private void FitTerms(double alpha, bool complement, double[] coefficients)
    {
        var totals = new double[classes];
        for (var j = 0; j < models.Length; j++)
        {
            if (models[j] != FeatureModel.Terms)
            {
                continue;
            }

            var all = 0.0;
            for (var k = 0; k < classes; k++)
            {
                all += sums[j * classes + k];
            }

            for (var k = 0; k < classes; k++)
            {
                var at = j * classes + k;
                coefficients[at] = alpha + (complement ? Math.Max(0, all - sums[at]) : sums[at]);
                totals[k] += coefficients[at];
            }
        }

        for (var at = 0; at < sums.Length; at++)
        {
            if (models[at / classes] == FeatureModel.Terms)
            {
                var log = Math.Log(coefficients[at] / totals[at % classes]);
                coefficients[at] = complement ? -log : log;
            }
        }
    }

    private void ForEachValue(Action<int, int, float> use)
    {
        var x = training.X;
        for (var row = 0; row < x.Rows; row++)
        {
            if ((row & 255) == 0)
            {
                context.Cancellation.ThrowIfCancellationRequested();
            }

            if (weights[row] == 0)
            {
                continue;
            }

            if (x.Dense is { } dense)
            {
                for (var j = 0; j < x.Columns; j++)
                {
                    use(row, j, dense[row * x.Columns + j]);
                }

                continue;
            }

            for (var e = x.RowStarts![row]; e < x.RowStarts[row + 1]; e++)
            {
                use(row, x.Indices![e], x.Values![e]);
            }
        }
    }
}
