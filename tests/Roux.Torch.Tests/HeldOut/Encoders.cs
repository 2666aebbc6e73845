using Roux.Torch.Tests.BugBank;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Roux.Torch.Tests.HeldOut;

/// <summary>A small transformer over made sentences: how it is made, and each way in which it can be made wrongly.</summary>
internal sealed record Encoder
{
    public const int Words = 60;
    public const int Length = 16;
    private const int Hidden = 24;

    public int Classes { get; init; } = 3;

    public bool Masked { get; init; } = true;

    public bool Placed { get; init; } = true;

    public int Read { get; init; } = Length;

    public bool Softmax { get; init; }

    public bool AlwaysDropping { get; init; }

    public bool BeforeNorm { get; init; }

    public double Embedded { get; init; } = 0.3;

    public double Dropout { get; init; } = 0.1;

    public Action<string, Parameter>? Change { get; init; }

    /// <summary>Sentences of 4 to 16 words, filled up with 0; the class is which of two words comes first, and whether they are there at all.</summary>
    public static (Tensor X, Tensor Y) Ordered(int rows = 480) => Sentences(rows, 4);

    /// <summary>The same, with both words in the second half of sentences of full length.</summary>
    public static (Tensor X, Tensor Y) AtTheEnd() => Sentences(480, Length, from: 8);

    /// <summary>Sentences of which one is empty.</summary>
    public static (Tensor X, Tensor Y) WithEmpty() => Ordered() is var (x, y) ? (x.index_fill(0, tensor(new long[] { 40, 41, 42, 43 }), 0), y) : default;

    public Nets.Own Make()
    {
        var (words, places, head) = (Embedding(Words, Hidden), Embedding(Length, Hidden), Linear(Hidden, Classes));
        init.normal_(words.weight!, 0, Embedded);
        init.normal_(places.weight!, 0, Embedded);
        var blocks = Enumerable.Range(0, 2).Select(_ => new Block(Hidden, Dropout, BeforeNorm)).ToArray();
        var parts = new List<(string, Module)> { ("words", words), ("places", places), ("block0", blocks[0]), ("block1", blocks[1]), ("head", head) };
        var net = new Nets.Own(ids =>
        {
            var count = Math.Min(Read, (int)ids.shape[1]);
            var read = ids.narrow(1, 0, count);
            var present = Masked ? read.ne(0).to(ScalarType.Float32) : ones_like(read, ScalarType.Float32);
            var x = words.call(read) + places.call(Placed ? arange(count, ScalarType.Int64) : zeros(count, ScalarType.Int64)).unsqueeze(0);
            foreach (var block in blocks)
            {
                x = block.call(x, present);
            }

            x = (x * present.unsqueeze(2)).sum(1) / present.sum(1, keepdim: true);
            x = AlwaysDropping ? functional.dropout(x, 0.3, training: true) : x;
            var outputs = head.call(x);
            return Softmax ? outputs.softmax(1) : outputs;
        }, [.. parts]);
        return Change is null ? net : net.With(Change);
    }

    private static (Tensor X, Tensor Y) Sentences(int rows, int shortest, int from = 0)
    {
        var lengths = randint(shortest, Length + 1, new long[] { rows }, ScalarType.Int64);
        var x = randint(5, Words, new long[] { rows, Length }, ScalarType.Int64) * arange(Length, ScalarType.Int64).unsqueeze(0).lt(lengths.unsqueeze(1)).to(ScalarType.Int64);
        var y = randint(0, 3, new long[] { rows }, ScalarType.Int64);
        for (var row = 0; row < rows; row++)
        {
            var (length, kind) = ((int)lengths[row].ToInt64(), (int)y[row].ToInt64());
            var at = from + (int)randint(0, length - 1 - from, new long[] { 1 }).ToDouble();
            if (kind < 2)
            {
                x[row, at] = kind == 0 ? 1 : 2;
                x[row, at + 1] = kind == 0 ? 2 : 1;
            }
        }

        return (x, y);
    }

    /// <summary>Self-attention with one head and a feed-forward part, normalised after (Vaswani et al. 2017) or before (Xiong et al. 2020).</summary>
    private sealed class Block : Module<Tensor, Tensor, Tensor>
    {
        private readonly Linear query, key, value, output, wide, narrow;
        private readonly LayerNorm first, second;
        private readonly Dropout drop;
        private readonly bool before;

        public Block(int hidden, double dropout, bool before)
            : base("block")
        {
            this.before = before;
            (query, key, value, output) = (Linear(hidden, hidden), Linear(hidden, hidden), Linear(hidden, hidden), Linear(hidden, hidden));
            (wide, narrow, first, second, drop) = (Linear(hidden, 2 * hidden), Linear(2 * hidden, hidden), LayerNorm(hidden), LayerNorm(hidden), Dropout(dropout));
            RegisterComponents();
        }

        public override Tensor forward(Tensor x, Tensor present)
        {
            if (before)
            {
                x += Attend(first.call(x), present);
                return x + Feed(second.call(x));
            }

            x = first.call(x + Attend(x, present));
            return second.call(x + Feed(x));
        }

        private Tensor Attend(Tensor x, Tensor present)
        {
            var scores = query.call(x).matmul(key.call(x).transpose(1, 2)) / Math.Sqrt(x.shape[2]);
            return drop.call(output.call(scores.masked_fill(present.eq(0).unsqueeze(1), float.NegativeInfinity).softmax(2).matmul(value.call(x))));
        }

        private Tensor Feed(Tensor x) => drop.call(narrow.call(functional.gelu(wide.call(x))));
    }
}
