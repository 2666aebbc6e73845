using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Roux.Torch.Tests.BugBank;

/// <summary>Small data and small networks.</summary>
internal static class Nets
{
    public const int Width = 12;

    /// <summary>Clouds of three classes.</summary>
    public static (Tensor X, Tensor Y) Clouds(int rows = 480, double spread = 1.0, int classes = 3)
    {
        var y = randint(0, classes, new long[] { rows }, ScalarType.Int64);
        return (randn(classes, Width).index_select(0, y) * 1.2 + randn(rows, Width) * spread, y);
    }

    /// <summary>Yes or no.</summary>
    public static (Tensor X, Tensor Y) YesNo(double share = 0.5)
    {
        var x = randn(480, Width);
        var score = x.matmul(randn(Width)) + randn(480) * 0.5;
        return (x, score.gt(score.quantile(tensor(1 - share, ScalarType.Float32))).to(ScalarType.Float32));
    }

    /// <summary>Numbers of mean 0 and deviation 1.</summary>
    public static (Tensor X, Tensor Y) Numbers()
    {
        var x = randn(480, Width);
        var y = x.matmul(randn(Width)).div(3).sin() + x.select(1, 0) * 0.5 + randn(480) * 0.1;
        return (x, (y - y.mean()) / y.std());
    }

    /// <summary>Images of 8 x 8 with a bright bar at a place that is the class.</summary>
    public static (Tensor X, Tensor Y) Images(int rows = 300)
    {
        var y = randint(0, 3, new long[] { rows }, ScalarType.Int64);
        var x = rand(rows, 1, 8, 8) * 0.5;
        for (var row = 0; row < rows; row++)
        {
            x[row, 0, (int)y[row].ToInt64() * 2 + 1] += 0.5;
        }

        return (x, y);
    }

    /// <summary>Sequences of numbers; the class is told by their sum.</summary>
    public static (Tensor X, Tensor Y) Sequences()
    {
        var x = randn(600, 10, 4);
        var sum = x.select(2, 0).sum(1);
        return (x, sum.gt(1.2).to(ScalarType.Int64) + sum.gt(-1.2).to(ScalarType.Int64));
    }

    /// <summary>Tokens; the class is told by which kind is more frequent.</summary>
    public static (Tensor X, Tensor Y) Tokens()
    {
        var y = randint(0, 3, new long[] { 300 }, ScalarType.Int64);
        var noise = randint(0, 30, new long[] { 300, 12 }, ScalarType.Int64);
        var mark = (y * 10).unsqueeze(1) + randint(0, 10, new long[] { 300, 12 }, ScalarType.Int64);
        return (where(rand(300, 12).lt(0.5), mark, noise), y);
    }

    public static Sequential Mlp(int outputs = 3, int hidden = 32, Func<Module<Tensor, Tensor>>? activation = null, int layers = 2, double dropout = 0, bool norm = false)
    {
        var parts = new List<(string, Module<Tensor, Tensor>)>();
        for (var layer = 0; layer < layers - 1; layer++)
        {
            parts.Add(($"fc{layer}", Linear(layer == 0 ? Width : hidden, hidden)));
            if (norm)
            {
                parts.Add(($"bn{layer}", BatchNorm1d(hidden)));
            }

            parts.Add(($"act{layer}", (activation ?? (() => ReLU()))()));
            if (dropout > 0)
            {
                parts.Add(($"drop{layer}", Dropout(dropout)));
            }
        }

        parts.Add(("out", Linear(layers == 1 ? Width : hidden, outputs)));
        return Sequential(parts);
    }

    public static Sequential Cnn(bool norm = false)
    {
        var parts = new List<(string, Module<Tensor, Tensor>)> { ("conv1", Conv2d(1, 8, 3, padding: 1)) };
        if (norm)
        {
            parts.Add(("bn1", BatchNorm2d(8)));
        }

        parts.AddRange([("relu1", ReLU()), ("pool", MaxPool2d(2)), ("conv2", Conv2d(8, 16, 3, padding: 1)), ("relu2", ReLU()), ("flat", Flatten()), ("out", Linear(256, 3))]);
        return Sequential(parts);
    }

    /// <summary>Applies something to all parameters of a network.</summary>
    public static T With<T>(this T net, Action<string, Parameter> change)
        where T : Module
    {
        using var still = no_grad();
        foreach (var (name, parameter) in net.named_parameters())
        {
            change(name, parameter);
        }

        return net;
    }

    /// <summary>A network of one's own: parts and how they are run.</summary>
    public sealed class Own : Module<Tensor, Tensor>
    {
        private readonly Func<Tensor, Tensor> run;

        public Own(Func<Tensor, Tensor> run, params (string Name, Module Part)[] parts)
            : base("own")
        {
            this.run = run;
            foreach (var (name, part) in parts)
            {
                register_module(name, part);
            }
        }

        public override Tensor forward(Tensor input) => run(input);
    }

    public static Own Recurrent(string kind, double scale = 1)
    {
        var head = Linear(24, 3);
        Own net;
        switch (kind)
        {
            case "lstm":
                var lstm = LSTM(4, 24, batchFirst: true);
                net = new Own(x => head.call(lstm.call(x).Item1.select(1, -1)), ("lstm", lstm), ("head", head));
                break;
            case "gru":
                var gru = GRU(4, 24, batchFirst: true);
                net = new Own(x => head.call(gru.call(x).Item1.select(1, -1)), ("gru", gru), ("head", head));
                break;
            default:
                var rnn = RNN(4, 24, batchFirst: true);
                net = new Own(x => head.call(rnn.call(x).Item1.select(1, -1)), ("rnn", rnn), ("head", head));
                break;
        }

        return scale == 1 ? net : net.With((name, parameter) =>
        {
            if (name.Contains("hh", StringComparison.Ordinal) && parameter.dim() == 2)
            {
                parameter.mul_(scale);
            }
        });
    }
}
