using Roux.Debugging.Signals;
using Roux.Tracking;

namespace Roux.Debugging.Checks.Training;

/// <summary>Batch normalisation over a batch of one.</summary>
public sealed class BatchNormBatchOneCheck : TrainingCheck
{
    private static readonly Threshold Few = new("few", 8, "rows a batch, below which batch statistics are poor", "Wu and He (2018), 'Group normalization', fig. 1: errors of batch normalisation climb below 8.");

    /// <inheritdoc/>
    public override string Name => "batch-norm-batch-one";

    /// <inheritdoc/>
    public override string Definition => "The network holds batch normalisation and is trained on one row at a time: mean and variance are the row's own (images), or zero (vectors). Batches of fewer than 8 rows are mentioned.";

    /// <inheritdoc/>
    public override IReadOnlyList<Threshold> Thresholds => [Few];

    /// <inheritdoc/>
    public override IReadOnlyList<string> Explains => ["constant-output", "loss-oscillating", "loss-not-decreasing", "at-chance", "overfit-batch", "evaluation-in-training-mode"];

    /// <inheritdoc/>
    protected override string Cause => "A batch size of 1, or a last batch of one row.";

    /// <inheritdoc/>
    protected override string Fix => "Larger batches, or group or layer normalisation.";

    /// <inheritdoc/>
    protected override string Verify => "Losses in training and in evaluation mode on the same rows are close.";

    /// <inheritdoc/>
    public override IEnumerable<Finding> Run(TrainingSubject subject, CheckContext context)
    {
        ArgumentNullException.ThrowIfNull(subject);
        ArgumentNullException.ThrowIfNull(context);
        var holds = subject.Network?.Modules.Any(module => module.Kind == ModuleKind.BatchNorm)
            ?? subject.Signals.Layers.Any(layer => SignalNames.Plain(layer.Name) is { } name && (name.Contains("batchnorm", StringComparison.Ordinal) || name.Contains("batch_norm", StringComparison.Ordinal)
                || name.Split('_').Any(part => part is "bn" or "bn1" or "bn2" or "bn3")));
        if (!holds || (subject.Facts.BatchSize ?? subject.Signals.Facts.BatchSize) is not { } rows || rows >= context.Value(Name, Few))
        {
            yield break;
        }

        yield return rows == 1
            ? Found(Severity.High, "Batch normalisation is trained on batches of one row.", null, ("batch_size", rows))
            : Found(Severity.Low, $"Batch normalisation is trained on batches of {rows} rows; its statistics are noisy.", null, ("batch_size", rows));
    }
}
