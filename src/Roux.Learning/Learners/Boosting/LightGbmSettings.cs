using System.Globalization;
using Roux.Learning.Data;
using Roux.Learning.Features;
using Roux.Tuning;

namespace Roux.Learning.Learners.Boosting;

/// <summary>LightGBM's parameters for one fit: the configuration's, with defaults that suit the data.</summary>
internal sealed class LightGbmSettings
{
    /// <summary>Objectives that a configuration may name for regression.</summary>
    internal static readonly string[] RegressionObjectives = ["l2", "l1", "huber"];

    private readonly Configuration configuration;
    private readonly Target y;
    private readonly FeatureMatrix x;

    public LightGbmSettings(TrainingSet training, Configuration configuration)
    {
        (this.configuration, y, x) = (configuration, training.Y, training.X);
        Objective = y.Task switch
        {
            TaskKind.Binary => "binary",
            TaskKind.Multiclass => "multiclass",
            _ => BoostingOptions.OneOf(configuration, "objective", RegressionObjectives),
        };
    }

    /// <summary>Named as LightGBM does.</summary>
    public string Objective { get; }

    /// <summary>Wide matrices of words have many columns of little weight each.</summary>
    private bool IsWide => x.Columns >= BoostingOptions.WideColumns;

    /// <summary>Parameters that decide the bins: fits that agree in them share one binned data set.</summary>
    public string Binning => string.Create(CultureInfo.InvariantCulture,
        $"verbosity=-1 deterministic=true force_col_wise=true feature_pre_filter=false data_random_seed=1 max_bin={MaxBin}{LightGbmData.CategoricalParameter(x.Features)}");

    private int MaxBin => configuration.Int("max_bin", IsWide ? 63 : 255);

    /// <summary>When to stop.</summary>
    public BoostingPlan Plan => BoostingOptions.Plan(configuration, y, LearningRate, Objective == "l1");

    private double LearningRate => configuration.Float("learning_rate", BoostingOptions.DefaultLearningRate(y));

    /// <summary>All parameters of the booster.</summary>
    public string Training(int seed, int threads)
    {
        var n = y.Count;
        var perClass = y.Task == TaskKind.Multiclass ? y.Classes.Length : 1;
        var minData = configuration.Int("min_data_in_leaf", Math.Clamp(n / 100, 2, 20));
        var parameters = new (string Name, object Value)[]
        {
            ("objective", Objective),
            ("num_class", perClass),
            ("metric", "none"),
            ("learning_rate", LearningRate),
            ("num_leaves", configuration.Int("num_leaves", IsWide ? 15 : 31)),
            ("max_depth", configuration.Int("max_depth", -1)),
            ("min_data_in_leaf", Math.Clamp(minData, 1, Math.Max(1, n / 10))),
            ("min_sum_hessian_in_leaf", configuration.Float("min_sum_hessian_in_leaf", 1e-3)),
            ("feature_fraction", configuration.Float("feature_fraction", BoostingOptions.DefaultFeatureFraction(x.Columns))),
            ("feature_fraction_bynode", configuration.Float("feature_fraction_bynode", 1.0)),
            ("bagging_fraction", configuration.Float("bagging_fraction", 0.9)),
            ("bagging_freq", 1),
            ("lambda_l1", configuration.Float("lambda_l1", 0)),
            ("lambda_l2", configuration.Float("lambda_l2", 1)),
            ("min_gain_to_split", configuration.Float("min_gain_to_split", 0)),
            ("path_smooth", configuration.Float("path_smooth", 0)),
            ("extra_trees", configuration.Flag("extra_trees", false)),
            ("cat_smooth", configuration.Float("cat_smooth", 10)),
            ("cat_l2", configuration.Float("cat_l2", 10)),
            ("min_data_per_group", configuration.Int("min_data_per_group", Math.Clamp(n / 100, 2, 100))),
            ("seed", seed & int.MaxValue),
            ("num_threads", threads),
        };
        return Binning + string.Concat(parameters.Select(p => $" {p.Name}={Configuration.Format(p.Value)}"));
    }
}
