using TorchSharp;

namespace Roux.Torch;

/// <summary>
/// A stretch of work that draws random numbers from libtorch, which has one generator for the whole process: such stretches follow each
/// other, each from its own seed, so that what runs beside it changes nothing.
/// </summary>
internal static class TorchSession
{
    private static readonly Lock Turn = new();

    /// <summary>Runs the work with the generator seeded and the threads set, when those before it are done.</summary>
    /// <exception cref="OperationCanceledException">Asked to stop while waiting.</exception>
    public static T Run<T>(int seed, int threads, CancellationToken cancellation, Func<T> work)
    {
        while (!Turn.TryEnter(TimeSpan.FromMilliseconds(50)))
        {
            cancellation.ThrowIfCancellationRequested();
        }

        try
        {
            var before = TorchLibrary.Threads;
            TorchLibrary.Threads = Math.Max(1, threads);
            torch.manual_seed(seed);
            try
            {
                return work();
            }
            finally
            {
                TorchLibrary.Threads = before;
            }
        }
        finally
        {
            Turn.Exit();
        }
    }
}
