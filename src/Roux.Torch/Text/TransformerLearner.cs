using Roux.Learning.Data;
using Roux.Learning.Features;
using Roux.Learning.Features.Tokens;
using Roux.Learning.Learners;
using Roux.Torch.Probes;
using Roux.Tuning;

namespace Roux.Torch.Text;

/// <summary>
/// A text transformer of the BERT architecture (Devlin et al. 2018) over the text columns. With the folder of a pre-trained BERT or DistilBERT
/// (setting <c>weights</c>) it is fine-tuned; without, a small one is trained from scratch on word pieces learned from the training texts.
/// All tasks, several labels at once. Settings: docs/text-transformers.md.
/// </summary>
/// <param name="weights">Folder of pre-trained weights where the setting <c>weights</c> is not given; <c>null</c> for none.</param>
public sealed class TransformerLearner(string? weights = null) : Learner, INetworkLearner
{
    /// <summary>Names a folder of pre-trained weights for the learner of the catalog.</summary>
    public const string WeightsVariable = "ROUX_TRANSFORMER_WEIGHTS";

    /// <inheritdoc/>
    public override LearnerCard Card { get; } = new(
        "transformer", "neural", 90, Interpretability.Opaque,
        ["the order of the words matters, and what a text says in its first part", "for training from scratch: many thousand texts"],
        ["with pre-trained weights among the best on text, also with few rows", "reads words in their context", "answers several labels with one network"],
        ["slow without a graphics processor", "from scratch and with few texts often behind TF-IDF with a linear model", "reads text columns only, and the first max_tokens pieces of each"]);

    /// <inheritdoc/>
    public override bool Supports(TaskKind task) => true;

    /// <inheritdoc/>
    public override bool IsOnRequest => true;

    /// <inheritdoc/>
    public override Learner FromWeights(string folder) => new TransformerLearner(folder);

    /// <inheritdoc/>
    public override SearchSpace Space(TaskKind task) => weights is null
        ? new(
            new FloatParameter("lr", 3e-4, 5e-3, Log: true), new IntParameter("epochs", 3, 20), new FloatParameter("dropout", 0, 0.5), new FloatParameter("weight_decay", 1e-3, 0.3, Log: true),
            new CategoricalParameter("class_weight", ["none", "balanced"]))
        : new(
            new FloatParameter("lr", 1e-5, 1e-4, Log: true), new IntParameter("epochs", 2, 5), new FloatParameter("layer_decay", 0.7, 1), new CategoricalParameter("class_weight", ["none", "balanced"]));

    /// <inheritdoc/>
    public override FeatureForm Form(TaskKind task, Configuration configuration)
    {
        var settings = TransformerSettings.Of(configuration, weights);
        return FeatureForm.Sequences(new TokenForm(settings.MaxTokens, settings.Vocabulary, settings.Folder));
    }

    /// <inheritdoc/>
    /// <remarks>The result depends on the number of threads in the last bits of its numbers. Fits wait for each other: libtorch has one source of randomness for the whole process.</remarks>
    public override Model Fit(TrainingSet training, Configuration configuration, FitContext context)
    {
        ArgumentNullException.ThrowIfNull(training);
        ArgumentNullException.ThrowIfNull(configuration);
        ArgumentNullException.ThrowIfNull(context);
        var rowWeights = RowWeights.Of(training, configuration);
        return new TransformerFit(training, rowWeights, TransformerSettings.Of(configuration, weights), context).Run();
    }

    /// <inheritdoc/>
    TorchTrainable INetworkLearner.Untrained(TrainingSet training, Configuration configuration, FitContext context) =>
        new TransformerFit(training, RowWeights.Of(training, configuration), TransformerSettings.Of(configuration, weights), context).Untrained();
}
