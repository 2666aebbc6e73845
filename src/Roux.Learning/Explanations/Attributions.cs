using Roux.Learning.Data;
using Roux.Learning.Features;
using Roux.Learning.Learners;
using Roux.Learning.Learners.Baselines;
using Roux.Learning.Learners.Boosting;
using Roux.Learning.Learners.Linear;
using Roux.Learning.Learners.Trees;

namespace Roux.Learning.Explanations;

/// <summary>Finds the exact way to split a model's scores, where its family has one.</summary>
internal static class Attributions
{
    /// <param name="model">A fitted model.</param>
    /// <param name="background">Rows that stand for the data; linear models are explained against their mean.</param>
    /// <param name="native">Whether boosted trees may be explained by their library, which trusts the model.</param>
    /// <returns><c>null</c> where the family has none, or the file of the model is too old to hold what it takes.</returns>
    public static Attribution? Exact(Model model, FeatureMatrix background, bool native)
    {
        try
        {
            return model switch
            {
                BoostedTreesModel boosted => Of(boosted, native),
                ForestModel forest when forest.Walks is { } walk => new TreeAttribution<ForestModel.Walk>([walk], forest.Task == TaskKind.Regression ? ScoreScale.Value : ScoreScale.Probability),
                LinearModel linear => new LinearAttribution(linear, background, linear.Link switch { Link.Logistic => ScoreScale.LogOdds, Link.Softmax => ScoreScale.ClassScore, _ => ScoreScale.Value }),
                OneVsRestModel labels => Of(labels, background, native),
                _ => null,
            };
        }
        catch (InvalidDataException)
        {
            return null; // trees that are none, or deeper than can be walked, still predict
        }
    }

    private static Attribution? Of(BoostedTreesModel model, bool native)
    {
        var (scale, factor, offset) = model.Task switch
        {
            TaskKind.Binary => (ScoreScale.LogOdds, 1.0, 0.0),
            TaskKind.Regression when model.Scale.Log => (ScoreScale.LogValue, model.Scale.Scale, model.Scale.Offset + Math.Log(model.Scale.Factor)),
            TaskKind.Regression => (ScoreScale.Value, model.Scale.Scale, model.Scale.Offset),
            _ => (ScoreScale.ClassScore, 1.0, 0.0),
        };
        if (native && NativeContributions.Unavailable(model.Kind) is null)
        {
            return new NativeAttribution(model, scale, factor, offset);
        }

        return model.Walks() is { } walks ? new TreeAttribution<TreeEnsemble.Walk>(walks, scale, factor, offset) : null;
    }

    private static LabelsAttribution? Of(OneVsRestModel model, FeatureMatrix background, bool native)
    {
        var labels = model.Models.Select(label => label is ConstantModel ? null : Exact(label, background, native)).ToArray();
        if (model.Models.Where((label, i) => labels[i] is null && label is not ConstantModel).Any() || labels.OfType<Attribution>().Select(label => label.Scale).Distinct().Count() != 1)
        {
            return null;
        }

        var isOdds = labels.OfType<Attribution>().First().Scale == ScoreScale.LogOdds;
        return new LabelsAttribution(labels, [.. model.Models.Select(label => label is ConstantModel constant ? Of(constant.Values[1], isOdds) : 0)]);
    }

    private static double Of(double probability, bool isOdds)
    {
        var inside = Math.Clamp(probability, 1e-12, 1 - 1e-12);
        return isOdds ? Math.Log(inside / (1 - inside)) : probability;
    }
}
