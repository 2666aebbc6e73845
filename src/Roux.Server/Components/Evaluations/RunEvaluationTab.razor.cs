using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Components;
using Roux.Learning.Data;
using Roux.Learning.Evaluation;
using Roux.Server.Components.Charts;
using Roux.Server.Components.Snippets;
using Roux.Server.Components.Widgets;
using Roux.Server.Security;
using Roux.Tracking;
using Roux.Tracking.Service;

namespace Roux.Server.Components.Evaluations;

/// <summary>What a run's predictions say of its model: matrix, curves, calibration, residuals, importances, rows.</summary>
public sealed partial class RunEvaluationTab
{
    private const int MostPoints = 1200;
    private const int MostPictures = 24;
    private const string DiagonalCss = "cross";
    private const string LineCss = "line c1";

    private static readonly string[] PictureWords = ["confusion", "roc", "precision_recall", "calibration", "importance", "lift", "residual", "shap", "beeswarm"];

    private string? askedRun;
    private string? unreadable;
    private RunEvaluation? found;
    private ConfusionGrid? grid;
    private IReadOnlyList<ThresholdCurve> roc = [];
    private IReadOnlyList<ThresholdCurve> pr = [];
    private CalibrationCurve? calibration;
    private IReadOnlyList<Importances> importances = [];
    private IReadOnlyList<string> pictures = [];
    private List<(string Name, string Value)> facts = [];
    private ChartSource? source;

    /// <summary>Id of the run.</summary>
    [Parameter, EditorRequired]
    public string RunId { get; set; } = "";

    [SupplyParameterFromQuery(Name = "scale")]
    private string? Scale { get; set; }

    [SupplyParameterFromQuery(Name = "actual")]
    private string? Actual { get; set; }

    [SupplyParameterFromQuery(Name = "predicted")]
    private string? Predicted { get; set; }

    [SupplyParameterFromQuery(Name = "rows")]
    private string? Show { get; set; }

    [SupplyParameterFromQuery(Name = "at")]
    private int? At { get; set; }

    private protected override bool IsLive => false;

    private (string Actual, string Predicted)? Cell => Actual is not null && Predicted is not null ? (Actual, Predicted) : null;

    private protected override bool HasNewParameters()
    {
        var isNew = askedRun != RunId;
        askedRun = RunId;
        return isNew;
    }

    private protected override Action Read()
    {
        Visitor.Require(Role.Viewer, SubjectKind.Run, RunId);
        var run = Service.Runs.Get(RunId);
        RunEvaluation? read = null;
        string? trouble = null;
        try
        {
            read = new EvaluationReader(Service).FindAsync(run, Gone).GetAwaiter().GetResult();
        }
        catch (DataException exception)
        {
            trouble = exception.Message;
        }

        var (important, seen) = OthersAsync().GetAwaiter().GetResult();
        var isClasses = read?.Predictions.Target.Task is TaskKind.Binary or TaskKind.Multiclass;
        var matrix = isClasses ? ConfusionGrid.Of(read!.Predictions) : null;
        var hasCurves = isClasses && read!.Predictions.HasProbabilities;
        var classes = hasCurves ? ThresholdCurve.Classes(read!.Predictions) : [];
        var rocs = classes.Select((label, index) => ThresholdCurve.Roc(read!.Predictions, label, 1 + (index % 8))).Where(curve => double.IsFinite(curve.Area)).ToList();
        var prs = classes.Select((label, index) => ThresholdCurve.PrecisionRecall(read!.Predictions, label, 1 + (index % 8))).Where(curve => double.IsFinite(curve.Area)).ToList();
        var reliability = hasCurves ? CalibrationCurve.Of(read!.Predictions.Target, read.Predictions.Predictions) : null;
        var figures = read is null ? [] : FactsOf(read, rocs, prs, reliability);
        return () =>
        {
            (found, unreadable, grid, roc, pr, calibration) = (read, trouble, matrix, rocs, prs, reliability);
            (importances, pictures, facts) = (important, seen, figures);
            source = read is null ? null : new FileSource(RunId, read.Path);
        };
    }

    private static List<(string, string)> FactsOf(RunEvaluation evaluation, List<ThresholdCurve> rocs, List<ThresholdCurve> prs, CalibrationCurve? reliability)
    {
        var stored = evaluation.Predictions;
        var facts = new List<(string, string)> { ("Rows", Format.Count(stored.Count)) };
        if (stored.Target.Task == TaskKind.Regression)
        {
            foreach (var name in new[] { "rmse", "mae", "r2" })
            {
                var metric = Metrics.Find(name);
                facts.Add((metric.Title, Format.Number(metric.Compute(stored.Target, stored.Predictions))));
            }

            return facts;
        }

        var right = Enumerable.Range(0, stored.Count).Count(stored.IsRight);
        facts.Add(("Right", string.Create(CultureInfo.InvariantCulture, $"{100.0 * right / stored.Count:0.##} %")));
        facts.Add(("Wrong", Format.Count(stored.Count - right)));
        if (rocs.Count > 0)
        {
            facts.Add((rocs.Count == 1 ? "AUC" : "Mean AUC", Format.Number(rocs.Average(curve => curve.Area))));
            facts.Add((prs.Count == 1 ? "Average precision" : "Mean average precision", Format.Number(prs.Average(curve => curve.Area))));
        }

        if (reliability is { Bins.Count: > 0 })
        {
            var all = (double)reliability.Bins.Sum(bin => bin.Count);
            facts.Add(("Calibration error", Format.Number(reliability.Bins.Sum(bin => bin.Count / all * Math.Abs(bin.Observed - bin.MeanPredicted)))));
        }

        return facts;
    }

