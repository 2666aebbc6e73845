using Roux.Learning.Data;
using Roux.Learning.Features;
using Roux.Learning.Pipelines;

namespace Roux.Learning.Learners.Baselines;

/// <summary>Says the same of every row.</summary>
internal sealed class ConstantModel(ModelHead head, double[] values) : Model
{
    public const string KindName = "constant";

    /// <summary>What it says of every row.</summary>
    public double[] Values => values;

    public override string Kind => KindName;

    public override long ParameterCount => values.Length;

    /// <summary>The (weighted) share of each class as its probability.</summary>
    public static ConstantModel OfDistribution(TrainingSet training)
    {
        var shares = RowWeights.PerClass(training.Y, RowWeights.Of(training, Tuning.Configuration.Empty));
        var total = shares.Sum();
        return new ConstantModel(ModelHead.Of(training), [.. shares.Select(share => share / total)]);
    }

    public override Predictions Predict(FeatureMatrix x)
    {
        head.Check(x);
        var all = new double[(long)x.Rows * head.Width];
        for (var row = 0; row < x.Rows; row++)
        {
            values.CopyTo(all, (long)row * head.Width);
        }

        return new Predictions(head.Task, head.Width, all);
    }

    public override void Write(ArchiveWriter archive)
    {
        archive.WriteJson("model", head.ToJson());
        archive.WriteArray("values", values);
    }

    public static ConstantModel Read(ArchiveReader archive)
    {
        var (head, _) = ModelHead.Read(archive);
        return new ConstantModel(head, StoredJson.Long(archive.ReadDoubles("values"), head.Width, "values"));
    }
}
