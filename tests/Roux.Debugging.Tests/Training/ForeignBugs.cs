using Roux.Debugging.Signals;
using Roux.Tracking;
using static Roux.Debugging.Tests.Training.Curves;

namespace Roux.Debugging.Tests.Training;

/// <summary>Broken programs in other languages, as their metrics show them.</summary>
internal static class ForeignBugs
{
    public static IReadOnlyList<(string Name, string[] Expected, Func<int, IReadOnlyList<Finding>> Run)> All { get; } =
    [
        ("loss flat at ln 10", ["loss-not-decreasing", "at-chance"], seed => Judge(Metrics(("train/loss", Noisy(new Random(seed), 400, 0.05, _ => Math.Log(10)))), ("num_classes", "10"))),
        ("loss flat, unknown task, epochs", ["loss-not-decreasing"], seed => Judge(Metrics(("train_loss", Noisy(new Random(seed), 12, 0.02, _ => 1.7))))),
        ("loss climbs", ["loss-diverging"], seed => Judge(Metrics(("loss", Noisy(new Random(seed), 200, 0.2, at => 2.3 * Math.Exp(3 * at)))))),
        ("loss falls, then climbs", ["loss-diverging"], seed => Judge(Metrics(("loss", Noisy(new Random(seed), 300, 0.1, at => at < 0.4 ? 2.3 - 4 * at : 0.7 + 2 * (at - 0.4)))))),
        ("NaN from step 57", ["not-finite"], seed => Judge(Metrics(("loss", [.. Noisy(new Random(seed), 57, 0.1, Decay(2.3, 1)), .. Constant(40, double.NaN)])))),
        ("swings", ["loss-oscillating", "loss-diverging"], seed => Judge(Metrics(("loss", Swings(new Random(seed)))))),
        ("learning rate / 10,000", ["learning-rate-too-low"], seed => Judge(Metrics(("loss", Noisy(new Random(seed), 500, 0.01, at => 2.3 * (1 - 0.06 * at))))) ),
        ("update ratios of 1e-7", ["update-ratio"], seed => Judge(Layers(seed, "update_ratio", _ => 1e-7, ("loss", Noisy(new Random(seed), 200, 0.05, at => 2.3 - 0.01 * at))))),
        ("update ratios of 0.6", ["update-ratio"], seed => Judge(Layers(seed, "update_ratio", _ => 0.6, ("loss", Noisy(new Random(seed), 200, 0.3, _ => 2.6))))),
        ("vanishing gradients", ["vanishing-gradient"], seed => Judge(Layers(seed, "grad_norm", layer => 1e-7 * Math.Pow(8, layer), ("loss", Noisy(new Random(seed), 200, 0.01, _ => 2.3))))),
        ("gradients explode towards the input", ["exploding-gradient"], seed => Judge(Layers(seed, "grad_norm", layer => 1e5 * Math.Pow(0.1, layer), ("loss", Noisy(new Random(seed), 200, 0.1, Decay(2.3, 1.5)))))),
        ("gradients explode over time", ["exploding-gradient", "loss-diverging"], seed => Judge(Metrics(("grad_norm", Noisy(new Random(seed), 100, 0.3, at => Math.Exp(12 * at))), ("loss", Noisy(new Random(seed), 100, 0.1, at => 2 + at))))),
        ("dead ReLUs", ["dead-relu"], seed => Judge(Layers(seed, "dead_fraction", layer => layer == 2 ? 0.97 : 0.02, ("loss", Noisy(new Random(seed), 200, 0.01, _ => 2.3))))),
        ("saturated", ["saturated-activation"], seed => Judge(Layers(seed, "saturated_fraction", layer => 0.97 - 0.01 * layer, ("loss", Noisy(new Random(seed), 200, 0.01, _ => 2.3))))),
        ("evaluated in training mode", ["evaluation-in-training-mode"], seed => Judge(Metrics(("watch/eval_in_training_mode", [0, 1, 0, 1]), ("loss", Noisy(new Random(seed), 100, 0.1, Decay(2.3, 0.5)))))),
        ("gradients carried over", ["gradients-not-reset"], seed => Judge(Metrics(("watch/grad_carry", Constant(20, 1)), ("loss", Noisy(new Random(seed), 100, 0.2, at => 2 + 3 * at))))),
        ("softmax twice", ["softmax-twice"], seed => Judge(Metrics(("loss", Noisy(new Random(seed), 60, 0.005, Decay(2.3, 1.49, 12))), ("accuracy", Noisy(new Random(seed), 60, 0.002, at => 0.97 - 0.85 * Math.Exp(-9 * at)))), ("classes", "10"))),
        ("overtraining", ["overtraining"], seed => Judge(Metrics(("train_loss", Noisy(new Random(seed), 50, 0.02, Decay(0.7, 0.02))), ("val_loss", Noisy(new Random(seed + 1), 50, 0.02, at => 0.5 + 1.2 * (at - 0.25) * (at - 0.25)))))),
        ("overfit", ["overfit"], seed => Judge(Metrics(("train_loss", Noisy(new Random(seed), 50, 0.02, Decay(0.7, 0.01))), ("val_loss", Noisy(new Random(seed + 1), 50, 0.01, Decay(0.7, 0.6)))))),
        ("labels of the training set shuffled", ["validation-at-chance"], seed => Judge(Metrics(("train_loss", Noisy(new Random(seed), 40, 0.03, Decay(2.3, 0.4))), ("eval_loss", Noisy(new Random(seed + 1), 40, 0.02, at => 2.33 + 2 * at))), ("num_labels", "10"))),
        ("first loss of 40", ["initial-loss"], seed => Judge(Metrics(("loss", Noisy(new Random(seed), 300, 0.1, Decay(40, 0.5, 30)))), ("classes", "10"))),
        ("weights shrink", ["regularisation-too-strong"], seed => Judge(Layers(seed, "weight_norm", _ => 1, ("loss", Noisy(new Random(seed), 200, 0.01, Decay(2.5, 2.3, 20))), shape: at => Math.Exp(-5 * at)), ("classes", "10"))),
        ("a layer never changes", ["unchanged-tensor"], seed => Judge(Layers(seed, "update_ratio", layer => layer == 1 ? 0 : 1e-3, ("loss", Noisy(new Random(seed), 200, 0.1, Decay(2.3, 1)))))),
        ("a layer of zeros", ["all-zero"], seed => Judge(Layers(seed, "weight_norm", layer => layer == 2 ? 0 : 5, ("loss", Noisy(new Random(seed), 200, 0.02, _ => 2.3)), shape: _ => 1))),
        ("batch norm at batch size 1", ["batch-norm-batch-one"], seed => Judge(Metrics(("watch/net.bn1/activation_std", Constant(20, 1)), ("loss", Noisy(new Random(seed), 100, 0.5, Decay(2.3, 1)))), ("batch_size", "1"))),
    ];

    /// <summary>Five layers in order with a signal; the loss beside it.</summary>
    public static Dictionary<string, SignalSeries> Layers(int seed, string kind, Func<int, double> level, (string Name, double[] Values) loss, Func<double, double>? shape = null)
    {
        var metrics = Metrics(loss);
        var random = new Random(seed + 1000);
        for (var layer = 0; layer < 6; layer++)
        {
            metrics[$"watch/layers.{layer}.weight/{kind}"] = SignalSeries.Of(Noisy(random, 20, shape is null ? 0.2 : 0.001, at => level(layer) * (shape?.Invoke(at) ?? 1)));
            metrics[$"watch/layers.{layer}.weight/depth"] = SignalSeries.Of(layer);
        }

        return metrics;
    }

    private static double[] Swings(Random random)
    {
        var curve = Noisy(random, 300, 0.1, at => at < 0.1 ? 2.3 - 10 * at : 1.3);
        for (var step = 30; step < curve.Length; step++)
        {
            curve[step] *= 1 + 0.9 * Math.Sin(step / 9.0);
        }

        return curve;
    }
}
