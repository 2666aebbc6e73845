namespace Roux.Debugging.Signals;

/// <summary>
/// Names of the metrics under which training signals are logged, and the names by which Keras, Lightning, Hugging Face and others call the same.
/// Described in docs/training-signals.md.
/// </summary>
public static class SignalNames
{
    /// <summary>Beginning of all signals of layers: <c>watch/LAYER/KIND</c>.</summary>
    public const string Watch = "watch/";

    /// <summary>Loss of the training data, per step or epoch.</summary>
    public const string Loss = "loss";

    /// <summary>Loss of the validation data.</summary>
    public const string ValidationLoss = "val_loss";

    /// <summary>Share of right answers on the training data, 0 to 1.</summary>
    public const string Accuracy = "accuracy";

    /// <summary>Share of right answers on the validation data, 0 to 1.</summary>
    public const string ValidationAccuracy = "val_accuracy";

    /// <summary>Learning rate.</summary>
    public const string LearningRate = "lr";

    /// <summary>Length of the gradient over all parameters, before clipping.</summary>
    public const string GradientNorm = "grad_norm";

    /// <summary>Share of parameters with a gradient other than zero before the backward pass, though the optimiser had stepped since: gradients were not reset.</summary>
    public const string GradientCarry = "watch/grad_carry";

    /// <summary>1 where the model was evaluated (without gradients) while still in training mode, else 0.</summary>
    public const string EvaluatedInTrainingMode = "watch/eval_in_training_mode";

    /// <summary>Number of input values of the batch that are not finite.</summary>
    public const string InputNonFinite = "watch/input_nonfinite";

    /// <summary>The first row of the batch with an input value that is not finite; -1 for none.</summary>
    public const string InputBadRow = "watch/input_bad_row";

    /// <summary>Whether the classes a network gives out are spread over [0, 1] and add up to one before the loss: mean of the row sums.</summary>
    public const string OutputRowSum = "watch/output_row_sum";

    private static readonly Dictionary<string, string[]> Aliases = new(StringComparer.Ordinal)
    {
        // The finest first: a curve over steps tells more than one over epochs.
        [Loss] = ["loss", "train_loss_step", "train_loss", "training_loss", "loss_train", "train_loss_epoch", "loss_step", "loss_epoch", "epoch_loss", "batch_loss", "train_cross_entropy", "train_mse"],
        [ValidationLoss] = ["val_loss", "valid_loss", "validation_loss", "eval_loss", "dev_loss", "loss_val", "loss_valid", "val_loss_epoch", "valid_loss_epoch", "eval_loss_epoch", "epoch_val_loss"],
        [Accuracy] = ["accuracy", "acc", "train_accuracy", "train_acc", "training_accuracy", "categorical_accuracy", "sparse_categorical_accuracy", "binary_accuracy", "train_acc_epoch", "train_accuracy_epoch", "accuracy_train", "acc_train"],
        [ValidationAccuracy] = ["val_accuracy", "val_acc", "valid_accuracy", "valid_acc", "validation_accuracy", "eval_accuracy", "dev_accuracy", "val_categorical_accuracy", "val_sparse_categorical_accuracy", "val_binary_accuracy", "val_acc_epoch", "accuracy_val", "acc_val"],
        [LearningRate] = ["lr", "learning_rate", "train_learning_rate", "train_lr", "lr_adam", "lr_adamw", "lr_sgd", "lr_rmsprop", "lr_pg1", "lr_adam_pg1", "lr_adamw_pg1", "lr_sgd_pg1"],
        [GradientNorm] = ["grad_norm", "gradient_norm", "train_grad_norm", "total_grad_norm", "grad_norm_total", "grad_2_0_norm_total", "global_grad_norm"],
    };

    private static readonly string[] Games = ["g_loss", "d_loss", "loss_g", "loss_d", "gen_loss", "disc_loss", "generator_loss", "discriminator_loss", "loss_generator", "loss_discriminator", "critic_loss", "actor_loss", "policy_loss", "reward", "episode_reward", "episode_return", "mean_reward", "ep_rew_mean", "rollout_ep_rew_mean"];

    /// <summary>The metrics among <paramref name="keys"/> that are a signal, the preferred first.</summary>
    public static IReadOnlyList<string> Find(string signal, IEnumerable<string> keys)
    {
        ArgumentNullException.ThrowIfNull(keys);
        var names = Aliases.TryGetValue(signal, out var aliases) ? aliases : [Plain(signal)];
        return [.. keys.Select(key => (Key: key, Place: Array.IndexOf(names, Plain(key)))).Where(pair => pair.Place >= 0)
            .OrderBy(pair => pair.Place).ThenBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => pair.Key)];
    }

    /// <summary>Whether a metric's name speaks of a game between networks, or of rewards.</summary>
    public static bool IsOfGame(string key) => Games.Contains(Plain(key), StringComparer.Ordinal);

    /// <summary>Layer and kind of <c>watch/LAYER/KIND</c>, or of Lightning's <c>grad_2.0_norm/LAYER</c>; <c>null</c> for other metrics.</summary>
    public static (string Layer, string Kind)? Layer(string key)
    {
        ArgumentNullException.ThrowIfNull(key);
        if (key.StartsWith(Watch, StringComparison.Ordinal))
        {
            var end = key.LastIndexOf('/');
            return end > Watch.Length ? (key[Watch.Length..end], key[(end + 1)..]) : null;
        }

        const string Lightning = "grad_2.0_norm/";
        return key.StartsWith(Lightning, StringComparison.Ordinal) && key.Length > Lightning.Length ? (key[Lightning.Length..], LayerSignals.GradientNorm) : null;
    }

    /// <summary>A name in lower case with <c>_</c> for every other sign.</summary>
    public static string Plain(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return string.Create(name.Length, name, (text, from) =>
        {
            for (var index = 0; index < text.Length; index++)
            {
                text[index] = char.IsLetterOrDigit(from[index]) ? char.ToLowerInvariant(from[index]) : '_';
            }
        });
    }
}
