using Roux.Learning.Data;
using Roux.Learning.Features;

namespace Roux.Tuning.Benchmarks.Live;

/// <summary>Training and validation rows drawn, always the same, from a set's training file; its test file is not looked at.</summary>
internal sealed class LiveData
{
    private const int Seed = 20;

    private readonly Table training;
    private readonly Table validation;
    private readonly List<ColumnSpec> columns;
    private readonly Dictionary<FeatureForm, (FeatureMatrix Training, FeatureMatrix Validation)> made = [];

    private LiveData(LiveSet set, Table table, Target target)
    {
        (Set, columns) = (set, [.. ColumnRoles.Infer(table, set.Target).Where(column => column.Role != ColumnRole.Target)]);
        var drawn = Splitters.Holdout(target, (double)(set.Training + set.Validation) / table.RowCount, Seed).Test;
        var (part, y) = (table.Take(drawn), target.Take(drawn));
        var split = Splitters.Holdout(y, (double)set.Validation / drawn.Length, Seed + 1);
        (training, validation) = (part.Take(split.Train), part.Take(split.Test));
        (TrainingTarget, ValidationTarget) = (y.Take(split.Train), y.Take(split.Test));
        Worst = 3 * NaiveLoss();
    }

    /// <summary>The sets there are problems of.</summary>
    public static IReadOnlyList<LiveSet> Sets { get; } =
        [new("adult", "income", null, 1_500, 1_500), new("digits", "target", TaskKind.Multiclass, 600, 600), new("wine-white", "quality", TaskKind.Regression, 1_500, 1_500)];

    public LiveSet Set { get; }

    public string Name => Set.Name;

    public Target TrainingTarget { get; }

    public Target ValidationTarget { get; }

    /// <summary>Three times the loss of a model that knows nothing: a training that diverges counts as this.</summary>
    public double Worst { get; }

    public static LiveData Read(string folder, LiveSet set)
    {
        var table = TableReader.Read(Path.Combine(folder, set.Name, "train.csv")).Table;
        return new LiveData(set, table, TargetBuilder.Build(table, set.Target, set.Task).Target);
    }

    /// <summary>A loss as it counts.</summary>
    public double Bounded(double loss) => double.IsNaN(loss) ? Worst : Math.Min(loss, Worst);

    /// <summary>The rows as features of a form, learned from the training rows.</summary>
    public (FeatureMatrix Training, FeatureMatrix Validation) Features(FeatureForm form)
    {
        lock (made)
        {
            if (!made.TryGetValue(form, out var features))
            {
                var (featurizer, matrix) = Featurizer.Fit(training, columns, TrainingTarget, form, Seed, 1, CancellationToken.None);
                made[form] = features = (matrix, featurizer.Transform(validation));
            }

            return features;
        }
    }

    /// <summary>Mean logarithmic loss of the shares of the classes, or the standard deviation of the answers.</summary>
    private double NaiveLoss()
    {
        if (TrainingTarget.Task == TaskKind.Regression)
        {
            var mean = TrainingTarget.Values.Average();
            return Math.Sqrt(ValidationTarget.Values.Average(value => (value - mean) * (value - mean)));
        }

        double[] shares = [.. Enumerable.Range(0, TrainingTarget.Width).Select(label => TrainingTarget.Labels.Count(other => other == label) / (double)TrainingTarget.Count)];
        return ValidationTarget.Labels.Average(label => -Math.Log(shares[label]));
    }
}

/// <summary>A data set and how much of it is used.</summary>
internal sealed record LiveSet(string Name, string Target, TaskKind? Task, int Training, int Validation);
