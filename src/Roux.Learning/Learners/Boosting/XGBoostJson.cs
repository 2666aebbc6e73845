using System.Globalization;
using System.Text.Json;

namespace Roux.Learning.Learners.Boosting;

/// <summary>Reads XGBoost's JSON form of a model (version 1.7 and later). The text is not trusted: every count and index is checked.</summary>
internal static class XGBoostJson
{
    /// <summary>The trees of a model.</summary>
    /// <param name="bytes">The text.</param>
    /// <param name="zeroIsMissing">Whether the model was fitted on a sparse matrix, whose absent entries XGBoost takes as missing.</param>
    /// <param name="withCovers">Whether to read the weight (sum of hessians) at each node too, where it is told; predicting does not need it.</param>
    /// <exception cref="InvalidDataException">Not such a text, or damaged.</exception>
    public static TreeEnsemble Parse(byte[] bytes, bool zeroIsMissing, bool withCovers = false)
    {
        try
        {
            using var document = JsonDocument.Parse(bytes);
            return Read(document.RootElement.GetProperty("learner"), zeroIsMissing ? TreeEnsemble.MissingKind.Zero : TreeEnsemble.MissingKind.NaN, withCovers);
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException or FormatException or OverflowException or IndexOutOfRangeException)
        {
            throw new InvalidDataException($"not an XGBoost model: {e.Message}", e);
        }
    }

    private static TreeEnsemble Read(JsonElement learner, TreeEnsemble.MissingKind missing, bool withCovers)
    {
        var parameters = learner.GetProperty("learner_model_param");
        var features = Number(parameters, "num_feature");
        var outputs = Math.Max(1, Number(parameters, "num_class"));
        var objective = learner.GetProperty("objective").GetProperty("name").GetString();
        var model = learner.GetProperty("gradient_booster").GetProperty("model");
        var builder = new TreeEnsemble.Builder(features, outputs);
        var groups = Ints(model.GetProperty("tree_info"));
        var trees = model.GetProperty("trees");
        if (groups.Length != trees.GetArrayLength())
        {
            throw new FormatException("tree_info and trees differ in length");
        }

        var index = 0;
        foreach (var tree in trees.EnumerateArray())
        {
            if (groups[index] != index % outputs)
            {
                throw new FormatException($"tree {index} belongs to output {groups[index]}, not {index % outputs}");
            }

            AddTree(builder, tree, missing, withCovers);
            index++;
        }

        var bias = new double[outputs];
        Array.Fill(bias, Margin(objective, double.Parse(parameters.GetProperty("base_score").GetString() ?? "", CultureInfo.InvariantCulture)));
        return builder.Build(bias);
    }

    /// <summary>The base score is given as a prediction; trees add to its raw form.</summary>
    private static double Margin(string? objective, double baseScore) => objective switch
    {
        "binary:logistic" => Math.Log(baseScore / (1 - baseScore)),
        "multi:softprob" or "reg:squarederror" or "reg:absoluteerror" or "reg:pseudohubererror" => baseScore,
        _ => throw new FormatException($"objective '{objective}' is not supported"),
    };

    private static void AddTree(TreeEnsemble.Builder builder, JsonElement tree, TreeEnsemble.MissingKind missing, bool withCovers)
    {
        var left = Ints(tree.GetProperty("left_children"));
        var right = Ints(tree.GetProperty("right_children"));
        var feature = Ints(tree.GetProperty("split_indices"));
        var condition = Floats(tree.GetProperty("split_conditions"));
        var gain = Floats(tree.GetProperty("loss_changes"));
        var defaultLeft = Ints(tree.GetProperty("default_left"));
        var kind = Ints(tree.GetProperty("split_type"));
        if (left.Length == 0 || new[] { right.Length, feature.Length, condition.Length, gain.Length, defaultLeft.Length, kind.Length }.Any(length => length != left.Length))
        {
            throw new FormatException("the arrays of a tree differ in length");
        }

        // Leaves and splits are numbered apart here.
        var number = new int[left.Length];
        var splits = 0;
        var leaves = 0;
        for (var node = 0; node < left.Length; node++)
        {
            number[node] = left[node] < 0 ? ~leaves++ : splits++;
        }

        builder.BeginTree(splits);
        for (var node = 0; node < left.Length; node++)
        {
            if (left[node] < 0)
            {
                builder.AddLeaf(condition[node]);
            }
            else if (kind[node] != 0)
            {
                throw new FormatException("splits by category are not supported");
            }
            else
            {
                // XGBoost goes left below the condition, not up to it.
                builder.AddThresholdSplit(
                    feature[node], MathF.BitDecrement(condition[node]), missing, defaultLeft[node] != 0, number[left[node]], number[right[node]], gain[node]);
            }
        }

        if (withCovers && tree.TryGetProperty("sum_hessian", out var weights))
        {
            var cover = Floats(weights);
            if (cover.Length != left.Length)
            {
                throw new FormatException("the arrays of a tree differ in length");
            }

            builder.AddCovers(
                [.. Enumerable.Range(0, left.Length).Where(node => left[node] >= 0).Select(node => (double)cover[node])],
                [.. Enumerable.Range(0, left.Length).Where(node => left[node] < 0).Select(node => (double)cover[node])]);
        }

        builder.EndTree();
    }

    private static int Number(JsonElement parent, string name) =>
        int.Parse(parent.GetProperty(name).GetString() ?? "", NumberStyles.None, CultureInfo.InvariantCulture);

    private static int[] Ints(JsonElement array) => [.. array.EnumerateArray().Select(item => item.ValueKind switch
    {
        JsonValueKind.True => 1,
        JsonValueKind.False => 0,
        _ => item.GetInt32(),
    })];

    private static float[] Floats(JsonElement array) => [.. array.EnumerateArray().Select(item => item.GetSingle())];
}
