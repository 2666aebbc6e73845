using System.Text.Json.Nodes;
using Roux.Debugging.Findings;
using Roux.Learning.Data;
using Roux.Tracking;

namespace Roux.Debugging.Checks.Pipelines;

/// <summary>Whether the model in use answers as the trained one does.</summary>
public sealed class TrainServeSkew : Check<ServingSubject>
{
    private const int Rows = 500;
    private static readonly Threshold Difference = new("difference", 1e-4, "largest difference of a probability, or of a number in standard deviations: above", "float32 rounding is about 1e-6; what is more is another model or other inputs");

    /// <inheritdoc/>
    public override string Name => "train-serve-skew";

    /// <inheritdoc/>
    public override string Definition => "The saved (or served) model gives other answers for the same rows than the model that was trained (train/serve skew: Breck et al. 2017, The ML test score, Infra 2 and Monitor 3).";

    /// <inheritdoc/>
    public override IReadOnlyList<Threshold> Thresholds => [Difference];

    /// <inheritdoc/>
    public override IEnumerable<Finding> Run(ServingSubject subject, CheckContext context)
    {
        if (subject.Served is not { } served || subject.Training.RowCount == 0)
        {
            yield break;
        }

        var rows = Math.Min(Rows, subject.Training.RowCount);
        var table = subject.Training.Take([.. Enumerable.Range(0, rows).Select(i => (int)((long)i * subject.Training.RowCount / rows))]);
        var expected = subject.Trained.Predict(table, context.Cancellation);
        var got = served(table);
        if (got.Rows != expected.Rows || got.Width != expected.Width)
        {
            yield return Found($"The model in use gives {got.Rows:N0} x {got.Width} answers where the trained one gives {expected.Rows:N0} x {expected.Width}.", double.PositiveInfinity, rows, null);
            yield break;
        }

        var scale = expected.Task == TaskKind.Regression ? Math.Max(Spread(expected.Values), 1e-12) : 1;
        var differences = Enumerable.Range(0, expected.Values.Length).Select(i => Math.Abs(got.Values[i] - expected.Values[i]) / scale).Select(value => double.IsNaN(value) ? double.PositiveInfinity : value).ToArray();
        if (differences.Max() > context.Value(Name, Difference))
        {
            var wrong = differences.Chunk(expected.Width).Count(row => row.Max() > context.Value(Name, Difference));
            var output = expected.Width == 2 ? 1 : 0;
            yield return Found($"The model in use answers {wrong:N0} of {rows:N0} rows otherwise than the trained one, by up to {differences.Max():G3}.", differences.Max(), wrong,
                new EvidencePlot(PlotKind.Scatter, "Answers in use over those of the trained model", "trained", "in use", [new PlotSeries("rows", [.. Enumerable.Range(0, rows).Select(row => expected.Row(row)[output])], [.. Enumerable.Range(0, rows).Select(row => got.Row(row)[output])])]));
        }
    }

    private Finding Found(string message, double difference, int rows, EvidencePlot? plot)
    {
        var evidence = new JsonObject { ["largest_difference"] = double.IsFinite(difference) ? difference : null, ["rows"] = rows };
        if (plot is not null)
        {
            evidence[EvidencePlot.Key] = plot.ToJson();
        }

        return new Finding(Name, Severity.High, message)
        {
            Evidence = evidence,
            Cause = "Features are computed by other code than in training, a step (scaling, imputation, calibration) is left out or fitted anew, or an older model was loaded.",
            Fix = "Save the whole pipeline and use it as it is; compare version and digest of the model in use.",
            Verify = "The same rows get the same answers to within rounding.",
        };
    }

    private static double Spread(double[] values)
    {
        var mean = values.Average();
        return Math.Sqrt(values.Average(value => (value - mean) * (value - mean)));
    }
}
