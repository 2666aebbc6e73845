using System.Globalization;
using System.Text;

namespace Roux.Learning.Learners.Boosting;

/// <summary>Reads LightGBM's text form of a model (versions v3 and v4). The text is not trusted: every count and index is checked.</summary>
internal static class LightGbmText
{
    private const int MaxLeaves = 1 << 20;

    /// <summary>The trees of a model text.</summary>
    /// <param name="text">The text.</param>
    /// <param name="withCovers">Whether to read the number of training rows at each node too, where it is told; predicting does not need it.</param>
    /// <exception cref="InvalidDataException">Not such a text, or damaged.</exception>
    public static TreeEnsemble Parse(ReadOnlySpan<byte> text, bool withCovers = false)
    {
        try
        {
            var lines = new Reader(text);
            return ParseLines(ref lines, withCovers);
        }
        catch (Exception e) when (e is FormatException or OverflowException or ArgumentException or IndexOutOfRangeException)
        {
            throw new InvalidDataException($"not a LightGBM model text: {e.Message}", e);
        }
    }

    /// <summary>Cuts off the echo of the parameters: it holds the number of threads, which does not belong to the model.</summary>
    public static byte[] WithoutParameters(ReadOnlySpan<byte> text)
    {
        var end = text.IndexOf("\nparameters:"u8);
        return end < 0 ? text.ToArray() : text[..(end + 1)].ToArray();
    }

    private static TreeEnsemble ParseLines(ref Reader lines, bool withCovers)
    {
        var header = lines.Section("tree");
        var features = checked(Int(header, "max_feature_idx") + 1);
        var outputs = Int(header, "num_tree_per_iteration");
        var builder = new TreeEnsemble.Builder(features, outputs);
        for (var tree = 0; ; tree++)
        {
            var fields = lines.Section($"Tree={tree.ToString(CultureInfo.InvariantCulture)}", orElse: "end of trees");
            if (fields.Count == 0)
            {
                return builder.Build(new double[outputs]);
            }

            AddTree(builder, fields, ref lines, withCovers);
        }
    }

    private static void AddTree(TreeEnsemble.Builder builder, Dictionary<string, Range> fields, ref Reader lines, bool withCovers)
    {
        var leaves = lines.Int(fields, "num_leaves");
        if (leaves is < 1 or > MaxLeaves)
        {
            throw new InvalidDataException($"a tree of {leaves} leaves is not possible");
        }

        if (fields.ContainsKey("is_linear") && lines.Int(fields, "is_linear") != 0)
        {
            throw new InvalidDataException("linear trees are not supported");
        }

        var splits = leaves - 1;
        builder.BeginTree(splits);
        foreach (var value in lines.Doubles(fields, "leaf_value", leaves))
        {
            builder.AddLeaf(value);
        }

        if (splits > 0)
        {
            AddSplits(builder, fields, ref lines, splits);
        }

        if (withCovers && splits == 0)
        {
            builder.AddCovers([], [1]); // the text leaves the count of a lone leaf out or at 0
        }
        else if (withCovers && fields.ContainsKey("internal_count") && fields.ContainsKey("leaf_count"))
        {
            builder.AddCovers(lines.Doubles(fields, "internal_count", splits), lines.Doubles(fields, "leaf_count", leaves));
        }

        builder.EndTree();
    }

    private static void AddSplits(TreeEnsemble.Builder builder, Dictionary<string, Range> fields, ref Reader lines, int splits)
    {
        var feature = lines.Doubles(fields, "split_feature", splits);
        var gain = lines.Doubles(fields, "split_gain", splits);
        var threshold = lines.Doubles(fields, "threshold", splits);
        var decision = lines.Doubles(fields, "decision_type", splits);
        var left = lines.Doubles(fields, "left_child", splits);
        var right = lines.Doubles(fields, "right_child", splits);
        var sets = lines.Int(fields, "num_cat");
        var boundaries = sets > 0 ? lines.Doubles(fields, "cat_boundaries", checked(sets + 1)) : [];
        var words = sets > 0 ? lines.Doubles(fields, "cat_threshold", Index(boundaries[^1])) : [];
        for (var i = 0; i < splits; i++)
        {
            var kind = Index(decision[i]);
            if ((kind & 1) != 0)
            {
                var set = Index(threshold[i]);
                var members = Array.ConvertAll(words[Index(boundaries[set])..Index(boundaries[set + 1])], word => checked((uint)word));
                builder.AddCategorySplit(Index(feature[i]), members, defaultLeft: false, Child(left[i]), Child(right[i]), gain[i]);
            }
            else
            {
                var missing = (TreeEnsemble.MissingKind)(kind >> 2 & 3);
                if (missing > TreeEnsemble.MissingKind.NaN)
                {
                    throw new InvalidDataException($"decision type {kind} is unknown");
                }

                builder.AddThresholdSplit(Index(feature[i]), threshold[i], missing, (kind & 2) != 0, Child(left[i]), Child(right[i]), gain[i]);
            }
        }
    }

