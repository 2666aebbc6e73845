using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;
using Roux.Learning.Data;

namespace Roux.Learning.Existing;

/// <summary>Chooses the output of an ONNX model that holds its answers, and reads it: a map of probabilities per row (scikit-learn's ZipMap), a matrix of probabilities, labels, or numbers.</summary>
internal sealed class OnnxOutputs
{
    private readonly string source;
    private readonly int classes;
    private readonly ClassOrder order;

    private OnnxOutputs(string source, string name, int classes, ClassOrder order)
    {
        (this.source, this.classes, this.order) = (source, classes, order);
        Names = [name];
    }

    /// <summary>The one output that is asked for.</summary>
    public string[] Names { get; }

    /// <summary>Chooses the output: the one named, else probabilities before labels before numbers.</summary>
    /// <exception cref="DataException">No output can be read as an answer to such a question.</exception>
    public static OnnxOutputs Choose(InferenceSession session, TaskKind task, IReadOnlyList<string> classes, ExistingOptions options)
    {
        var source = $"--existing {options.Source}";
        var nodes = session.OutputMetadata;
        var order = new ClassOrder(source, classes, options.Classes);
        if (options.Column is { } given)
        {
            return nodes.ContainsKey(given) ? new OnnxOutputs(source, given, classes.Count, order)
                : throw new DataException($"{source}: {NearestName.Message("--existing-column", given, "output", [.. nodes.Keys])}");
        }

        var name = nodes.Where(pair => Rank(pair.Value, task, Math.Max(classes.Count, options.Classes.Count)) < 10).OrderBy(pair => Rank(pair.Value, task, Math.Max(classes.Count, options.Classes.Count))).Select(pair => pair.Key).FirstOrDefault();
        return new OnnxOutputs(source, name ?? throw new DataException(
            $"{source}: none of the model's outputs can be an answer to a {task.ToString().ToLowerInvariant()} question with {classes.Count} classes: {string.Join(", ", nodes.Select(pair => $"'{pair.Key}' {OnnxInputs.Describe(pair.Value)}"))}"), classes.Count, order);
    }

    /// <summary>Reads the answers of the rows that were asked for.</summary>
    public void Read(IReadOnlyList<OrtValue> results, Span<RawAnswer> rows)
    {
        var value = results[0];
        if (value.OnnxType == OnnxValueType.ONNX_TYPE_SEQUENCE)
        {
            Maps(value, rows);
            return;
        }

        if (value.OnnxType != OnnxValueType.ONNX_TYPE_TENSOR)
        {
            throw new DataException($"{source}: output '{Names[0]}' is {value.OnnxType}; a tensor or a sequence of maps is wanted");
        }

        var shape = value.GetTensorTypeAndShape();
        var height = shape.Shape.Length == 0 ? 1 : shape.Shape[0];
        if (height < rows.Length || shape.Shape.Length > 2)
        {
            throw new DataException($"{source}: output '{Names[0]}' has shape [{string.Join(", ", shape.Shape)}] for {rows.Length} rows; [rows] or [rows, columns] is wanted");
        }

        var width = (int)(shape.Shape.Length == 2 ? shape.Shape[1] : 1);
        if (shape.ElementDataType == TensorElementType.String)
        {
            var texts = value.GetStringTensorAsArray();
            for (var i = 0; i < rows.Length; i++)
            {
                rows[i] = RawAnswer.Of(texts[i * width]);
            }

            return;
        }

        var numbers = Numbers(value, shape.ElementDataType);
        for (var i = 0; i < rows.Length; i++)
        {
            rows[i] = width == 1 ? RawAnswer.Of(numbers[i]) : RawAnswer.Of(order.Arrange(numbers[(i * width)..((i + 1) * width)]));
        }
    }

    private void Maps(OrtValue sequence, Span<RawAnswer> rows)
    {
        var count = sequence.GetValueCount();
        if (count < rows.Length)
        {
            throw new DataException($"{source}: output '{Names[0]}' has {count} maps for {rows.Length} rows");
        }

        for (var i = 0; i < rows.Length; i++)
        {
            using var map = sequence.GetValue(i, OrtAllocator.DefaultInstance);
            using var keys = map.GetValue(0, OrtAllocator.DefaultInstance);
            using var values = map.GetValue(1, OrtAllocator.DefaultInstance);
            var names = keys.GetTensorTypeAndShape().ElementDataType == TensorElementType.String
                ? keys.GetStringTensorAsArray()
                : Array.ConvertAll(keys.GetTensorDataAsSpan<long>().ToArray(), key => key.ToString(System.Globalization.CultureInfo.InvariantCulture));
            var numbers = Numbers(values, values.GetTensorTypeAndShape().ElementDataType);
            rows[i] = RawAnswer.Of(order.Arrange(names.Zip(numbers)) ?? throw new DataException(
                $"{source}: output '{Names[0]}' has the classes {string.Join(", ", names.Take(20))}, none of which is a class of the target ({classes} of them)"));
        }
    }

    private double[] Numbers(OrtValue value, TensorElementType type) => type switch
    {
        TensorElementType.Float => Array.ConvertAll(value.GetTensorDataAsSpan<float>().ToArray(), number => (double)number),
        TensorElementType.Double => value.GetTensorDataAsSpan<double>().ToArray(),
        TensorElementType.Int64 => Array.ConvertAll(value.GetTensorDataAsSpan<long>().ToArray(), number => (double)number),
        TensorElementType.Int32 => Array.ConvertAll(value.GetTensorDataAsSpan<int>().ToArray(), number => (double)number),
        TensorElementType.Bool => Array.ConvertAll(value.GetTensorDataAsSpan<bool>().ToArray(), flag => flag ? 1.0 : 0),
        _ => throw new DataException($"{source}: output '{Names[0]}' holds {type}; labels, numbers or probabilities are wanted"),
    };

    /// <summary>How well an output suits the question; 10 for not at all.</summary>
    private static int Rank(NodeMetadata node, TaskKind task, int classes)
    {
        if (node.OnnxValueType == OnnxValueType.ONNX_TYPE_SEQUENCE)
        {
            return task == TaskKind.Regression ? 10 : 0;
        }

        if (!node.IsTensor || node.Dimensions.Length > 2)
        {
            return 10;
        }

        var real = node.ElementDataType is TensorElementType.Float or TensorElementType.Double;
        var width = node.Dimensions.Length == 2 ? node.Dimensions[1] : 1;
        return task == TaskKind.Regression ? (real && width <= 1 ? 0 : node.ElementDataType == TensorElementType.String ? 10 : 5)
            : real && width == classes ? 1
            : !real && width <= 1 && task != TaskKind.Multilabel ? 3
            : real && width < 0 ? 2
            : real && width == 1 && classes == 2 ? 4
            : 10;
    }
}
