using Roux.Learning.Data;
using Roux.Learning.Features;
using Roux.Learning.Pipelines;

namespace Roux.Learning.Learners.Kernels;

/// <summary>Support vectors and their coefficients per output.</summary>
internal sealed class RbfSvmModel : Model
{
    public const string KindName = "svm-rbf";

    private readonly ModelHead head;
    private readonly double gamma;
    private readonly FeatureMatrix support;
    private readonly double[] coefficients;
    private readonly double[] intercepts;
    private readonly double[] lengths;

    /// <param name="head">Task and shape.</param>
    /// <param name="gamma">Inverse width of the kernel.</param>
    /// <param name="support">Support vectors.</param>
    /// <param name="coefficients">Vectors x outputs; one output for two classes.</param>
    /// <param name="intercepts">One per output.</param>
    public RbfSvmModel(ModelHead head, double gamma, FeatureMatrix support, double[] coefficients, double[] intercepts)
    {
        (this.head, this.gamma, this.support, this.coefficients, this.intercepts) = (head, gamma, support, coefficients, intercepts);
        lengths = RbfKernel.Lengths(support);
    }

    public override string Kind => KindName;

    public override long ParameterCount => (support.Dense ?? support.Values!).LongLength + coefficients.LongLength + intercepts.Length;

    public override Predictions Predict(FeatureMatrix x)
    {
        head.Check(x);
        var values = new double[(long)x.Rows * head.Width];
        var own = RbfKernel.Lengths(x);
        var threads = (double)x.Rows * support.Rows > 1e6 ? Environment.ProcessorCount : 1;
        Loops.Blocks(x.Rows, 64, threads, CancellationToken.None, (first, end, _) =>
        {
            var full = new double[x.Columns];
            var kernel = new float[support.Rows];
            var scores = new double[intercepts.Length];
            for (var row = first; row < end; row++)
            {
                RbfKernel.Fill(x, row, full);
                RbfKernel.Row(full, own[row], support, lengths, gamma, kernel);
                intercepts.CopyTo(scores, 0);
                for (var i = 0; i < kernel.Length; i++)
                {
                    for (var k = 0; k < scores.Length; k++)
                    {
                        scores[k] += kernel[i] * coefficients[i * scores.Length + k];
                    }
                }

                var target = values.AsSpan(row * head.Width, head.Width);
                if (scores.Length == 1)
                {
                    (target[0], target[1]) = Probabilities.Logistic(scores[0]);
                }
                else
                {
                    Probabilities.Softmax(scores);
                    scores.CopyTo(target);
                }
            }
        });
        return new Predictions(head.Task, head.Width, values);
    }

    public override void Write(ArchiveWriter archive)
    {
        var json = head.ToJson();
        json["gamma"] = gamma;
        json["vectors"] = support.Rows;
        archive.WriteJson("model", json);
        StoredRows.Write(archive, support);
        archive.WriteArray("coefficients", coefficients);
        archive.WriteArray("intercepts", intercepts);
    }

    public static RbfSvmModel Read(ArchiveReader archive)
    {
        var (head, json) = ModelHead.Read(archive);
        var (gamma, vectors) = (json.Number("gamma"), json.Whole("vectors"));
        if (!(gamma > 0) || vectors < 0 || head.Task is not TaskKind.Binary and not TaskKind.Multiclass)
        {
            throw new InvalidDataException($"model.json: gamma {gamma} and {vectors} vectors do not make a {head.Task} machine");
        }

        var outputs = head.Width == 2 ? 1 : head.Width;
        return new RbfSvmModel(
            head,
            gamma,
            StoredRows.Read(archive, vectors, head.Columns),
            StoredJson.Long(archive.ReadDoubles("coefficients"), (long)vectors * outputs, "coefficients"),
            StoredJson.Long(archive.ReadDoubles("intercepts"), outputs, "intercepts"));
    }
}
