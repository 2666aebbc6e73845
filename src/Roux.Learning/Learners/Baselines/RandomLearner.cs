using Roux.Learning.Data;
using Roux.Learning.Features;
using Roux.Learning.Pipelines;
using Roux.Tuning;

namespace Roux.Learning.Learners.Baselines;

/// <summary>
/// Draws the label of each row from the class distribution of the training rows, and is certain of it (probability 1).
/// The draw of a row depends on the seed of the fit and on the row's place in the matrix alone.
/// </summary>
public sealed class RandomLearner : BaselineLearner
{
    /// <inheritdoc/>
    public override LearnerCard Card { get; } = Floor("random", "shows what guessing scores, also on measures that a constant answer games");

    /// <inheritdoc/>
    public override bool Supports(TaskKind task) => task is TaskKind.Binary or TaskKind.Multiclass;

    /// <inheritdoc/>
    public override Model Fit(TrainingSet training, Configuration configuration, FitContext context)
    {
        var shares = RowWeights.PerClass(training.Y, RowWeights.Of(training, configuration));
        var total = shares.Sum();
        return new RandomModel(ModelHead.Of(training), [.. shares.Select(share => share / total)], context.Seed);
    }
}

/// <summary>Labels drawn from a distribution.</summary>
internal sealed class RandomModel(ModelHead head, double[] shares, int seed) : Model
{
    public const string KindName = "random";

    public override string Kind => KindName;

    public override long ParameterCount => shares.Length;

    public override Predictions Predict(FeatureMatrix x)
    {
        head.Check(x);
        var values = new double[(long)x.Rows * head.Width];
        for (var row = 0; row < x.Rows; row++)
        {
            var draw = SplitMix64.For(seed, row).NextDouble();
            var label = 0;
            for (var below = shares[0]; label < head.Width - 1 && draw >= below; below += shares[label])
            {
                label++;
            }

            values[(long)row * head.Width + label] = 1;
        }

        return new Predictions(head.Task, head.Width, values);
    }

    public override void Write(ArchiveWriter archive)
    {
        var json = head.ToJson();
        json["seed"] = seed;
        archive.WriteJson("model", json);
        archive.WriteArray("shares", shares);
    }

    public static RandomModel Read(ArchiveReader archive)
    {
        var (head, json) = ModelHead.Read(archive);
        return new RandomModel(head, StoredJson.Long(archive.ReadDoubles("shares"), head.Width, "shares"), json.Whole("seed"));
    }
}
