using Roux.Learning.Data;
using Roux.Learning.Evaluation;
using Roux.Learning.Explanations;
using Roux.Tracking;

namespace Roux.Learning.AutoML;

/// <summary>Stores the plots of a development as SVG, each with its numbers as JSON beside it.</summary>
internal static class DevelopPlots
{
    public static void Log(Run run, DevelopResult result)
    {
        foreach (var (name, plot) in Of(result))
        {
            run.LogText($"plots/{name}.svg", plot.Svg);
            run.LogText($"plots/{name}.json", plot.Numbers.ToJsonString());
        }
    }

    private static IEnumerable<(string Name, Plot Plot)> Of(DevelopResult result)
    {
        var (y, p) = (result.TestTarget, result.TestPredictions);
        yield return ("leaderboard", Plots.Leaderboard(result.Comparison, result.Metric.Title));
        if (result.Evidence.Costs is { } costs)
        {
            yield return ("quality_latency", Plots.ParetoFront(costs.LatencyFront, result.Metric.HigherIsBetter, "Median time of a row, µs", result.Metric.Title, "Quality and latency"));
            yield return ("quality_size", Plots.ParetoFront(costs.SizeFront, result.Metric.HigherIsBetter, "Size of the model, bytes", result.Metric.Title, "Quality and size"));
            yield return ("quality_fit", Plots.ParetoFront(costs.FitFront, result.Metric.HigherIsBetter, "Processor seconds to fit a fold", result.Metric.Title, "Quality and cost of a fit"));
        }

        if (result.Evidence.LearningCurve is { } future)
        {
            yield return ("learning_curve", Plots.Forecast([.. future.Curves.Select(curve => (curve.Curve, curve.Forecast))], future.PresentRows));
        }

        if (result.Importance.Count > 0)
        {
            yield return ("importance", Plots.Importance(
                [.. result.Importance.Take(30).Select(pair => new RankedValue(pair.Column, new Interval(pair.Share, double.NaN, double.NaN, "")))], "share"));
        }

        if (result.PermutationImportance.Count > 0)
        {
            yield return ("permutation_importance", Plots.Importance(
                [.. result.PermutationImportance.Take(30).Select(column => new RankedValue(column.Column, column.Drop))], $"loss of {result.Metric.Title}", "Permutation importance"));
        }

        if (result.Evidence.Explanations is { } explanations)
        {
            yield return ("contributions", ExplanationPlots.Importance(explanations.Shap));
            foreach (var dependence in explanations.Dependence.Select((part, i) => (part, i)))
            {
                yield return (string.Create(System.Globalization.CultureInfo.InvariantCulture, $"dependence_{dependence.i + 1}"), ExplanationPlots.Dependence(dependence.part));
            }
        }

        switch (result.Task)
        {
            case TaskKind.Regression:
                yield return ("predicted_actual", Plots.PredictedActual(y, p));
                yield return ("residuals", Plots.Residuals(y, p));
                break;
            case TaskKind.Binary or TaskKind.Multiclass:
                yield return ("confusion_matrix", Plots.Confusion(ConfusionMatrix.Of(y, p, Plots.MostConfusionClasses)));
                yield return ("roc", Plots.Roc(y, p));
                yield return ("precision_recall", Plots.PrecisionRecall(y, p));
                yield return ("calibration", Plots.Calibration(y, p));
                break;
            default:
                yield return ("roc", Plots.Roc(y, p));
                yield return ("precision_recall", Plots.PrecisionRecall(y, p));
                break;
        }
    }
}
