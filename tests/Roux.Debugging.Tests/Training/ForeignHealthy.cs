using Roux.Tracking;
using static Roux.Debugging.Tests.Training.Curves;

namespace Roux.Debugging.Tests.Training;

/// <summary>Sound programs, some of them noisy.</summary>
internal static class ForeignHealthy
{
    public static IReadOnlyList<(string Name, Func<int, IReadOnlyList<Finding>> Run)> All { get; } =
    [
        ("classes, steps", seed => Judge(Metrics(("loss", Noisy(new Random(seed), 1000, 0.15, Decay(2.35, 0.2)))), ("num_classes", "10"))),
        ("classes, epochs with validation", seed => Judge(Metrics(("loss", Noisy(new Random(seed), 30, 0.03, Decay(1.2, 0.25))), ("val_loss", Noisy(new Random(seed + 1), 30, 0.04, Decay(1.0, 0.33))), ("accuracy", Noisy(new Random(seed), 30, 0.01, at => 0.9 - 0.4 * Math.Exp(-5 * at)))), ("classes", "10"))),
        ("early plateau", seed => Judge(Metrics(("loss", Noisy(new Random(seed), 600, 0.03, at => 2.3 / (1 + Math.Exp(20 * (at - 0.5)))+0.1))), ("classes", "10"))),
        ("plateau for 70%", seed => Judge(Metrics(("train_loss", Noisy(new Random(seed), 100, 0.01, at => at < 0.7 ? 0.693 : 0.693 * Math.Exp(-8 * (at - 0.7))))), ("loss", "bce"))),
        ("dropout: validation below training", seed => Judge(Metrics(("train_loss", Noisy(new Random(seed), 40, 0.04, Decay(0.69, 0.45))), ("val_loss", Noisy(new Random(seed + 1), 40, 0.03, Decay(0.66, 0.38)))))),
        ("warm-up and cosine", seed => Judge(Metrics(("train/loss", Noisy(new Random(seed), 500, 0.05, at => at < 0.05 ? 10.8 : 3.2 + 7.6 * Math.Exp(-6 * (at - 0.05)))), ("train/learning_rate", Noisy(new Random(seed), 500, 0, at => 1e-9 + (at < 0.1 ? at * 10 : 0.5 + 0.5 * Math.Cos(Math.PI * (at - 0.1) / 0.9)) * 6e-4))), ("vocab_size", "50257"))),
        ("language model, long tail", seed => Judge(Metrics(("loss", Noisy(new Random(seed), 2000, 0.06, at => 3 + 7.8 * Math.Pow(1 + 200 * at, -0.6)))), ("vocab_size", "50257"))),
        ("batch of one, very noisy", seed => Judge(Metrics(("loss", Noisy(new Random(seed), 3000, 1.0, Decay(0.69, 0.3)))), ("loss_fn", "BCEWithLogitsLoss"))),
        ("noise that stays", seed => Judge(Metrics(("loss", Noisy(new Random(seed), 1500, 0.6, Decay(0.69, 0.58, 20)))), ("loss_fn", "bce"))),
        ("weak signal", seed => Judge(Metrics(("loss", Noisy(new Random(seed), 800, 0.05, Decay(0.70, 0.655, 8)))), ("loss_fn", "bce"))),
        ("GAN", seed => Judge(Metrics(("g_loss", Noisy(new Random(seed), 500, 0.5, at => 1 + 2 * at)), ("d_loss", Noisy(new Random(seed + 1), 500, 0.5, _ => 0.6)), ("loss", Noisy(new Random(seed), 500, 0.5, at => 1.6 + 2 * at))))),
        ("rewards", seed => Judge(Metrics(("loss", Noisy(new Random(seed), 500, 0.5, at => 0.1 + 2 * at)), ("episode_reward", Noisy(new Random(seed + 1), 500, 0.5, at => 200 * at))))),
        ("fine-tuning", seed => Judge(Metrics(("loss", Noisy(new Random(seed), 200, 0.2, at => 0.3 - 0.05 * at))), ("num_labels", "2"), ("pretrained", "bert-base"))),
        ("regression of large values", seed => Judge(Metrics(("train_mse", Noisy(new Random(seed), 100, 0.1, Decay(90000, 2500, 8)))), ("loss", "mse"))),
        ("early stopping", seed => Judge(Metrics(("loss", Noisy(new Random(seed), 24, 0.02, Decay(0.7, 0.2))), ("val_loss", Noisy(new Random(seed + 1), 24, 0.02, at => 0.4 + 0.25 * (at - 0.85) * (at - 0.85)))))),
        ("restarts", seed => Judge(Metrics(("loss", Noisy(new Random(seed), 600, 0.05, at => 0.3 + 1.8 * Math.Exp(-4 * at) + 0.15 * (1 - (at * 4 % 1))))))),
        ("spikes", seed => Judge(Metrics(("loss", Spikes(seed)), ("grad_norm", [.. Spikes(seed).Select(value => value * 3)])))),
        ("layers in order", seed => Judge(ForeignBugs.Layers(seed, "grad_norm", layer => 0.3 * Math.Pow(1.4, layer), ("loss", Noisy(new Random(seed), 200, 0.1, Decay(2.3, 0.3)))))),
        ("gradients fade at the end", seed => Judge(ForeignBugs.Layers(seed, "grad_norm", layer => 0.3 * Math.Pow(1.4, layer), ("loss", Noisy(new Random(seed), 200, 0.1, Decay(2.3, 0.001, 9))), at => Math.Exp(-14 * at)))),
        ("update ratios", seed => Judge(ForeignBugs.Layers(seed, "update_ratio", layer => 1e-3 / (1 + layer), ("loss", Noisy(new Random(seed), 200, 0.1, Decay(2.3, 0.3)))))),
        ("few dead units", seed => Judge(ForeignBugs.Layers(seed, "dead_fraction", layer => 0.08 * layer, ("loss", Noisy(new Random(seed), 200, 0.1, Decay(2.3, 0.3)))))),
        ("converged at once", seed => Judge(Metrics(("loss", Noisy(new Random(seed), 500, 0.3, at => 0.02 + 2.3 * Math.Exp(-60 * at)))), ("classes", "10"))),
        ("slow right start", seed => Judge(Metrics(("loss", Noisy(new Random(seed), 50, 0.01, Decay(2.3, 1.2, 2))), ("accuracy", Noisy(new Random(seed), 50, 0.01, at => 0.85 - 0.7 * Math.Exp(-6 * at)))), ("classes", "10"))),
        ("label smoothing", seed => Judge(Metrics(("loss", Noisy(new Random(seed), 400, 0.05, Decay(2.3, 0.55)))), ("classes", "10"), ("label_smoothing", "0.1"))),
        ("no training at all", _ => Judge(Metrics(("f1", [0.8]), ("seconds", [3.0])))),
    ];

    private static double[] Spikes(int seed)
    {
        var random = new Random(seed);
        var curve = Noisy(random, 800, 0.05, Decay(4, 1.5));
        for (var spike = 0; spike < 6; spike++)
        {
            curve[random.Next(100, 780)] *= 15;
        }

        return curve;
    }
}
