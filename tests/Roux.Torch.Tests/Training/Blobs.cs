using Roux.Torch.Training;
using TorchSharp;

namespace Roux.Torch.Tests.Training;

/// <summary>Three clouds of points, and a small network with dropout that tells them apart.</summary>
internal sealed class Blobs : IDisposable
{
    public const int Classes = 3;

    public Blobs(int rows = 300, int seed = 5)
    {
        var random = new Random(seed);
        var points = new float[rows * 2];
        var labels = new long[rows];
        for (var row = 0; row < rows; row++)
        {
            labels[row] = row % Classes;
            var angle = labels[row] * 2 * Math.PI / Classes;
            points[2 * row] = (float)(Math.Cos(angle) * 2 + Normal(random));
            points[2 * row + 1] = (float)(Math.Sin(angle) * 2 + Normal(random));
        }

        X = torch.tensor(points).reshape(rows, 2).DetachFromDisposeScope();
        Y = torch.tensor(labels).DetachFromDisposeScope();
        Source = new TensorSource(X, Y);
    }

    public torch.Tensor X { get; }

    public torch.Tensor Y { get; }

    public TensorSource Source { get; }

    public static TorchSharp.Modules.Sequential Network(int seed, double dropout = 0.1) => GlobalRandom.From(seed, () => torch.nn.Sequential(
        ("in", torch.nn.Linear(2, 16)), ("relu", torch.nn.ReLU()), ("dropout", torch.nn.Dropout(dropout)), ("out", torch.nn.Linear(16, Classes))));

    public double Accuracy(torch.nn.Module<torch.Tensor, torch.Tensor> network)
    {
        using var scope = torch.NewDisposeScope();
        using var none = torch.no_grad();
        return network.forward(X).argmax(1).eq(Y).to(torch.float32).mean().item<float>();
    }

    /// <summary>All weights, in order.</summary>
    public static float[] Weights(torch.nn.Module network) => [.. network.parameters().SelectMany(parameter => parameter.detach().data<float>().ToArray())];

    public void Dispose()
    {
        X.Dispose();
        Y.Dispose();
    }

    private static double Normal(Random random) => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
}
