using System.Text.Json.Nodes;
using Roux.Learning.Data;
using Roux.Learning.Features;
using Roux.Learning.Learners.Baselines;
using Roux.Learning.Pipelines;

namespace Roux.Learning.Learners;

/// <summary>
/// Fits on the classes that occur with weight in the training rows (a fold may lack a rare one), where a family has no finite answer for a class without rows.
/// The absent classes get probability 0.
/// </summary>
internal static class PresentClasses
{
    /// <param name="training">Binary or multiclass.</param>
    /// <param name="weights">One per row.</param>
    /// <param name="fit">Given a target whose classes all occur; rows of weight 0 of an absent class are left out.</param>
    public static Model Fit(TrainingSet training, double[] weights, Func<TrainingSet, double[], Model> fit)
    {
        var totals = RowWeights.PerClass(training.Y, weights);
        var present = Enumerable.Range(0, totals.Length).Where(k => totals[k] > 0).ToArray();
        if (present.Length == totals.Length)
        {
            return fit(training, weights);
        }

        if (present.Length == 1)
        {
            return ConstantModel.OfDistribution(training with { Weights = weights });
        }

        var place = new int[totals.Length];
        Array.Fill(place, -1);
        for (var i = 0; i < present.Length; i++)
        {
            place[present[i]] = i;
        }

        var rows = Enumerable.Range(0, training.Y.Count).Where(row => place[training.Y.Labels[row]] >= 0).ToArray();
        var y = Target.Classification([.. rows.Select(row => place[training.Y.Labels[row]])], [.. present.Select(k => training.Y.Classes[k])]);
        var inner = fit(new TrainingSet(training.X.Take(rows), y), [.. rows.Select(row => weights[row])]);
        return new PresentClassesModel(inner, present, ModelHead.Of(training));
    }
}

/// <summary>A model of some of the classes; the others have probability 0.</summary>
internal sealed class PresentClassesModel(Model inner, int[] present, ModelHead head) : Model
{
    public const string KindName = "present-classes";

    public override string Kind => KindName;

    public override long ParameterCount => inner.ParameterCount;

    public override double[]? Importance => inner.Importance;

    public override Predictions Predict(FeatureMatrix x)
    {
        var some = inner.Predict(x);
        var values = new double[(long)x.Rows * head.Width];
        for (var row = 0; row < x.Rows; row++)
        {
            for (var i = 0; i < present.Length; i++)
            {
                values[(long)row * head.Width + present[i]] = some.Values[(long)row * present.Length + i];
            }
        }

        return new Predictions(head.Task, head.Width, values);
    }

    public override void Write(ArchiveWriter archive)
    {
        var json = head.ToJson();
        json["present"] = new JsonArray([.. present.Select(k => (JsonNode)k)]);
        json["kind"] = inner.Kind;
        archive.WriteJson("model", json);
        inner.Write(archive.In("inner"));
    }

    public static PresentClassesModel Read(ArchiveReader archive)
    {
        var (head, json) = ModelHead.Read(archive);
        var present = json.Wholes("present");
        var kind = json.Text("kind");
        if (present.Length < 2 || present.Any(k => k < 0 || k >= head.Width) || kind is KindName or OneVsRestModel.KindName)
        {
            throw new InvalidDataException("model.json: 'present' does not list classes of the model");
        }

        return new PresentClassesModel(ModelCatalog.Read(kind, archive.In("inner")), present, head);
    }
}
