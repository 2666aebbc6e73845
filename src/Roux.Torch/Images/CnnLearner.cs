using Roux.Learning.Data;
using Roux.Learning.Features;
using Roux.Learning.Learners;
using Roux.Torch.Probes;
using Roux.Torch.Training;
using Roux.Torch.Training.Optimizers;
using Roux.Torch.Training.Schedules;
using Roux.Tuning;

namespace Roux.Torch.Images;

/// <summary>
/// A small convolutional network over columns that are the pixels of an image. All tasks, several labels at once. Hyperparameters: <c>epochs</c> (30), <c>lr</c> (3e-3),
/// <c>batch</c> (64), <c>channels_first</c> (32 channels in the first stage), <c>dropout</c> (0.3), <c>weight_decay</c> (0.01), <c>shift</c> (1: images are moved by so many pixels at random; 0 for none),
/// <c>class_weight</c>; <c>width</c> and <c>channels</c> where the columns' names have one running number.
/// </summary>
public sealed class CnnLearner : Learner, INetworkLearner
{
    /// <inheritdoc/>
    public override LearnerCard Card { get; } = new(
        "cnn", "neural", 80, Interpretability.Opaque,
        ["the columns are the pixels of an image, and their names say where each lies", "what matters looks alike wherever in the image it is"],
        ["among the best on images", "learns from images moved a little, so it forgives a shift"],
        ["reads pixel columns only", "slow on large images without a graphics processor", "training from scratch wants some hundred images a class"]);

    /// <inheritdoc/>
    public override bool Supports(TaskKind task) => true;

    /// <inheritdoc/>
    public override bool IsOnRequest => true;

    /// <inheritdoc/>
    public override SearchSpace Space(TaskKind task) => new(
        new FloatParameter("lr", 3e-4, 1e-2, Log: true), new IntParameter("epochs", 10, 60), new FloatParameter("dropout", 0, 0.6), new FloatParameter("weight_decay", 1e-4, 0.3, Log: true),
        new IntParameter("shift", 0, 2), RowWeights.ClassWeight);

    /// <inheritdoc/>
    public override FeatureForm Form(TaskKind task, Configuration configuration) => new(CategoryEncoding.Codes, KeepMissing: true, Scaling.None, TextEncoding.None, 0);

    /// <inheritdoc/>
    /// <remarks>The result depends on the number of threads in the last bits of its numbers.</remarks>
    public override Model Fit(TrainingSet training, Configuration configuration, FitContext context)
    {
        ArgumentNullException.ThrowIfNull(training);
        ArgumentNullException.ThrowIfNull(configuration);
        ArgumentNullException.ThrowIfNull(context);
        var made = Prepare(training, configuration, context);
        TrainingOutcome.Check(made.Loop.Run(made.Source, context), context, made.Options);
        return new CnnModel(ModelHead.Of(training), made.Network, made.Layout, made.Mean, made.Deviation, made.Answers.Mean, made.Answers.Deviation);
    }

    /// <inheritdoc/>
    TorchTrainable INetworkLearner.Untrained(TrainingSet training, Configuration configuration, FitContext context)
    {
        var made = Prepare(training, configuration, context);
        return made.Loop.Untrained(made.Source, context.Seed, made.Answers.Facts);
    }

    private static Prepared Prepare(TrainingSet training, Configuration configuration, FitContext context)
    {
        var answers = NetworkAnswers.Of(training.Y, RowWeights.Of(training, configuration));
        var layout = ImageLayout.Of(training.X.Features, Whole(configuration, "width", 0, 0, 4_096), Whole(configuration, "channels", 1, 1, 16));
        var (mean, deviation) = ImageRows.Scale(training.X, layout);
        var images = ImageRows.Read(training.X, layout, mean, deviation);
        var outputs = training.Y.Width;
        var network = GlobalRandom.From(context.Seed, () => new ImageNetwork(
            layout, training.Y.Task == TaskKind.Regression ? 1 : outputs, Whole(configuration, "channels_first", 32, 1, 512), Number(configuration, "dropout", 0.3, 0, 0.9)));
        var options = new TrainingOptions
        {
            Epochs = Whole(configuration, "epochs", 30, 1, 10_000),
            BatchSize = Whole(configuration, "batch", 64, 2, 65_536),
            Optimizer = new AdamWOptions { LearningRate = Number(configuration, "lr", 3e-3, 1e-9, 10), WeightDecay = Number(configuration, "weight_decay", 0.01, 0, 10) },
            Schedule = new OneCycleSchedule(),
            ClipNorm = 5,
        };
        var loop = new TrainingLoop(network, batch => network.forward(batch.Input), answers.Loss, options);
        var shift = Math.Min(Whole(configuration, "shift", 1, 0, 64), Math.Min(layout.Height, layout.Width) / 4);
        return new Prepared(network, loop, new ImageSource(images, layout, answers, shift), answers, options, layout, mean, deviation);
    }

    /// <summary>A network before its first step, and what it is to learn.</summary>
    private sealed record Prepared(ImageNetwork Network, TrainingLoop Loop, ImageSource Source, NetworkAnswers Answers, TrainingOptions Options, ImageLayout Layout, double Mean, double Deviation);

    private static int Whole(Configuration configuration, string name, int fallback, int low, int high) =>
        configuration.Int(name, fallback) is var value && value >= low && value <= high ? value : throw new LearnerException($"{name} is {value}; allowed are whole numbers from {low} to {high}");

    private static double Number(Configuration configuration, string name, double fallback, double low, double high) =>
        configuration.Float(name, fallback) is var value && value >= low && value <= high ? value : throw new LearnerException($"{name} is {value}; allowed is {low} to {high}");
}
