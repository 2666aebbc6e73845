using Roux.Learning.Data;
using Roux.Learning.Features;
using Roux.Learning.Pipelines;

namespace Roux.Learning.Learners.Baselines;

/// <summary>Class shares by the interval that one feature falls in.</summary>
internal sealed class OneRuleModel(ModelHead head, int column, float[] uppers, double[] shares) : Model
{
    public const string KindName = "one-rule";

    public override string Kind => KindName;

    public override long ParameterCount => 1 + uppers.Length + shares.Length;

    public override double[] Importance
    {
        get
        {
            var importance = new double[head.Columns];
            importance[column] = 1;
            return importance;
        }
    }

    public override Predictions Predict(FeatureMatrix x)
    {
        head.Check(x);
        var dense = x.IsSparse ? Trees.TreeData.Densify(x, 0, x.Rows) : x;
        var values = new double[(long)x.Rows * head.Width];
        for (var row = 0; row < x.Rows; row++)
        {
            var value = dense.Dense![row * x.Columns + column];
            var interval = uppers.Length + 1;
            if (!float.IsNaN(value))
            {
                interval = Array.BinarySearch(uppers, value);
                interval = interval < 0 ? ~interval : interval;
            }

            shares.AsSpan(interval * head.Width, head.Width).CopyTo(values.AsSpan(row * head.Width));
        }

        return new Predictions(head.Task, head.Width, values);
    }

    public override void Write(ArchiveWriter archive)
    {
        var json = head.ToJson();
        json["feature"] = column;
        archive.WriteJson("model", json);
        archive.WriteArray("uppers", uppers);
        archive.WriteArray("shares", shares);
    }

    public static OneRuleModel Read(ArchiveReader archive)
    {
        var (head, json) = ModelHead.Read(archive);
        var column = json.Whole("feature");
        var uppers = archive.ReadFloats("uppers");
        if (column < 0 || column >= head.Columns)
        {
            throw new InvalidDataException($"model.json: there is no feature {column} among {head.Columns}");
        }

        return new OneRuleModel(head, column, uppers, StoredJson.Long(archive.ReadDoubles("shares"), (uppers.LongLength + 2) * head.Width, "shares"));
    }
}
