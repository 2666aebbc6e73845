using System.Globalization;
using System.Text.Json.Nodes;
using Roux.Learning.Evaluation;
using Roux.Learning.Explanations;

namespace Roux.Cli.Commands;

/// <summary>Writes explanations into a folder: plots as SVG, each with its numbers beside it, and all of it as one JSON document.</summary>
internal static class ExplanationFiles
{
    private const int MostOutputs = 12;

    public static void Write(string folder, Explained explained)
    {
        try
        {
            Directory.CreateDirectory(folder);
            foreach (var (name, plot) in Plots(explained))
            {
                File.WriteAllText(Path.Combine(folder, name + ".svg"), plot.Svg);
                File.WriteAllText(Path.Combine(folder, name + ".json"), plot.Numbers.ToJsonString(CommonOptions.JsonStyle));
            }

            File.WriteAllText(Path.Combine(folder, "explanation.json"), explained.ToJson().ToJsonString(CommonOptions.JsonStyle));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"--out '{folder}': cannot be written: {e.Message}");
        }
    }

    private static IEnumerable<(string Name, Plot Plot)> Plots(Explained explained)
    {
        if (explained.Model is { } model)
        {
            yield return ("importance", ExplanationPlots.Importance(model.Shap));
            for (var output = 0; output < Math.Min(MostOutputs, model.Shap.Outputs.Count); output++)
            {
                yield return (model.Shap.Outputs.Count == 1 ? "contributions" : Numbered("contributions", output), ExplanationPlots.Summary(model.Shap, model.Rows, output));
            }

            if (explained.Permutation.Count > 0)
            {
                yield return ("permutation", Learning.Evaluation.Plots.Importance(
                    [.. explained.Permutation.Select(importance => new RankedValue(importance.Column, importance.Drop))], $"loss of {Metrics.Default(explained.Pipeline.Task).Title} when shuffled", "Permutation importance"));
            }
        }

        if (explained.Row is { } row)
        {
            yield return ("waterfall", ExplanationPlots.Waterfall(row, explained.RowTable!, 0, explained.RowOutput));
        }

        foreach (var (dependence, i) in (explained.Model?.Dependence ?? explained.Columns).Select((dependence, i) => (dependence, i)))
        {
            yield return (Numbered("dependence", i), ExplanationPlots.Dependence(dependence));
            if (dependence.Ordered)
            {
                yield return (Numbered("dependence", i) + "_centred", ExplanationPlots.Dependence(dependence, centred: true));
            }
        }
    }

    /// <summary>Names of classes and columns may hold what file names cannot: files are numbered.</summary>
    private static string Numbered(string name, int i) => string.Create(CultureInfo.InvariantCulture, $"{name}_{i + 1}");
}
