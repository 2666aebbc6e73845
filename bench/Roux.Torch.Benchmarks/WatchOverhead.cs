using System.Diagnostics;
using Roux.Learning.Learners;
using Roux.Torch.Training;
using Roux.Torch.Watch;
using Roux.Tracking;
using TorchSharp;

namespace Roux.Torch.Benchmarks;

/// <summary>What a watch costs: the training of a 100-256-256-10 network at batches of 256 with and without one that looks every 50 steps and logs to a run.</summary>
internal static class WatchOverhead
{
    private const int Rows = 25_600, Inputs = 100, Classes = 10, BatchSize = 256, Epochs = 5, Rounds = 7;

    public static int Run()
    {
        TorchLibrary.Threads = 1;
        using var x = torch.randn(Rows, Inputs);
        using var y = torch.randint(0, Classes, Rows, dtype: torch.int64);
        var folder = Directory.CreateTempSubdirectory("roux-bench-").FullName;
        try
        {
            using var tracker = Tracker.Open(folder);
            Train(x, y, null); // warm
            // In turn, so that a machine that slows down slows both.
            var pairs = Enumerable.Range(0, Rounds).Select(_ => (Bare: Train(x, y, null), Watched: Train(x, y, tracker))).ToList();
            var bare = pairs.Select(pair => pair.Bare).Order().ElementAt(Rounds / 2);
            var ratios = pairs.Select(pair => pair.Bare / pair.Watched - 1).Order().ToList();
            Console.WriteLine($"unwatched: {bare:F0} steps/s");
            Console.WriteLine($"watched every 50 steps: overhead {ratios[Rounds / 2]:P1} (from {ratios[0]:P1} to {ratios[^1]:P1})");
            return 0;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static double Train(torch.Tensor x, torch.Tensor y, Tracker? tracker)
    {
        using var network = GlobalRandom.From(1, () => torch.nn.Sequential(
            ("a", torch.nn.Linear(Inputs, 256)), ("ra", torch.nn.ReLU()), ("b", torch.nn.Linear(256, 256)), ("rb", torch.nn.ReLU()), ("c", torch.nn.Linear(256, Classes))));
        using var run = tracker?.Experiment("bench").StartRun();
        using var watch = run is null ? null : TrainingWatch.Attach(network, run, every: 50);
        var loop = new TrainingLoop(network, batch => network.call(batch.Input), Losses.CrossEntropy(), new TrainingOptions { Epochs = Epochs, BatchSize = BatchSize })
        {
            Observers = watch is null ? [] : [watch],
        };
        var clock = Stopwatch.StartNew();
        var result = loop.Run(new TensorSource(x, y), new FitContext(1));
        return result.Steps / clock.Elapsed.TotalSeconds;
    }
}
