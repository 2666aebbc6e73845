using System.Text.Json.Nodes;
using Roux.Learning.Data;
using Roux.Learning.Features;
using Roux.Learning.Pipelines;

namespace Roux.Learning.Learners.Neighbours;

/// <summary>The training rows and their answers.</summary>
internal sealed class NeighboursModel : Model
{
    public const string KindName = "neighbours";

    private readonly ModelHead head;
    private readonly Metric metric;
    private readonly int k;
    private readonly bool byDistance;
    private readonly FeatureMatrix training;
    private readonly double[] answers;
    private readonly double[] weights;
    private readonly Lazy<IRowSearch> search;

    /// <param name="head">Task and shape.</param>
    /// <param name="metric">How far apart rows are.</param>
    /// <param name="k">How many neighbours have a say.</param>
    /// <param name="byDistance">Whether nearer ones have more.</param>
    /// <param name="training">Training rows.</param>
    /// <param name="answers">Their numbers or classes.</param>
    /// <param name="weights">Their weights, above 0.</param>
    public NeighboursModel(ModelHead head, Metric metric, int k, bool byDistance, FeatureMatrix training, double[] answers, double[] weights)
    {
        (this.head, this.metric, this.k, this.byDistance) = (head, metric, Math.Min(k, training.Rows), byDistance);
        (this.training, this.answers, this.weights) = (training, answers, weights);
        search = new Lazy<IRowSearch>(() => training.IsSparse ? new SparseRowSearch(training, metric) : new DenseRowSearch(training, metric));
    }

    public override string Kind => KindName;

    public override long ParameterCount => (training.Dense ?? training.Values!).LongLength + answers.Length;

    public override Predictions Predict(FeatureMatrix x)
    {
        head.Check(x);
        var values = new double[(long)x.Rows * head.Width];
        var threads = (double)x.Rows * training.Rows > 1e6 ? Environment.ProcessorCount : 1;
        var form = training.IsSparse == x.IsSparse ? x : training.IsSparse ? Compress(x) : Trees.TreeData.Densify(x, 0, x.Rows);
        Loops.Blocks(x.Rows, 64, threads, CancellationToken.None, (first, end, _) =>
        {
            var nearest = new NearestRows(k);
            var query = search.Value.Query();
            for (var row = first; row < end; row++)
            {
                nearest.Clear();
                query.Find(form, row, nearest);
                Vote(nearest, values.AsSpan(row * head.Width, head.Width));
            }
        });
        return new Predictions(head.Task, head.Width, values);
    }

    public override void Write(ArchiveWriter archive)
    {
        var json = head.ToJson();
        json["metric"] = metric.ToString().ToLowerInvariant();
        json["k"] = k;
        json["by_distance"] = byDistance;
        archive.WriteJson("model", json);
        archive.WriteArray("answers", answers);
        archive.WriteArray("weights", weights);
        StoredRows.Write(archive, training);
    }

    public static NeighboursModel Read(ArchiveReader archive)
    {
        var (head, json) = ModelHead.Read(archive);
        var answers = archive.ReadDoubles("answers");
        var weights = StoredJson.Long(archive.ReadDoubles("weights"), answers.Length, "weights");
        if (answers.Length == 0 || (head.Task != TaskKind.Regression && answers.Any(answer => !(answer >= 0 && answer < head.Width))))
        {
            throw new InvalidDataException("answers.npy: there are no rows, or one of a class that the model does not have");
        }

        if (!Enum.TryParse<Metric>(json.Text("metric"), ignoreCase: true, out var metric) || !Enum.IsDefined(metric) || json.Whole("k") < 1)
        {
            throw new InvalidDataException($"model.json: metric '{json.Text("metric")}' with k {json.Whole("k")} is not known");
        }

        var byDistance = json["by_distance"] is JsonValue flag && flag.TryGetValue(out bool nearer) && nearer;
        return new NeighboursModel(head, metric, json.Whole("k"), byDistance, StoredRows.Read(archive, answers.Length, head.Columns), answers, weights);
    }

    private void Vote(NearestRows nearest, Span<double> outputs)
    {
        var exact = byDistance && nearest.Distances[0] == 0;
        var total = 0.0;
        for (var i = 0; i < nearest.Count; i++)
        {
            var (distance, row) = (nearest.Distances[i], nearest.Rows[i]);
            var say = weights[row] * (!byDistance ? 1 : exact ? (distance == 0 ? 1 : 0) : nearest.Distances[0] / distance);
            total += say;
            if (head.Task == TaskKind.Regression)
            {
                outputs[0] += say * answers[row];
            }
            else
            {
                outputs[(int)answers[row]] += say;
            }
        }

        foreach (ref var output in outputs)
        {
            output /= total;
        }
    }

    private static FeatureMatrix Compress(FeatureMatrix x)
    {
        var starts = new long[x.Rows + 1];
        var (indices, values) = (new List<int>(), new List<float>());
        for (var row = 0; row < x.Rows; row++)
        {
            for (var j = 0; j < x.Columns; j++)
            {
                if (x.Dense![row * x.Columns + j] != 0)
                {
                    indices.Add(j);
                    values.Add(x.Dense[row * x.Columns + j]);
                }
            }

            starts[row + 1] = values.Count;
        }

        return FeatureMatrix.FromSparse(x.Features, starts, [.. indices], [.. values]);
    }
}
