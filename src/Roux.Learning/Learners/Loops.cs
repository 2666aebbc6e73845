using System.Diagnostics.CodeAnalysis;
using System.Runtime.ExceptionServices;

namespace Roux.Learning.Learners;

/// <summary>Loops over independent pieces of work. What a piece computes never depends on the thread that does it or on how many there are.</summary>
[SuppressMessage("Design", "CA1068:CancellationToken parameters must come last", Justification = "The body of a loop comes last, as in the language.")]
internal static class Loops
{
    /// <summary>Runs <paramref name="body"/> for 0 .. count - 1 on at most <paramref name="threads"/> threads.</summary>
    /// <exception cref="OperationCanceledException">Asked to stop.</exception>
    public static void For(int count, int threads, CancellationToken cancellation, Action<int> body)
    {
        if (threads <= 1 || count <= 1)
        {
            for (var i = 0; i < count; i++)
            {
                cancellation.ThrowIfCancellationRequested();
                body(i);
            }

            return;
        }

        try
        {
            Parallel.For(0, count, new ParallelOptions { MaxDegreeOfParallelism = threads, CancellationToken = cancellation }, body);
        }
        catch (AggregateException e)
        {
            // One failure says enough, and a caller expects the exception that the work threw.
            ExceptionDispatchInfo.Throw(e.Flatten().InnerExceptions[0]);
        }
    }

    /// <summary>Runs <paramref name="body"/>(first, end, block) over [0, count) cut into blocks of a size that does not depend on the number of threads.</summary>
    public static void Blocks(int count, int blockSize, int threads, CancellationToken cancellation, Action<int, int, int> body)
    {
        var blocks = (int)(((long)count + blockSize - 1) / blockSize);
        For(blocks, threads, cancellation, block => body(block * blockSize, Math.Min(count, (block + 1) * blockSize), block));
    }
}