    private static int Index(double value) => value >= 0 ? Child(value) : throw new FormatException($"{value} is not an index");

    private static int Child(double value) => value == Math.Floor(value) ? checked((int)value) : throw new FormatException($"{value} is not an index");

    private static int Int(Dictionary<string, string> header, string name) =>
        header.TryGetValue(name, out var text) ? int.Parse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture)
        : throw new FormatException($"'{name}' is missing");

    /// <summary>Walks the lines of the text without copying it.</summary>
    private ref struct Reader(ReadOnlySpan<byte> text)
    {
        private readonly ReadOnlySpan<byte> text = text;
        private int position;

        /// <summary>Reads the section of that first line as names and values.</summary>
        public Dictionary<string, string> Section(string first)
        {
            var header = new Dictionary<string, string>(StringComparer.Ordinal);
            foreach (var (name, range) in Section(first, orElse: null))
            {
                header[name] = Encoding.UTF8.GetString(text[range]);
            }

            return header;
        }

        /// <summary>Reads the section of that first line as names and the places of values; an empty one when it is <paramref name="orElse"/> instead.</summary>
        public Dictionary<string, Range> Section(string first, string? orElse)
        {
            var title = NextLine();
            while (title.Start.Value == title.End.Value && position < text.Length)
            {
                title = NextLine();
            }

            var fields = new Dictionary<string, Range>(StringComparer.Ordinal);
            var found = Encoding.UTF8.GetString(text[title][..Math.Min(text[title].Length, 40)]);
            if (found == orElse)
            {
                return fields;
            }

            if (found != first)
            {
                throw new FormatException($"expected '{first}', found '{found}'");
            }

            for (var line = NextLine(); line.Start.Value != line.End.Value; line = NextLine())
            {
                var equals = text[line].IndexOf((byte)'=');
                if (equals > 0)
                {
                    fields[Encoding.UTF8.GetString(text[line][..equals])] = (line.Start.Value + equals + 1)..line.End;
                }
            }

            return fields.Count > 0 ? fields : throw new FormatException($"'{first}' is empty");
        }

        public readonly int Int(Dictionary<string, Range> fields, string name) => Child(Doubles(fields, name, 1)[0]);

        public readonly double[] Doubles(Dictionary<string, Range> fields, string name, int count)
        {
            if (!fields.TryGetValue(name, out var range))
            {
                throw new FormatException($"'{name}' is missing");
            }

            var rest = text[range];
            if (count > rest.Length)
            {
                throw new FormatException($"'{name}' is too short for {count} numbers");
            }

            var values = new double[count];
            for (var i = 0; i < count; i++)
            {
                rest = rest.TrimStart((byte)' ');
                var end = rest.IndexOf((byte)' ');
                var token = end < 0 ? rest : rest[..end];
                if (token.SequenceEqual("inf"u8))
                {
                    values[i] = double.PositiveInfinity; // the threshold that parts the missing from all others
                }
                else if (!double.TryParse(token, NumberStyles.Float, CultureInfo.InvariantCulture, out values[i]))
                {
                    throw new FormatException($"'{name}' does not hold {count} numbers but '{Encoding.UTF8.GetString(token[..Math.Min(token.Length, 40)])}'");
                }

                rest = rest[token.Length..];
            }

            return rest.TrimStart((byte)' ').IsEmpty ? values : throw new FormatException($"'{name}' holds more than {count} numbers");
        }

        private Range NextLine()
        {
            var start = position;
            var length = text[start..].IndexOf((byte)'\n');
            var end = length < 0 ? text.Length : start + length;
            position = Math.Min(text.Length, end + 1);
            return start..(end > start && text[end - 1] == (byte)'\r' ? end - 1 : end);
        }
    }
}
