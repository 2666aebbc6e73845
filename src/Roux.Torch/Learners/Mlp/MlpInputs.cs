using System.Text.Json.Nodes;
using Roux.Learning.Features;
using Roux.Learning.Learners;
using Roux.Learning.Pipelines;

namespace Roux.Torch.Learners.Mlp;

/// <summary>
/// Turns a row of features into what the network is given: features that are taken as they are (indicators, weights of terms), then the encodings of
/// the numeric ones; and the codes of the categories, 0 for a level that is missing or was not seen.
/// </summary>
/// <remarks>
/// Piecewise-linear encoding: bin t of a feature is 0 below its lower edge, 1 above its upper edge and the share of the way between; the first
/// bin goes on downwards and the last upwards, to one width beyond (Gorishniy, Rubachev and Babenko, On Embeddings for Numerical Features in
/// Tabular Deep Learning, NeurIPS 2022, section 3.2, with quantiles as edges).
/// </remarks>
internal sealed class MlpInputs
{
    /// <summary>Rows from which the edges of bins are taken at most.</summary>
    private const int MaxRowsForEdges = 50_000;

    private readonly int[] plain;
    private readonly int[] numeric;
    private readonly int[] categories;
    private readonly int[] levels;
    private readonly float[] lower;
    private readonly float[] perWidth;
    private readonly int[] bins;

    /// <summary>For sparse rows: what is made of a feature. Numeric: the place of its encoding; category: −1 − its number; plain: the place of its value, at or above 0.</summary>
    private readonly int[] place;
    private readonly int encoded;
    private readonly bool binned;

    private MlpInputs(int features, int[] plain, int[] numeric, int[] categories, int[] levels, int encoded, float[] lower, float[] perWidth, int[] bins)
    {
        (this.plain, this.numeric, this.categories, this.levels, this.encoded) = (plain, numeric, categories, levels, encoded);
        (this.lower, this.perWidth, this.bins) = (lower, perWidth, bins);
        binned = bins.Length > 0;
        place = new int[features];
        for (var i = 0; i < plain.Length; i++)
        {
            place[plain[i]] = i;
        }

        for (var i = 0; i < categories.Length; i++)
        {
            place[categories[i]] = -1 - i;
        }

        for (var i = 0; i < numeric.Length; i++)
        {
            place[numeric[i]] = plain.Length + i * encoded;
        }
    }

    /// <summary>Features that are taken as they are.</summary>
    public int Plain => plain.Length;

    /// <summary>Numeric features.</summary>
    public int Numeric => numeric.Length;

    /// <summary>Numbers that each numeric feature is encoded by.</summary>
    public int Encoded => encoded;

    /// <summary>Numbers a row.</summary>
    public int Width => plain.Length + numeric.Length * encoded;

    /// <summary>Per category: its codes, the one for unknown levels included.</summary>
    public IReadOnlyList<int> Levels => levels;

    /// <summary>Numbers that stand for a category of so many codes in the first layer (the rule of thumb of fast.ai).</summary>
    public static int EmbeddingOf(int levels) => (int)Math.Clamp(Math.Round(1.6 * Math.Pow(levels, 0.56)), 1, 50);

    /// <summary>Learns the inputs of a training set.</summary>
    /// <param name="x">Features.</param>
    /// <param name="bins">Most bins of the piecewise-linear encoding; 0 takes numbers as they are.</param>
    public static MlpInputs Of(FeatureMatrix x, int bins)
    {
        var (plain, numeric, categories) = (new List<int>(), new List<int>(), new List<int>());
        for (var j = 0; j < x.Columns; j++)
        {
            (x.Features[j].Kind switch { FeatureKind.Numeric => numeric, FeatureKind.Category => categories, _ => plain }).Add(j);
        }

        int[] levels = [.. categories.Select(j => x.Features[j].Levels + 1)];
        if (bins == 0 || numeric.Count == 0)
        {
            return new MlpInputs(x.Columns, [.. plain], [.. numeric], [.. categories], levels, 1, [], [], []);
        }

        var edges = Edges(x, numeric, bins);
        var most = edges.Max(each => each.Length - 1);
        var (lower, perWidth, counts) = (new float[numeric.Count * most], new float[numeric.Count * most], new int[numeric.Count]);
        for (var i = 0; i < numeric.Count; i++)
        {
            counts[i] = edges[i].Length - 1;
            for (var t = 0; t < counts[i]; t++)
            {
                lower[i * most + t] = edges[i][t];
                perWidth[i * most + t] = 1 / (edges[i][t + 1] - edges[i][t]);
            }
        }

        return new MlpInputs(x.Columns, [.. plain], [.. numeric], [.. categories], levels, most, lower, perWidth, counts);
    }

