using System.Globalization;
using System.Text.Json.Nodes;
using Roux.Learning.Data;
using Roux.Learning.Features;
using Roux.Learning.Pipelines;

namespace Roux.Learning.Learners.Boosting;

/// <summary>The stored form of one boosting library.</summary>
/// <param name="Kind">Kind of the model, and stem of its files.</param>
/// <param name="Extension">Of its files, with the dot.</param>
/// <param name="Parse">Reads a file's bytes, trusting nothing; is told whether zeros are missing and whether to read the covers of nodes.</param>
internal sealed record BoostingFormat(string Kind, string Extension, Func<byte[], bool, bool, TreeEnsemble> Parse)
{
    /// <summary>LightGBM's text.</summary>
    public static BoostingFormat LightGbm { get; } = new("lightgbm", ".txt", (bytes, _, covers) => LightGbmText.Parse(bytes, covers));

    /// <summary>XGBoost's JSON.</summary>
    public static BoostingFormat XGBoost { get; } = new("xgboost", ".json", XGBoostJson.Parse);

    /// <summary>Name of the file of a member.</summary>
    public string FileName(int member) => $"{Kind}{(member == 0 ? "" : $"-{(member + 1).ToString(CultureInfo.InvariantCulture)}")}{Extension}";
}

/// <summary>
/// Boosted trees, or the average of several such models. Scored by <see cref="TreeEnsemble"/>, so that the native library is needed for
/// training alone; stored in the native library's own form, so that other languages can read it.
/// </summary>
internal sealed class BoostedTreesModel : Model
{
    private const long ParallelWork = 2_000_000;
    private const int MaxMembers = 1000;

    private readonly BoostingFormat format;
    private readonly ModelHead head;
    private readonly RegressionScale scale;
    private readonly bool zeroIsMissing;
    private readonly byte[][] members;
    private readonly TreeEnsemble[] ensembles;

    /// <param name="format">Form of <paramref name="members"/>.</param>
    /// <param name="head">Task (binary, multiclass or regression) and shape.</param>
    /// <param name="scale">For regression: back to the unit of the answers.</param>
    /// <param name="zeroIsMissing">Whether the library took zeros as missing.</param>
    /// <param name="members">Stored models whose raw scores are averaged; at least one.</param>
    /// <exception cref="InvalidDataException">A member is damaged, or is not of that shape.</exception>
    public BoostedTreesModel(BoostingFormat format, ModelHead head, RegressionScale scale, bool zeroIsMissing, byte[][] members)
    {
        (this.format, this.head, this.scale, this.zeroIsMissing, this.members) = (format, head, scale, zeroIsMissing, members);
        ensembles = Array.ConvertAll(members, member => format.Parse(member, zeroIsMissing, false));
        var outputs = head.Task == TaskKind.Multiclass ? head.Width : 1;
        if (head.Task == TaskKind.Multilabel || ensembles.Length == 0 || ensembles.Any(e => e.Outputs != outputs || e.Features != head.Columns))
        {
            throw new InvalidDataException($"the stored trees do not make a {head.Task} model of {head.Columns} features and {head.Width} outputs");
        }
    }

    /// <inheritdoc/>
    public override string Kind => format.Kind;

    /// <summary>Rounds of boosting, of the first member.</summary>
    public int Rounds => ensembles[0].Trees / ensembles[0].Outputs;

    /// <summary>The stored form of a member.</summary>
    internal ReadOnlyMemory<byte> Member(int index) => members[index];

    /// <summary>Models whose raw scores are averaged.</summary>
    internal int Members => members.Length;

    /// <summary>Features of a row.</summary>
    internal int Columns => head.Columns;

    /// <summary>The kind of task.</summary>
    internal TaskKind Task => head.Task;

    /// <summary>For regression: from raw scores to answers.</summary>
    internal RegressionScale Scale => scale;

    /// <summary>Whether the library took zeros as missing.</summary>
    internal bool ZeroIsMissing => zeroIsMissing;

    /// <summary>The trees of each member with the covers of their nodes, read again since predicting does without; <c>null</c> where they are not stored.</summary>
    internal TreeEnsemble.Walk[]? Walks()
    {
        var walks = members.Select(member => format.Parse(member, zeroIsMissing, true).Walks).ToArray();
        return walks.All(walk => walk is not null) ? [.. walks.Select(walk => walk!.Value)] : null;
    }

    /// <summary>The trees.</summary>
    internal IReadOnlyList<TreeEnsemble> Ensembles => ensembles;

    /// <inheritdoc/>
    public override double[] Importance
    {
        get
        {
            var total = new double[head.Columns];
            foreach (var ensemble in ensembles)
            {
                var gain = ensemble.GainByFeature();
                for (var i = 0; i < total.Length; i++)
                {
                    total[i] += gain[i] / ensembles.Length;
                }
            }

            return total;
        }
    }

