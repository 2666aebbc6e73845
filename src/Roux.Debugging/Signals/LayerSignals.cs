namespace Roux.Debugging.Signals;

/// <summary>The signals of one layer or parameter, by kind.</summary>
/// <param name="Name">Such as <c>encoder.0.weight</c>.</param>
/// <param name="Kinds">Series by kind, such as <see cref="GradientNorm"/>.</param>
public sealed record LayerSignals(string Name, IReadOnlyDictionary<string, SignalSeries> Kinds)
{
    /// <summary>Length of the gradient (2-norm).</summary>
    public const string GradientNorm = "grad_norm";

    /// <summary>Length of the weights (2-norm).</summary>
    public const string WeightNorm = "weight_norm";

    /// <summary>Length of a step's change of the weights over their length.</summary>
    public const string UpdateRatio = "update_ratio";

    /// <summary>Mean of the outputs.</summary>
    public const string ActivationMean = "activation_mean";

    /// <summary>Standard deviation of the outputs.</summary>
    public const string ActivationDeviation = "activation_std";

    /// <summary>Share of units whose output was zero for every row seen lately (at least some 256 rows).</summary>
    public const string DeadFraction = "dead_fraction";

    /// <summary>Share of outputs of a hidden sigmoid or tanh within 5% of its range's ends.</summary>
    public const string SaturatedFraction = "saturated_fraction";

    /// <summary>Number of gradient values that are not finite.</summary>
    public const string GradientNonFinite = "grad_nonfinite";

    /// <summary>Number of weights that are not finite.</summary>
    public const string WeightNonFinite = "weight_nonfinite";

    /// <summary>Number of outputs that are not finite.</summary>
    public const string ActivationNonFinite = "activation_nonfinite";

    /// <summary>Place in the network, 0 at the input; constant.</summary>
    public const string Depth = "depth";

    /// <summary>Number of values in the parameter; constant.</summary>
    public const string Size = "size";

    /// <summary>Number of inputs that a unit adds up; constant.</summary>
    public const string FanIn = "fan_in";

    /// <summary>1 where the optimiser may change it, else 0; constant.</summary>
    public const string Trainable = "trainable";

    /// <summary>Bins of a histogram: <c>grad_hist_00</c> and so on.</summary>
    public const string GradientHistogram = "grad_hist";

    /// <summary>Bins of a histogram: <c>weight_hist_00</c> and so on.</summary>
    public const string WeightHistogram = "weight_hist";

    /// <summary>A kind's series; <c>null</c> where it was not logged.</summary>
    public SignalSeries? this[string kind] => Kinds.TryGetValue(kind, out var series) && series.Count > 0 ? series : null;

    /// <summary>A kind's last value; <c>null</c> where it was not logged.</summary>
    public double? Constant(string kind) => this[kind]?.Last;

    /// <summary>Whether it is a matrix (or more) rather than a bias or a scale, as far as its name and size tell.</summary>
    public bool IsMatrix => Constant(FanIn) is { } inputs ? inputs > 1
        : !Name.EndsWith("bias", StringComparison.Ordinal) && !Name.Contains("norm", StringComparison.OrdinalIgnoreCase) && !Array.Exists(Name.Split('.', '/', '_'), part => part is "bn" or "bn1" or "bn2" or "bn3" or "ln" or "ln_1" or "ln_2");

    /// <summary>Whether its rows are looked up rather than added up, as far as its name and shape tell: then its scale has nothing to do with the number of inputs.</summary>
    public bool IsTable => Name.Contains("emb", StringComparison.OrdinalIgnoreCase) || Name.Contains("wte", StringComparison.Ordinal) || Name.Contains("wpe", StringComparison.Ordinal)
        || (Constant(FanIn) is > 1 and { } width && Constant(Size) > 8 * width * width);
}
