using System.Globalization;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;
using Roux.Learning.Data;
using Roux.Learning.Data.Reading;

namespace Roux.Learning.Existing;

/// <summary>The inputs of an ONNX model and the columns that fill them: one input per column by name, or one matrix of columns in a stated order.</summary>
internal sealed class OnnxInputs
{
    private readonly string source;
    private readonly IReadOnlyList<(string Name, NodeMetadata Node, Column[] Columns)> inputs;

    private OnnxInputs(string source, IReadOnlyList<(string Name, NodeMetadata Node, Column[] Columns)> inputs, string wanted)
    {
        (this.source, this.inputs, Wanted) = (source, inputs, wanted);
        FixedBatch = inputs.Select(input => input.Node.Dimensions is [> 0 and var rows, ..] ? rows : (int?)null).FirstOrDefault(rows => rows is not null);
    }

    /// <summary>Rows that the model insists on; <c>null</c> for any number.</summary>
    public int? FixedBatch { get; }

    /// <summary>Names, types and shapes of the inputs, for an error.</summary>
    public string Wanted { get; }

    /// <summary>Finds the columns of every input.</summary>
    /// <exception cref="DataException">An input has no column, or one that cannot be given to it; the message lists what the model wants and what there is.</exception>
    public static OnnxInputs Match(InferenceSession session, Table table, ExistingOptions options)
    {
        var source = $"--existing {options.Source}";
        var nodes = session.InputMetadata;
        var wanted = string.Join(", ", nodes.Select(pair => $"'{pair.Key}' {Describe(pair.Value)}"));
        var given = InputColumns.Of(table, options);
        if (nodes.Values.FirstOrDefault(node => !node.IsTensor) is { } strange)
        {
            throw new DataException($"{source}: the model wants {wanted}; only tensors can be given, not {strange.OnnxValueType}");
        }

        (string, NodeMetadata, Column[])[] inputs = nodes.Count == 1 && (Width(nodes.First().Value) != 1 || options.Inputs.Count > 0)
            ? [(nodes.First().Key, nodes.First().Value, Matrix(source, wanted, nodes.First().Value, given, options))]
            : [.. nodes.Select(pair => (pair.Key, pair.Value, Named(source, wanted, pair.Key, pair.Value, given)))];
        foreach (var (name, node, columns) in inputs)
        {
            Check(source, wanted, name, node, columns);
        }

        return new OnnxInputs(source, inputs, wanted);
    }

    /// <summary>The tensors for some rows; where the model insists on more, the last row is repeated.</summary>
    public Dictionary<string, OrtValue> Tensors(int start, int rows)
    {
        var tensors = new Dictionary<string, OrtValue>(StringComparer.Ordinal);
        foreach (var (name, node, columns) in inputs)
        {
            var height = FixedBatch ?? rows;
            long[] shape = node.Dimensions.Length == 1 ? [height] : [height, columns.Length];
            int RowAt(int i) => start + Math.Min(i, rows - 1);
            tensors.Add(name, node.ElementDataType switch
            {
                TensorElementType.Float => OrtValue.CreateTensorValueFromMemory(Fill(height, columns, RowAt, value => (float)value), shape),
                TensorElementType.Double => OrtValue.CreateTensorValueFromMemory(Fill(height, columns, RowAt, value => value), shape),
                TensorElementType.Int64 => OrtValue.CreateTensorValueFromMemory(Fill(height, columns, RowAt, value => (long)value), shape),
                TensorElementType.Int32 => OrtValue.CreateTensorValueFromMemory(Fill(height, columns, RowAt, value => (int)value), shape),
                TensorElementType.Bool => OrtValue.CreateTensorValueFromMemory(Fill(height, columns, RowAt, value => value != 0), shape),
                _ => Texts(height, columns, RowAt, shape),
            });
        }

        return tensors;
    }

    private static T[] Fill<T>(int height, Column[] columns, Func<int, int> rowAt, Func<double, T> convert)
    {
        var values = new T[height * columns.Length];
        for (var i = 0; i < height; i++)
        {
            for (var j = 0; j < columns.Length; j++)
            {
                values[i * columns.Length + j] = convert(((NumberColumn)columns[j]).Values[rowAt(i)]);
            }
        }

        return values;
    }

    private static OrtValue Texts(int height, Column[] columns, Func<int, int> rowAt, long[] shape)
    {
        var values = new string[height * columns.Length];
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = columns[i % columns.Length].Format(rowAt(i / columns.Length)) ?? "";
        }

