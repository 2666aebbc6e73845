using System.Diagnostics;
using Roux.Learning.Learners;
using Roux.Torch.Training;
using Roux.Torch.Training.Optimizers;
using TorchSharp;

namespace Roux.Torch.Benchmarks;

/// <summary>What the training loop costs over the shortest loop that one can write with TorchSharp: a 100-256-256-10 network, batches of 256 rows of 25,600.</summary>
internal static class LoopOverhead
{
    private const int Rows = 25_600, Inputs = 100, Classes = 10, BatchSize = 256, Epochs = 4, Rounds = 5;

    public static int Run()
    {
        TorchLibrary.Threads = 1;
        using var x = torch.randn(Rows, Inputs);
        using var y = torch.randint(0, Classes, Rows, dtype: torch.int64);
        var (bare, own, clipped) = (new List<double>(), new List<double>(), new List<double>());
        for (var round = 0; round < Rounds; round++)
        {
            bare.Add(Bare(x, y));
            own.Add(Own(x, y, 0));
            clipped.Add(Own(x, y, 1));
        }

        var reference = Median(bare);
        Console.WriteLine($"bare TorchSharp loop (AdamW): {reference:F0} steps/s");
        Console.WriteLine($"training loop:                {Median(own):F0} steps/s, overhead {Overhead(reference, own):P1}");
        Console.WriteLine($"with gradient clipping:       {Median(clipped):F0} steps/s, overhead {Overhead(reference, clipped):P1}");
        return 0;
    }

    private static double Overhead(double reference, List<double> rates) => reference / Median(rates) - 1;

    private static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);

    private static TorchSharp.Modules.Sequential Network() => GlobalRandom.From(1, () => torch.nn.Sequential(
        ("a", torch.nn.Linear(Inputs, 256)), ("ra", torch.nn.ReLU()), ("b", torch.nn.Linear(256, 256)), ("rb", torch.nn.ReLU()), ("c", torch.nn.Linear(256, Classes))));

    private static double Bare(torch.Tensor x, torch.Tensor y)
    {
        using var network = Network();
        using var optimizer = torch.optim.AdamW(network.parameters(), 1e-3);
        var steps = 0;
        var watch = Stopwatch.StartNew();
        for (var epoch = 0; epoch < Epochs; epoch++)
        {
            using var order = torch.randperm(Rows);
            for (var first = 0; first < Rows; first += BatchSize)
            {
                using var scope = torch.NewDisposeScope();
                var rows = order.narrow(0, first, BatchSize);
                var loss = torch.nn.functional.cross_entropy(network.forward(x.index_select(0, rows)), y.index_select(0, rows));
                optimizer.zero_grad();
                loss.backward();
                optimizer.step();
                steps++;
            }
        }

        return steps / watch.Elapsed.TotalSeconds;
    }

    private static double Own(torch.Tensor x, torch.Tensor y, double clip)
    {
        using var network = Network();
        var options = new TrainingOptions { Epochs = Epochs, BatchSize = BatchSize, Optimizer = new AdamWOptions(), ClipNorm = clip };
        var loop = new TrainingLoop(network, batch => network.forward(batch.Input), Losses.CrossEntropy(), options);
        var watch = Stopwatch.StartNew();
        var result = loop.Run(new TensorSource(x, y), new FitContext(1));
        return result.Steps / watch.Elapsed.TotalSeconds;
    }
}
