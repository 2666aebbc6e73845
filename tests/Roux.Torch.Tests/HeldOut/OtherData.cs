using Roux.Torch.Tests.BugBank;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Roux.Torch.Tests.HeldOut;

/// <summary>Data and networks of other make than those beside which the checks were written.</summary>
internal static class OtherData
{
    public const int Width = 20;

    /// <summary>Five classes told by which of five random directions a row points along most.</summary>
    public static (Tensor X, Tensor Y) Directions(int rows = 600)
    {
        var x = randn(rows, Width);
        return (x, (x.matmul(randn(Width, 5)) + randn(rows, 5) * 0.5).argmax(1));
    }

    /// <summary>Two spirals.</summary>
    public static (Tensor X, Tensor Y) Spirals(int rows = 600)
    {
        var y = randint(0, 2, new long[] { rows }, ScalarType.Int64);
        var t = rand(rows) * 5 + 0.5;
        var angle = t + y.to(ScalarType.Float32) * Math.PI;
        return (stack([t * angle.cos(), t * angle.sin()], 1) / 2.5 + randn(rows, 2) * 0.04, y);
    }

    /// <summary>A smooth number of mean 0 and deviation 1.</summary>
    public static (Tensor X, Tensor Y) Waves(int rows = 600)
    {
        var x = rand(rows, Width) * 3.4 - 1.7;
        var y = (x.select(1, 0) * 2).sin() + x.select(1, 1) * x.select(1, 2) * 0.5 + randn(rows) * 0.15;
        return (x, (y - y.mean()) / y.std());
    }

    /// <summary>Pictures of 2 x 10 x 10 of a square, a cross, a frame or a slope, in either channel, of mean 0.</summary>
    public static (Tensor X, Tensor Y) Shapes(int rows = 320)
    {
        var y = randint(0, 4, new long[] { rows }, ScalarType.Int64);
        var x = randn(rows, 2, 10, 10) * 0.3;
        for (var row = 0; row < rows; row++)
        {
            var (kind, channel) = ((int)y[row].ToInt64(), (int)randint(0, 2, new long[] { 1 }).ToInt64());
            var (top, left) = ((int)randint(0, 5, new long[] { 1 }).ToInt64(), (int)randint(0, 5, new long[] { 1 }).ToInt64());
            for (var i = 0; i < 25; i++)
            {
                var (a, b) = (i / 5, i % 5);
                if (kind switch { 0 => a is > 0 and < 4 && b is > 0 and < 4, 1 => a == 2 || b == 2, 2 => a is 0 or 4 || b is 0 or 4, _ => a == b })
                {
                    x[row, channel, top + a, left + b] += 1.5;
                }
            }
        }

        return (x, y);
    }

    public static Sequential Deep(int inputs, int outputs, int hidden = 48, int layers = 3, Func<Module<Tensor, Tensor>>? activation = null, Func<Module<Tensor, Tensor>>? last = null)
    {
        var parts = new List<(string, Module<Tensor, Tensor>)>();
        for (var layer = 0; layer < layers; layer++)
        {
            parts.AddRange([($"dense{layer}", Linear(layer == 0 ? inputs : hidden, hidden)), ($"curve{layer}", (activation ?? (() => GELU()))())]);
        }

        parts.Add(("answer", Linear(hidden, outputs)));
        if (last is not null)
        {
            parts.Add(("last", last()));
        }

        return Sequential(parts);
    }

    public static Sequential Convolutions(bool norm = true, bool dropout = false)
    {
        var parts = new List<(string, Module<Tensor, Tensor>)> { ("c1", Conv2d(2, 12, 3, padding: 1)) };
        if (norm)
        {
            parts.Add(("n1", BatchNorm2d(12)));
        }

        parts.AddRange([("a1", ReLU()), ("c2", Conv2d(12, 16, 3, stride: 2)), ("a2", ReLU()), ("c3", Conv2d(16, 16, 3)), ("a3", ReLU()), ("flat", Flatten())]);
        if (dropout)
        {
            parts.Add(("drop", Dropout(0.25)));
        }

        parts.Add(("answer", Linear(64, 4)));
        return Sequential(parts);
    }

    /// <summary>Channels and rows exchanged by a view where a permutation was meant: every row gets pixels of others.</summary>
    public static Nets.Own Viewed()
    {
        var (body, head) = (Conv2d(2, 12, 3, padding: 1), Linear(1200, 4));
        return new Nets.Own(x => head.call(functional.relu(body.call(x.permute(1, 0, 2, 3).contiguous().view(x.shape))).flatten(1)), ("body", body), ("head", head));
    }
}