        return OrtValue.CreateFromStringTensor(new DenseTensor<string>(values, [.. shape.Select(size => (int)size)]));
    }

    private static Column[] Matrix(string source, string wanted, NodeMetadata node, IReadOnlyList<Column> given, ExistingOptions options)
    {
        var width = Width(node);
        if (options.Inputs.Count == 0)
        {
            var numeric = given.OfType<NumberColumn>().Select(column => column.Name);
            throw new DataException($"{source}: the model wants one matrix, {wanted}; say which columns and in which order: --existing-inputs a,b,…. Numeric columns: {string.Join(", ", numeric.Take(40))}");
        }

        return width is null || width == given.Count ? [.. given.Select(column => Typed(column, node))]
            : throw new DataException($"{source}: the model wants {wanted}, so {width} columns; --existing-inputs gives {given.Count}: {string.Join(", ", given.Take(40).Select(column => column.Name))}");
    }

    private static Column[] Named(string source, string wanted, string name, NodeMetadata node, IReadOnlyList<Column> given)
    {
        // Converters write spaces and signs of a column's name as underscores.
        var column = given.FirstOrDefault(column => column.Name == name) ?? given.FirstOrDefault(column => Plain(column.Name) == Plain(name))
            ?? throw new DataException($"{source}: the model's input '{name}' is no column of the data. The model wants {wanted}; the data has {string.Join(", ", given.Take(40).Select(column => $"'{column.Name}' {column.Type.ToString().ToLowerInvariant()}"))}");
        return [Typed(column, node)];
    }

    /// <summary>Text where the model wants text; numbers where it wants numbers and the column can give them without loss.</summary>
    private static Column Typed(Column column, NodeMetadata node)
    {
        if (node.ElementDataType == TensorElementType.String || column is NumberColumn)
        {
            return column;
        }

        var warnings = new List<string>();
        var numbers = TypeConversion.To(column, ColumnType.Real, warnings);
        return warnings.Count == 0 ? numbers : column;
    }

    private static void Check(string source, string wanted, string name, NodeMetadata node, Column[] columns)
    {
        if (node.Dimensions.Length > 2 || (node.Dimensions.Length == 1 && columns.Length > 1))
        {
            throw new DataException($"{source}: input '{name}' is {Describe(node)}; rows of a table fill [rows] or [rows, columns]");
        }

        if (node.ElementDataType is not (TensorElementType.Float or TensorElementType.Double or TensorElementType.Int64 or TensorElementType.Int32 or TensorElementType.Bool or TensorElementType.String))
        {
            throw new DataException($"{source}: input '{name}' is {Describe(node)}; float, double, int64, int32, bool and string can be given");
        }

        if (node.ElementDataType == TensorElementType.String)
        {
            return;
        }

        if (columns.FirstOrDefault(column => column is not NumberColumn) is { } text)
        {
            throw new DataException($"{source}: input '{name}' is {Describe(node)}, but column '{text.Name}' is {text.Type.ToString().ToLowerInvariant()}. The model wants {wanted}");
        }

        if (node.ElementDataType is not (TensorElementType.Float or TensorElementType.Double) && columns.FirstOrDefault(column => column.CountMissing() > 0) is { } gaps)
        {
            throw new DataException(string.Create(CultureInfo.InvariantCulture, $"{source}: input '{name}' is {Describe(node)}, which knows no missing values, but column '{gaps.Name}' has {gaps.CountMissing()} of them"));
        }
    }

    /// <summary>Columns that an input takes; <c>null</c> for any number.</summary>
    private static int? Width(NodeMetadata node) => node.Dimensions.Length < 2 ? 1 : node.Dimensions[^1] > 0 ? node.Dimensions[^1] : null;

    internal static string Describe(NodeMetadata node) => node.IsTensor
        ? $"{node.ElementDataType.ToString().ToLowerInvariant()}[{string.Join(", ", node.Dimensions.Select((size, i) => size > 0 ? size.ToString(CultureInfo.InvariantCulture) : i == 0 ? "rows" : "any"))}]"
        : node.OnnxValueType.ToString()["ONNX_TYPE_".Length..].ToLowerInvariant();

    private static string Plain(string name) => string.Concat(name.Select(c => char.IsLetterOrDigit(c) ? char.ToLowerInvariant(c) : '_'));
}
