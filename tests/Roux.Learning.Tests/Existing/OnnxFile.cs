using System.Text;

namespace Roux.Learning.Tests.Existing;

/// <summary>Writes small ONNX models by hand: the protocol buffers of onnx.proto3, as far as the tests need them.</summary>
internal sealed class OnnxFile
{
    public const int Float = 1;
    public const int Int64 = 7;
    public const int Text = 8;
    private readonly Wire graph = new();

    public OnnxFile() => graph.Text(2, "g");

    /// <summary>An input of rows x columns; -1 for any number.</summary>
    public OnnxFile Input(string name, int type, params long[] shape)
    {
        graph.Message(11, Named(name, Tensor(type, shape)));
        return this;
    }

    public OnnxFile Output(string name, int type, params long[] shape)
    {
        graph.Message(12, Named(name, Tensor(type, shape)));
        return this;
    }

    /// <summary>An output as of scikit-learn's ZipMap: a sequence of maps from text to float.</summary>
    public OnnxFile MapsOutput(string name)
    {
        var map = new Wire().Number(1, Text).Message(2, Tensor(Float, []));
        graph.Message(12, Named(name, new Wire().Message(4, new Wire().Message(1, new Wire().Message(5, map)))));
        return this;
    }

    /// <summary>A constant matrix.</summary>
    public OnnxFile Constant(string name, float[] values, params long[] shape)
    {
        var tensor = new Wire();
        foreach (var size in shape)
        {
            tensor.Number(1, size);
        }

        tensor.Number(2, Float).Text(8, name).Bytes(9, [.. values.SelectMany(BitConverter.GetBytes)]);
        graph.Message(5, tensor);
        return this;
    }

    public OnnxFile Node(string operation, string[] inputs, string output, params (string Name, object Value)[] attributes) => Node("", operation, inputs, output, attributes);

    public OnnxFile Node(string domain, string operation, string[] inputs, string output, params (string Name, object Value)[] attributes)
    {
        var node = new Wire();
        foreach (var input in inputs)
        {
            node.Text(1, input);
        }

        node.Text(2, output).Text(4, operation).Text(7, domain);
        foreach (var (name, value) in attributes)
        {
            var attribute = new Wire().Text(1, name);
            if (value is int number)
            {
                attribute.Number(3, number).Number(20, 2);
            }
            else
            {
                foreach (var text in (string[])value)
                {
                    attribute.Bytes(9, Encoding.UTF8.GetBytes(text));
                }

                attribute.Number(20, 8);
            }

            node.Message(5, attribute);
        }

        graph.Message(1, node);
        return this;
    }

    public byte[] Build() => new Wire().Number(1, 8).Text(2, "by hand")
        .Message(7, graph)
        .Message(8, new Wire().Text(1, "").Number(2, 13))
        .Message(8, new Wire().Text(1, "ai.onnx.ml").Number(2, 2)).ToArray();

    /// <summary>x W + b, then softmax: as many classes as <paramref name="bias"/> is long.</summary>
    public static OnnxFile Linear(float[] weights, float[] bias, int columns, string output = "probabilities") => new OnnxFile()
        .Input("X", Float, -1, columns)
        .Constant("W", weights, columns, bias.Length).Constant("b", bias, bias.Length)
        .Node("MatMul", ["X", "W"], "xw").Node("Add", ["xw", "b"], "scores").Node("Softmax", ["scores"], output, ("axis", 1));

    private static Wire Named(string name, Wire type) => new Wire().Text(1, name).Message(2, type);

    private static Wire Tensor(int type, long[] shape)
    {
        var dimensions = new Wire();
        foreach (var size in shape)
        {
            dimensions.Message(1, size < 0 ? new Wire().Text(2, "n") : new Wire().Number(1, size));
        }

        return new Wire().Message(1, new Wire().Number(1, type).Message(2, dimensions));
    }

    /// <summary>A message of protocol buffers (proto3 wire format).</summary>
    private sealed class Wire
    {
        private readonly List<byte> bytes = [];

        public Wire Number(int field, long value)
        {
            Varint((ulong)field << 3);
            Varint((ulong)value);
            return this;
        }

        public Wire Bytes(int field, byte[] value)
        {
            Varint(((ulong)field << 3) | 2);
            Varint((ulong)value.Length);
            bytes.AddRange(value);
            return this;
        }

        public Wire Text(int field, string value) => Bytes(field, Encoding.UTF8.GetBytes(value));

        public Wire Message(int field, Wire value) => Bytes(field, value.ToArray());

        public byte[] ToArray() => [.. bytes];

        private void Varint(ulong value)
        {
            for (; value >= 0x80; value >>= 7)
            {
                bytes.Add((byte)(value | 0x80));
            }

            bytes.Add((byte)value);
        }
    }
}
