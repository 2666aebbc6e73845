using System.Text.Json.Nodes;
using Roux.Learning.Data;
using Roux.Learning.Features;
using Roux.Learning.Learners;
using Roux.Learning.Learners.Boosting;
using Roux.Learning.Pipelines;

namespace Roux.Torch.Learners.Mlp;

/// <summary>A fitted multilayer perceptron, or the mean of several. It predicts without libtorch.</summary>
internal sealed class MlpModel(ModelHead head, MlpShape shape, MlpInputs inputs, RegressionScale scale, IReadOnlyList<MlpWeights> members) : Model
{
    public const string KindName = "mlp";

    /// <summary>Multiplications below which threads are not worth their start.</summary>
    private const double MinParallelWork = 5e7;

    public override string Kind => KindName;

    public override long ParameterCount => members.Sum(member => member.Count);

    public override Predictions Predict(FeatureMatrix x)
    {
        head.Check(x);
        var values = new double[(long)x.Rows * head.Width];
        var threads = (double)x.Rows * ParameterCount > MinParallelWork ? Environment.ProcessorCount : 1;
        Loops.Blocks(x.Rows, MlpForward.BlockRows, threads, CancellationToken.None, (first, end, _) => Predict(x, first, end - first, values));
        return new Predictions(head.Task, head.Width, values);
    }

    public override void Write(ArchiveWriter archive)
    {
        var json = head.ToJson();
        json["shape"] = shape.ToJson();
        json["members"] = members.Count;
        json["scale"] = scale.ToJson();
        inputs.Write(json, archive);
        archive.WriteJson("model", json);
        for (var i = 0; i < members.Count; i++)
        {
            members[i].Write(archive.In($"member-{i}"));
        }
    }

    /// <exception cref="InvalidDataException">The parts do not fit together.</exception>
    public static MlpModel Read(ArchiveReader archive)
    {
        var (head, json) = ModelHead.Read(archive);
        var shape = MlpShape.FromJson(json["shape"] as JsonObject ?? throw new InvalidDataException("model.json: 'shape' is missing"));
        var count = json.Whole("members");
        var inputs = MlpInputs.Read(json, archive, head.Columns);
        if (count is < 1 or > 1000 || head.Task == TaskKind.Multilabel || shape.Outputs != (head.Width == 2 ? 1 : head.Width)
            || inputs.Encoded != (shape.Embedding == NumericEmbedding.PiecewiseLinear && inputs.Numeric > 0 ? shape.Encoded : 1))
        {
            throw new InvalidDataException($"model.json: {count} networks of {shape.Outputs} scores do not make a {head.Task} model of {head.Width} outputs");
        }

        return new MlpModel(head, shape, inputs, RegressionScale.FromJson(json["scale"]), [.. Enumerable.Range(0, count).Select(i => MlpWeights.Read(archive.In($"member-{i}"), shape, inputs))]);
    }

    private void Predict(FeatureMatrix x, int first, int rows, double[] values)
    {
        var scores = new float[rows * shape.Outputs];
        var probabilities = new double[shape.Outputs];
        foreach (var member in members)
        {
            MlpForward.Run(shape, inputs, member, x, first, rows, scores);
            for (var row = 0; row < rows; row++)
            {
                var target = values.AsSpan((first + row) * head.Width, head.Width);
                var own = scores.AsSpan(row * shape.Outputs, shape.Outputs);
                switch (head.Task)
                {
                    case TaskKind.Regression:
                        target[0] += scale.ToAnswer(own[0]) / members.Count;
                        break;
                    case TaskKind.Binary:
                        var (zero, one) = Probabilities.Logistic(own[0]);
                        target[0] += zero / members.Count;
                        target[1] += one / members.Count;
                        break;
                    default:
                        for (var k = 0; k < own.Length; k++)
                        {
                            probabilities[k] = own[k];
                        }

                        Probabilities.Softmax(probabilities);
                        for (var k = 0; k < own.Length; k++)
                        {
                            target[k] += probabilities[k] / members.Count;
                        }

                        break;
                }
            }
        }
    }
}
