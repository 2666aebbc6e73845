using System.Runtime.ExceptionServices;

namespace Roux.Learning.Features;

/// <summary>A loop over independent pieces of work on a bounded number of threads.</summary>
internal static class ParallelLoop
{
    /// <summary>Calls <paramref name="body"/> for 0 to <paramref name="count"/> - 1; the first error of any piece is thrown as it is.</summary>
    public static void For(int count, int threads, Action<int> body, CancellationToken cancellation)
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
            ExceptionDispatchInfo.Capture(e.InnerExceptions[0]).Throw();
        }
    }
}
