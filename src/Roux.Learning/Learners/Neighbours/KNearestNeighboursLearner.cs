using Roux.Learning.Data;
using Roux.Learning.Features;
using Roux.Tuning;

namespace Roux.Learning.Learners.Neighbours;

/// <summary>
/// k nearest neighbours (Cover and Hart 1967), exact: every row is compared with every training row.
/// Hyperparameters: <c>k</c> (default 10), <c>weights</c> (distance, uniform), <c>metric</c> (euclidean, manhattan, cosine).
/// Of training rows at the same distance the earlier is nearer; under distance weights, rows at distance 0 take all the say.
/// </summary>
public sealed class KNearestNeighboursLearner : Learner
{
    private const int MaxRows = 50_000;
    private const double MaxComparisons = 4e11;

    /// <inheritdoc/>
    public override LearnerCard Card { get; } = new(
        "k-nearest-neighbours", "neighbours", 20, Interpretability.Opaque,
        ["rows that look alike have like answers", "all features matter about equally (they are standardised)"],
        ["follows any shape", "its answer can be shown as examples", "strong on small, clean, numeric data such as images"],
        ["slow to predict, and the model is the data", "fails with many useless features", "knows nothing beyond the range of its data"]);

    /// <inheritdoc/>
    public override bool Supports(TaskKind task) => task is TaskKind.Binary or TaskKind.Multiclass or TaskKind.Regression;

    /// <inheritdoc/>
    public override string? Unsuitable(TaskKind task, int rows, int columns) =>
        rows > MaxRows ? $"{rows} training rows: every prediction compares with each of them; above {MaxRows} that is too slow to be worth it"
        : (double)rows * rows * columns > MaxComparisons ? $"{rows} training rows of {columns} features: comparing rows with rows would take too long"
        : null;

    /// <inheritdoc/>
    public override SearchSpace Space(TaskKind task) => new(
        new IntParameter("k", 1, 50, Log: true),
        new CategoricalParameter("weights", ["distance", "uniform"]),
        new CategoricalParameter("metric", ["euclidean", "manhattan", "cosine"]),
        new CategoricalParameter("scale", ["standard", "range"]));

    /// <inheritdoc/>
    public override IReadOnlyList<Configuration> Portfolio(TaskKind task) =>
        [Configuration.Empty, Configuration.Of(("scale", "range"), ("k", 3)), Configuration.Of(("k", 3)), Configuration.Of(("k", 25)), Configuration.Of(("metric", "manhattan"))];

    /// <inheritdoc/>
    public override FeatureForm Form(TaskKind task, Configuration configuration) =>
        FeatureForm.Linear with
        {
            Text = TextEncoding.Words,
            MaxTextFeatures = 20_000,
            Scale = configuration.Choice("scale", "standard") == "range" ? Scaling.MinMax : Scaling.Standard,
        };

    /// <inheritdoc/>
    public override Model Fit(TrainingSet training, Configuration configuration, FitContext context)
    {
        var weights = RowWeights.Of(training, configuration);
        Linear.DesignMatrix.RequireFinite(training.X);
        var k = configuration.Int("k", 10);
        if (k < 1)
        {
            throw new LearnerException($"k is {k}; it is at least 1");
        }

        if (training.X.Rows > 4 * MaxRows)
        {
            throw new LearnerException($"{training.X.Rows} training rows are too many for k nearest neighbours (at most {4 * MaxRows}): train on a sample or take another family");
        }

        var votes = configuration.Choice("weights", "distance");
        if (votes is not "distance" and not "uniform" || !Enum.TryParse<Metric>(configuration.Choice("metric", "euclidean"), ignoreCase: true, out var metric))
        {
            throw new LearnerException($"weights is '{votes}' and metric '{configuration.Choice("metric", "euclidean")}'; allowed are distance, uniform and euclidean, manhattan, cosine");
        }

        var rows = Enumerable.Range(0, weights.Length).Where(row => weights[row] > 0).ToArray();
        var used = rows.Length == weights.Length ? training : training.Take(rows);
        if (used.X.IsSparse && (long)used.X.Rows * used.X.Columns is var size and <= 100_000_000 && used.X.Values!.LongLength * 10 >= size)
        {
            // Lists of rows pay off only where few rows share a feature.
            used = used with { X = Trees.TreeData.Densify(used.X, 0, used.X.Rows) };
        }

        double[] answers = training.Y.Task == TaskKind.Regression ? used.Y.Values : [.. used.Y.Labels.Select(label => (double)label)];
        return new NeighboursModel(ModelHead.Of(training), metric, k, votes == "distance", used.X, answers, [.. rows.Select(row => weights[row])]);
    }
}