    /// <summary>Makes the numbers and codes of one row.</summary>
    /// <param name="x">Features.</param>
    /// <param name="row">The row.</param>
    /// <param name="numbers"><see cref="Width"/> numbers.</param>
    /// <param name="codes">One a category.</param>
    public void Fill(FeatureMatrix x, int row, Span<float> numbers, Span<int> codes)
    {
        if (x.Dense is { } dense)
        {
            var values = dense.AsSpan(row * x.Columns, x.Columns);
            for (var j = 0; j < values.Length; j++)
            {
                Put(j, values[j], numbers, codes);
            }

            return;
        }

        numbers.Clear();
        for (var i = 0; i < categories.Length; i++)
        {
            codes[i] = Code(i, 0); // a stored row leaves zeros out, and 0 is the first level
        }

        for (var i = 0; i < numeric.Length && binned; i++)
        {
            Encode(i, 0, numbers.Slice(plain.Length + i * encoded, encoded));
        }

        for (var k = x.RowStarts![row]; k < x.RowStarts[row + 1]; k++)
        {
            Put(x.Indices![k], x.Values![k], numbers, codes);
        }
    }

    /// <summary>Writes what <see cref="Read"/> needs.</summary>
    public void Write(JsonObject json, ArchiveWriter archive)
    {
        json["encoded_numbers"] = encoded;
        archive.WriteArray("plain", plain);
        archive.WriteArray("numeric", numeric);
        archive.WriteArray("categories", categories);
        archive.WriteArray("levels", levels);
        archive.WriteArray("bins", bins);
        archive.WriteArray("lower", lower);
        archive.WriteArray("per_width", perWidth);
    }

    /// <exception cref="InvalidDataException">The parts do not fit together.</exception>
    public static MlpInputs Read(JsonObject json, ArchiveReader archive, int features)
    {
        var encoded = json.Whole("encoded_numbers");
        var (plain, numeric, categories) = (archive.ReadInts("plain"), archive.ReadInts("numeric"), archive.ReadInts("categories"));
        var levels = StoredJson.Long(archive.ReadInts("levels"), categories.Length, "levels");
        var bins = archive.ReadInts("bins");
        var all = plain.Concat(numeric).Concat(categories).Order().ToArray();
        if (encoded is < 1 or > 1 << 16 || all.Length != features || !all.SequenceEqual(Enumerable.Range(0, features)) || levels.Any(count => count < 1)
            || (bins.Length == 0 ? encoded != 1 : bins.Length != numeric.Length || bins.Any(count => count < 1 || count > encoded)))
        {
            throw new InvalidDataException("plain.npy, numeric.npy, categories.npy, levels.npy and bins.npy do not describe the model's features");
        }

        var edges = bins.Length == 0 ? 0 : (long)numeric.Length * encoded;
        return new MlpInputs(features, plain, numeric, categories, levels, encoded, StoredJson.Long(archive.ReadFloats("lower"), edges, "lower"), StoredJson.Long(archive.ReadFloats("per_width"), edges, "per_width"), bins);
    }

    private void Put(int feature, float value, Span<float> numbers, Span<int> codes)
    {
        var at = place[feature];
        if (at < 0)
        {
            codes[-1 - at] = Code(-1 - at, value);
        }
        else if (at >= plain.Length && binned)
        {
            Encode((at - plain.Length) / encoded, value, numbers.Slice(at, encoded));
        }
        else
        {
            numbers[at] = value;
        }
    }

    private int Code(int category, float value) => value >= 0 && value < levels[category] - 1 ? (int)value + 1 : 0;

    private void Encode(int number, float value, Span<float> target)
    {
        var first = number * encoded;
        var last = bins[number] - 1;
        for (var t = 0; t <= last; t++)
        {
            var share = (value - lower[first + t]) * perWidth[first + t];
            target[t] = Math.Clamp(share, t == 0 ? -1 : 0, t == last ? 2 : 1);
        }

        target[(last + 1)..].Clear();
    }

    /// <summary>Quantiles of each numeric feature, without repetitions; at least two.</summary>
    private static float[][] Edges(FeatureMatrix x, List<int> numeric, int bins)
    {
        var rows = Math.Min(x.Rows, MaxRowsForEdges);
        var values = new float[numeric.Count][];
        var index = new int[x.Columns];
        Array.Fill(index, -1);
        for (var i = 0; i < numeric.Count; i++)
        {
            values[i] = new float[rows];
            index[numeric[i]] = i;
        }

        for (var r = 0; r < rows; r++)
        {
            var row = (int)((long)r * x.Rows / rows);
            if (x.Dense is { } dense)
            {
                for (var i = 0; i < numeric.Count; i++)
                {
                    values[i][r] = dense[(long)row * x.Columns + numeric[i]];
                }
            }
            else
            {
                for (var k = x.RowStarts![row]; k < x.RowStarts[row + 1]; k++)
                {
                    if (index[x.Indices![k]] is var i and >= 0)
                    {
                        values[i][r] = x.Values![k];
                    }
                }
            }
        }

        return Array.ConvertAll(values, each => Quantiles(each, bins));
    }

    private static float[] Quantiles(float[] values, int bins)
    {
        Array.Sort(values);
        var edges = new List<float>();
        for (var t = 0; t <= bins; t++)
        {
            var value = values[(int)((long)(values.Length - 1) * t / bins)];
            if (edges.Count == 0 || value - edges[^1] > 1e-6f * Math.Max(1, Math.Abs(value)))
            {
                edges.Add(value);
            }
        }

        if (edges.Count == 1)
        {
            edges.Add(edges[0] + 1);
        }

        return [.. edges];
    }
}
