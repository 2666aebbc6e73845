using Roux.Learning.Data;
using Roux.Learning.Features;
using Roux.Learning.Learners.Boosting;

namespace Roux.Learning.Explanations;

/// <summary>Parts of boosted trees' scores by the boosting library's own code.</summary>
internal sealed class NativeAttribution(BoostedTreesModel model, ScoreScale scale, double factor, double offset) : Attribution
{
    private readonly Lazy<double[]> expectation = new(() => FindExpectation(model, factor, offset));

    public override ScoreScale Scale => scale;

    public override string Method => $"TreeSHAP, exact, by {(model.Kind == "lightgbm" ? "LightGBM" : "XGBoost, in single precision")}";

    public override double[] Expectation => expectation.Value;

    public override double Cost => model.Ensembles.Sum(ensemble => ensemble.Leaves * 100.0);

    public override void Add(FeatureMatrix x, double weight, double[] parts, int threads, CancellationToken cancellation)
    {
        var values = Prepared(model, x);
        for (var member = 0; member < model.Members; member++)
        {
            cancellation.ThrowIfCancellationRequested();
            var native = NativeContributions.Of(model.Kind, model.Member(member).Span, values, x.Rows, x.Columns, Outputs, threads);
            for (var row = 0; row < x.Rows; row++)
            {
                for (var output = 0; output < Outputs; output++)
                {
                    var from = (row * Outputs + output) * (x.Columns + 1);
                    for (var feature = 0; feature < x.Columns; feature++)
                    {
                        parts[(row * x.Columns + feature) * Outputs + output] += weight * factor / model.Members * native[from + feature];
                    }
                }
            }
        }
    }

    private static float[] Prepared(BoostedTreesModel model, FeatureMatrix x)
    {
        var dense = Dense(x);
        return model.ZeroIsMissing ? Array.ConvertAll(dense, value => value == 0 ? float.NaN : value) : dense;
    }

    private static double[] FindExpectation(BoostedTreesModel model, double factor, double offset)
    {
        var outputs = model.Task == TaskKind.Multiclass ? model.Ensembles[0].Outputs : 1;
        var expectation = new double[outputs];
        Array.Fill(expectation, offset);
        for (var member = 0; member < model.Members; member++)
        {
            var native = NativeContributions.Of(model.Kind, model.Member(member).Span, new float[model.Columns], 1, model.Columns, outputs, 1);
            for (var output = 0; output < outputs; output++)
            {
                expectation[output] += factor / model.Members * native[output * (model.Columns + 1) + model.Columns];
            }
        }

        return expectation;
    }
}