    /// <summary>Importances and pictures, by the names that Roux, MLflow and its autologging give them.</summary>
    private async Task<(List<Importances>, List<string>)> OthersAsync()
    {
        var files = new List<ArtifactInfo>(await Service.Artifacts.ListAsync(Service.Artifacts.OfRun(RunId, ""), Gone).ConfigureAwait(false));
        if (files.Exists(file => file is { Path: "plots", IsDirectory: true }))
        {
            files.AddRange(await Service.Artifacts.ListAsync(Service.Artifacts.OfRun(RunId, "plots"), Gone).ConfigureAwait(false));
        }

        var read = new List<Importances>();
        foreach (var file in files.Where(file => !file.IsDirectory && file.Path.EndsWith(".json", StringComparison.OrdinalIgnoreCase) && file.Path.Contains("importance", StringComparison.OrdinalIgnoreCase) && file.Bytes < 1 << 20).Take(8))
        {
            using var opened = await Service.Artifacts.OpenAsync(Service.Artifacts.OfRun(RunId, file.Path), Gone).ConfigureAwait(false);
            using var reader = new StreamReader(opened.Content, Encoding.UTF8);
            if (Importances.TryRead(file.Path, await reader.ReadToEndAsync(Gone).ConfigureAwait(false)) is { } one)
            {
                read.Add(one);
            }
        }

        return (read, [.. files.Where(file => Path.GetExtension(file.Path).ToLowerInvariant() is ".png" or ".jpg" or ".jpeg" && PictureWords.Any(word => file.Path.Contains(word, StringComparison.OrdinalIgnoreCase))).Select(file => file.Path).Take(MostPictures)]);
    }

    private string CellAddress(string actual, string predicted) => Cell == (actual, predicted)
        ? Navigation.GetUriWithQueryParameters(new Dictionary<string, object?> { ["actual"] = null, ["predicted"] = null, ["at"] = null })
        : Navigation.GetUriWithQueryParameters(new Dictionary<string, object?> { ["actual"] = actual, ["predicted"] = predicted, ["rows"] = null, ["at"] = null });

    private void Go(string name, string? value) => Navigation.NavigateTo(Navigation.GetUriWithQueryParameter(name, value), replace: true);

    private static string Areas(string name, IReadOnlyList<ThresholdCurve> curves) => string.Join("; ", curves.Select(curve => $"{name} of {Format.Cut(curve.Class, 40)} {Format.Number(curve.Area)}"));

    private static IEnumerable<IReadOnlyList<object?>> CurveRows(IReadOnlyList<ThresholdCurve> curves) =>
        curves.SelectMany(curve => curve.Line.X.Zip(curve.Line.Y, (x, y) => (IReadOnlyList<object?>)[curve.Class, x, y])).Prepend(["class", "x", "y"]);

    private List<PlotPoint> CalibrationPoints()
    {
        var most = calibration!.Bins.Max(bin => bin.Count);
        return [.. calibration.Bins.Select(bin => new PlotPoint(
            bin.MeanPredicted, bin.Observed, string.Create(CultureInfo.InvariantCulture, $"promised {bin.MeanPredicted * 100:0.#} %, came true {bin.Observed * 100:0.#} %\n{bin.Count} rows from {bin.Low:0.##} to {bin.High:0.##}"), "f1") { Radius = 2.5 + (7 * Math.Sqrt((double)bin.Count / most)) })];
    }

    private IEnumerable<IReadOnlyList<object?>> CalibrationRows() =>
        calibration!.Bins.Select(bin => (IReadOnlyList<object?>)[bin.Low, bin.High, bin.Count, bin.MeanPredicted, bin.Observed]).Prepend(["from", "to", "rows", "mean_predicted", "observed"]);

    private IEnumerable<int> Spread() => Enumerable.Range(0, found!.Predictions.Count).Where(row => found.Predictions.Count <= MostPoints || row % (found.Predictions.Count / MostPoints) == 0).Take(MostPoints);

    private List<PlotPoint> ActualPoints() => [.. Spread().Select(row => Point(row, found!.Predictions.Target.Values[row]))];

    private List<PlotPoint> ResidualPoints() => [.. Spread().Select(row => Point(row, found!.Predictions.Target.Values[row] - found.Predictions.Predictions.Values[row]))];

    private PlotPoint Point(int row, double y)
    {
        var stored = found!.Predictions;
        return new PlotPoint(stored.Predictions.Values[row], y, $"row {Format.Cut(stored.Rows[row], 40)}\npredicted {Format.Number(stored.Predictions.Values[row])}\nactual {Format.Number(stored.Target.Values[row])}", "f1") { Radius = 2.4 };
    }

    private double[] Residuals() => [.. found!.Predictions.Target.Values.Zip(found.Predictions.Predictions.Values, (actual, predicted) => actual - predicted)];

    private PlotLine Diagonal()
    {
        var (low, high) = (found!.Predictions.Target.Values.Min(), found.Predictions.Target.Values.Max());
        return new PlotLine([low, high], [low, high], DiagonalCss);
    }

    private PlotLine Zero() => new([found!.Predictions.Predictions.Values.Min(), found.Predictions.Predictions.Values.Max()], [0, 0], DiagonalCss);

    private IEnumerable<IReadOnlyList<object?>> ActualRows() => Enumerable.Range(0, found!.Predictions.Count)
        .Select(row => (IReadOnlyList<object?>)[found.Predictions.Rows[row], found.Predictions.Target.Values[row], found.Predictions.Predictions.Values[row]]).Prepend(["row", "actual", "predicted"]);
}