    /// <summary>One value for each leaf, and a feature and a threshold for each split.</summary>
    public override long ParameterCount => ensembles.Sum(e => e.Leaves + 2L * e.Splits);

    /// <inheritdoc/>
    public override Predictions Predict(FeatureMatrix x)
    {
        head.Check(x);

        var outputs = ensembles[0].Outputs;
        var values = new double[x.Rows * head.Width];
        var work = (long)x.Rows * ensembles.Sum(e => (long)e.Trees);
        var chunk = work < ParallelWork ? Math.Max(1, x.Rows) : Math.Max(256, (int)(x.Rows * (ParallelWork / 4) / work));
        var chunks = (x.Rows + chunk - 1) / chunk;
        if (chunks == 1)
        {
            PredictRows(x, 0, x.Rows, outputs, values);
        }
        else
        {
            Parallel.For(0, chunks, new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount }, i => PredictRows(x, i * chunk, Math.Min(x.Rows, (i + 1) * chunk), outputs, values));
        }

        return new Predictions(head.Task, head.Width, values);
    }

    private void PredictRows(FeatureMatrix x, int from, int to, int outputs, double[] values)
    {
        const int SparseBlock = 32;
        var scores = new double[(to - from) * outputs];
        if (x.Dense is not null)
        {
            AddAll(x.Dense.AsSpan(from * x.Columns, (to - from) * x.Columns), scores);
        }
        else
        {
            var buffer = new float[Math.Min(SparseBlock, to - from) * x.Columns];
            for (var start = from; start < to; start += SparseBlock)
            {
                var count = Math.Min(SparseBlock, to - start);
                Array.Clear(buffer);
                for (var row = start; row < start + count; row++)
                {
                    for (var i = x.RowStarts![row]; i < x.RowStarts[row + 1]; i++)
                    {
                        buffer[(row - start) * x.Columns + x.Indices![i]] = x.Values![i];
                    }
                }

                AddAll(buffer.AsSpan(0, count * x.Columns), scores.AsSpan((start - from) * outputs, count * outputs));
            }
        }

        for (var row = from; row < to; row++)
        {
            Link(scores.AsSpan((row - from) * outputs, outputs), values.AsSpan(row * head.Width, head.Width));
        }
    }

    private void AddAll(ReadOnlySpan<float> rows, Span<double> scores)
    {
        foreach (var ensemble in ensembles)
        {
            ensemble.AddScores(rows, scores, 1.0 / ensembles.Length);
        }
    }

    /// <summary>From raw scores to probabilities or an answer.</summary>
    private void Link(ReadOnlySpan<double> scores, Span<double> output)
    {
        switch (head.Task)
        {
            case TaskKind.Binary:
                output[1] = 1 / (1 + Math.Exp(-scores[0]));
                output[0] = 1 - output[1];
                break;
            case TaskKind.Regression:
                output[0] = scale.ToAnswer(scores[0]);
                break;
            default:
                var highest = double.NegativeInfinity;
                foreach (var score in scores)
                {
                    highest = Math.Max(highest, score);
                }

                var sum = 0.0;
                for (var k = 0; k < scores.Length; k++)
                {
                    sum += output[k] = Math.Exp(scores[k] - highest);
                }

                for (var k = 0; k < scores.Length; k++)
                {
                    output[k] /= sum;
                }

                break;
        }
    }

    /// <inheritdoc/>
    public override void Write(ArchiveWriter archive)
    {
        var json = head.ToJson();
        json["zero_is_missing"] = zeroIsMissing;
        json["members"] = members.Length;
        json["scale"] = scale.ToJson();
        archive.WriteJson("model", json);
        for (var member = 0; member < members.Length; member++)
        {
            archive.WriteBytes(format.FileName(member), members[member]);
        }
    }

    /// <summary>Reads what <see cref="Write"/> wrote.</summary>
    /// <exception cref="InvalidDataException">Parts are missing, damaged, or do not fit together.</exception>
    public static BoostedTreesModel Read(BoostingFormat format, ArchiveReader archive)
    {
        var (head, json) = ModelHead.Read(archive);
        var count = json.Whole("members");
        if (count is < 1 or > MaxMembers)
        {
            throw new InvalidDataException($"model.json: a {format.Kind} model of {count} members is not possible");
        }

        if (json["zero_is_missing"] is not JsonValue flag || !flag.TryGetValue(out bool zeroIsMissing))
        {
            throw new InvalidDataException("model.json: 'zero_is_missing' is not true or false");
        }

        var members = new byte[count][];
        for (var member = 0; member < count; member++)
        {
            members[member] = archive.ReadBytes(format.FileName(member));
        }

        return new BoostedTreesModel(format, head, RegressionScale.FromJson(json["scale"]), zeroIsMissing, members);
    }
}
