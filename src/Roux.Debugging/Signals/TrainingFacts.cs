using System.Globalization;

namespace Roux.Debugging.Signals;

/// <summary>What is known of a training besides its curves. All of it is optional: what is missing is not judged.</summary>
public sealed record TrainingFacts
{
    /// <summary>What is minimised. Param <c>loss</c>.</summary>
    public LossKind Loss { get; init; }

    /// <summary>Number of classes, at least 2; of a language model, its vocabulary. Param <c>classes</c>.</summary>
    public int? Classes { get; init; }

    /// <summary>Loss of the best constant prediction on the training data: entropy of the classes, or variance of the target. Param <c>baseline_loss</c>.</summary>
    public double? BaselineLoss { get; init; }

    /// <summary>Rows a step. Param <c>batch_size</c>.</summary>
    public int? BatchSize { get; init; }

    /// <summary>Batches whose gradients are added up before a step; 1 where not said. Param <c>accumulate</c>.</summary>
    public int Accumulate { get; init; } = 1;

    /// <summary>Weight decay. Param <c>weight_decay</c>.</summary>
    public double? WeightDecay { get; init; }

    /// <summary>Learning rate. Param <c>lr</c>.</summary>
    public double? LearningRate { get; init; }

    /// <summary>Label smoothing, 0 to 1. Param <c>label_smoothing</c>.</summary>
    public double LabelSmoothing { get; init; }

    /// <summary>Whether two networks play against each other, or rewards are learned from: then a loss need not fall.</summary>
    public bool IsGame { get; init; }

    /// <summary>Whether the training began with trained weights. Param <c>pretrained</c>.</summary>
    public bool IsPretrained { get; init; }

    /// <summary>The loss of knowing nothing: <see cref="BaselineLoss"/>, or ln k for k classes; <c>null</c> where neither is known.</summary>
    public double? Chance => BaselineLoss ?? Loss switch
    {
        LossKind.CrossEntropy when Classes is { } k and >= 2 => Math.Log(k),
        LossKind.BinaryCrossEntropy => Math.Log(2),
        _ => null,
    };

    /// <summary>Reads params as programs log them.</summary>
    public static TrainingFacts Read(IReadOnlyDictionary<string, string> parameters)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        var known = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (key, value) in parameters)
        {
            known.TryAdd(SignalNames.Plain(key), value.Trim());
        }

        var classes = Number(known, "classes", "num_classes", "n_classes", "num_labels", "vocab_size", "vocabulary");
        var loss = LossOf(Text(known, "loss", "criterion", "loss_fn", "loss_function", "loss_name", "objective"));
        return new TrainingFacts
        {
            Classes = classes is >= 2 and < 1e9 ? (int)classes : null,
            Loss = loss == LossKind.Unknown && classes >= 2 && Text(known, "loss", "criterion", "loss_fn", "loss_function", "loss_name") is null ? LossKind.CrossEntropy : loss,
            BaselineLoss = Number(known, "baseline_loss", "chance_loss", "target_entropy") ?? (loss == LossKind.Squared ? Number(known, "target_variance") : null),
            BatchSize = Number(known, "batch_size", "train_batch_size", "per_device_train_batch_size", "batch") is >= 1 and < 1e9 and { } batch ? (int)batch : null,
            Accumulate = Number(known, "accumulate", "gradient_accumulation_steps", "accumulate_grad_batches", "grad_accum") is >= 1 and < 1e6 and { } steps ? (int)steps : 1,
            WeightDecay = Number(known, "weight_decay", "l2", "wd"),
            LearningRate = Number(known, "lr", "learning_rate"),
            LabelSmoothing = Number(known, "label_smoothing", "label_smoothing_factor") is >= 0 and <= 1 and { } smooth ? smooth : 0,
            IsPretrained = Text(known, "pretrained") is { } pretrained && !string.Equals(pretrained, "false", StringComparison.OrdinalIgnoreCase) && pretrained is not ("" or "0" or "None"),
        };
    }

    private static LossKind LossOf(string? name)
    {
        var plain = SignalNames.Plain(name ?? "").Replace("_", "", StringComparison.Ordinal);
        return plain switch
        {
            _ when plain.Contains("focal", StringComparison.Ordinal) => LossKind.Unknown,
            _ when plain.StartsWith("bce", StringComparison.Ordinal) || plain.Contains("binarycross", StringComparison.Ordinal) => LossKind.BinaryCrossEntropy,
            "ce" or "celoss" or "nll" or "nllloss" or "logloss" or "xent" => LossKind.CrossEntropy,
            _ when plain.Contains("crossentropy", StringComparison.Ordinal) => LossKind.CrossEntropy,
            "mse" or "mseloss" or "l2" or "l2loss" or "meansquarederror" or "squared" or "squarederror" => LossKind.Squared,
            "mae" or "maeloss" or "l1" or "l1loss" or "meanabsoluteerror" or "huber" or "huberloss" or "smoothl1" or "smoothl1loss" => LossKind.Absolute,
            _ => LossKind.Unknown,
        };
    }

    private static string? Text(Dictionary<string, string> known, params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
        {
            if (known.TryGetValue(name, out var value))
            {
                return value;
            }
        }

        return null;
    }

    private static double? Number(Dictionary<string, string> known, params ReadOnlySpan<string> names) =>
        double.TryParse(Text(known, names), NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && double.IsFinite(value) ? value : null;
}
