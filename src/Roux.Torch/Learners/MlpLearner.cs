using Roux.Learning.Data;
using Roux.Learning.Features;
using Roux.Learning.Learners;
using Roux.Torch.Learners.Mlp;
using Roux.Torch.Probes;
using Roux.Tuning;

namespace Roux.Torch.Learners;

/// <summary>
/// A multilayer perceptron for tables (Gorishniy and others: Revisiting Deep Learning Models for Tabular Data, NeurIPS 2021, and On Embeddings for
/// Numerical Features in Tabular Deep Learning, NeurIPS 2022): learned embeddings of categories; numbers plain, piecewise-linear or periodic;
/// AdamW with early stopping on held-out rows. Fits need libtorch; predicting does not. The model depends on the seed alone, not on threads.
/// Hyperparameters: <c>layers</c> (2), <c>width</c> (256), <c>dropout</c> (0.2), <c>embedding</c> (ple, plain, periodic), <c>bins</c> (16),
/// <c>embedding_size</c> (a linear map and a ReLU for each number; 0 for none; periodic: 16), <c>residual</c> (false), <c>normalization</c> (none, layer, batch),
/// <c>learning_rate</c> (1e-3), <c>weight_decay</c> (0.01), <c>label_smoothing</c> (0), <c>class_weight</c>, <c>batch_size</c> (by the rows),
/// <c>max_epochs</c> (200), <c>patience</c> (10), <c>members</c> (4 below 5,000 rows, else 1: networks whose answers are averaged, each holding out other rows).
/// </summary>
public sealed class MlpLearner : Learner, INetworkLearner
{
    private const int MinRows = 100;
    private const long MaxCells = 200_000_000;

    /// <inheritdoc/>
    public override LearnerCard Card { get; } = new(
        "mlp", "neural", 80, Interpretability.Opaque,
        ["Rows are exchangeable: early stopping holds out random rows", "The answer changes smoothly with the features, or in steps that bins can follow"],
        ["Strong where many features act together: images as columns, sensor readings", "Errs differently from trees, which helps an ensemble", "Goes on beyond the range of the training answers"],
        ["Slower to fit than boosted trees, and seldom better on mixed tables", "Needs some hundred rows", "Opaque, and sensitive to its learning rate"]);

    /// <inheritdoc/>
    public override bool IsOnRequest => true;

    /// <inheritdoc/>
    public override bool Supports(TaskKind task) => task != TaskKind.Multilabel;

    /// <inheritdoc/>
    public override string? Unsuitable(TaskKind task, int rows, int columns) =>
        rows < MinRows ? $"{rows} training rows are few for a neural network, which needs {MinRows} at least"
        : (long)rows * columns > MaxCells ? $"{rows} rows x {columns} columns would take a network hours on a processor"
        : null;

    /// <inheritdoc/>
    public override FeatureForm Form(TaskKind task, Configuration configuration) => new(CategoryEncoding.Codes, KeepMissing: false, Scaling.Standard, TextEncoding.Words, 5_000);

    /// <inheritdoc/>
    public override SearchSpace Space(TaskKind task)
    {
        var (ple, mapped) = (When("ple"), When("periodic"));
        return new SearchSpace(
        [
            new IntParameter("layers", 1, 4),
            new IntParameter("width", 64, 512, Log: true),
            new FloatParameter("dropout", 0, 0.6),
            new FloatParameter("learning_rate", 1e-4, 1e-2, Log: true),
            new FloatParameter("weight_decay", 1e-5, 1, Log: true),
            new CategoricalParameter("embedding", ["ple", "plain", "periodic"]),
            new IntParameter("bins", 4, 48, Log: true) { When = ple },
            new IntParameter("embedding_size", 4, 32, Log: true) { When = mapped },
            new CategoricalParameter("residual", [false, true]),
            new CategoricalParameter("normalization", ["none", "layer", "batch"]),
            .. task == TaskKind.Regression ? (Parameter[])[] : [new FloatParameter("label_smoothing", 0, 0.1), RowWeights.ClassWeight],
        ]);
    }

    /// <inheritdoc/>
    public override IReadOnlyList<Configuration> Portfolio(TaskKind task) =>
    [
        Configuration.Empty,
        Configuration.Of(("embedding", "plain"), ("layers", 2), ("width", 384), ("dropout", 0.3)),
        Configuration.Of(("embedding", "periodic"), ("width", 256)),
        Configuration.Of(("residual", true), ("normalization", "batch"), ("layers", 2), ("width", 192), ("embedding", "plain")),
    ];

    /// <inheritdoc/>
    public override Model Fit(TrainingSet training, Configuration configuration, FitContext context)
    {
        ArgumentNullException.ThrowIfNull(training);
        ArgumentNullException.ThrowIfNull(context);
        context.Cancellation.ThrowIfCancellationRequested();
        if (TorchLibrary.Unavailable is { } problem)
        {
            throw new LearnerException(problem);
        }

        var weights = RowWeights.Of(training, configuration);
        return training.Y.Task == TaskKind.Regression
            ? Fit(training, weights, configuration, context)
            : PresentClasses.Fit(training, weights, (present, presentWeights) => Fit(present, presentWeights, configuration, context));
    }

    /// <inheritdoc/>
    TorchTrainable INetworkLearner.Untrained(TrainingSet training, Configuration configuration, FitContext context) =>
        new MlpFit(training, RowWeights.Of(training, configuration), MlpSettings.Of(training, configuration), context).Untrained();

    private static MlpModel Fit(TrainingSet training, double[] weights, Configuration configuration, FitContext context) =>
        new MlpFit(training, weights, MlpSettings.Of(training, configuration), context).Run();

    private static Dictionary<string, IReadOnlyList<string>> When(string embedding) => new() { ["embedding"] = [embedding] };
}
