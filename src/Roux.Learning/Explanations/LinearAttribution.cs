using Roux.Learning.Features;
using Roux.Learning.Learners;
using Roux.Learning.Learners.Linear;

namespace Roux.Learning.Explanations;

/// <summary>
/// Exact Shapley values of a linear model whose features are taken to be independent: weight times distance from the mean
/// (Štrumbelj and Kononenko 2014, section 3.1; Lundberg and Lee 2017, corollary 1).
/// </summary>
internal sealed class LinearAttribution : Attribution
{
    private readonly LinearModel model;
    private readonly double[] means;

    /// <param name="model">The model.</param>
    /// <param name="background">Rows whose mean is the reference.</param>
    /// <param name="scale">What its scores are.</param>
    public LinearAttribution(LinearModel model, FeatureMatrix background, ScoreScale scale)
    {
        (this.model, Scale) = (model, scale);
        var weights = new double[background.Rows];
        Array.Fill(weights, 1);
        means = LeastSquares.Means(background, weights, background.Rows);
        Expectation = [.. model.Intercepts];
        for (var j = 0; j < means.Length; j++)
        {
            for (var k = 0; k < Expectation.Length; k++)
            {
                Expectation[k] += means[j] * model.Weights[j * Expectation.Length + k];
            }
        }
    }

    public override ScoreScale Scale { get; }

    public override string Method => "weight times distance from the mean, exact";

    public override double[] Expectation { get; }

    public override double Cost => means.Length;

    public override void Add(FeatureMatrix x, double weight, double[] parts, int threads, CancellationToken cancellation)
    {
        var dense = Dense(x);
        Loops.Blocks(x.Rows, 64, threads, cancellation, (first, end, _) =>
        {
            for (var at = (long)first * x.Columns; at < (long)end * x.Columns; at++)
            {
                var feature = (int)(at % x.Columns);
                var distance = weight * (dense[at] - means[feature]);
                for (var k = 0; k < Outputs && distance != 0; k++)
                {
                    parts[at * Outputs + k] += distance * model.Weights[feature * Outputs + k];
                }
            }
        });
    }
}
