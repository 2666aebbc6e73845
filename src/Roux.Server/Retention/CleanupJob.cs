using System.Diagnostics;
using Microsoft.Extensions.Logging;
using Roux.Server.Telemetry;
using Roux.Tracking;
using Roux.Tracking.Service;

namespace Roux.Server.Retention;

/// <summary>Cleanups of a server, one at a time, in the background: a page that goes away does not end one.</summary>
internal sealed class CleanupJob(TrackingService service, ServerTelemetry telemetry, TimeProvider time, ILogger<CleanupJob> log) : IDisposable
{
    private const string Job = "gc";

    private readonly Lock starting = new();
    private readonly CancellationTokenSource stopping = new();
    private volatile CleanupState? state;
    private Task work = Task.CompletedTask;

    /// <summary>The latest cleanup; <c>null</c>: none since the start.</summary>
    public CleanupState? State => state;

    /// <summary>Begins one.</summary>
    /// <param name="rules">What goes.</param>
    /// <param name="trial">Whether to look only.</param>
    /// <param name="actor">Who asks.</param>
    /// <returns>The task of it.</returns>
    /// <exception cref="ServiceException">One is under way.</exception>
    public Task Start(CleanupOptions rules, bool trial, string actor)
    {
        lock (starting)
        {
            if (!work.IsCompleted)
            {
                throw new ServiceException(ServiceError.Conflict, "a cleanup is under way; wait for its end");
            }

            state = new CleanupState(actor, time.GetUtcNow(), trial) { Rules = rules, Progress = "reading the store" };
            return work = Task.Factory.StartNew(() => Run(rules with { Actor = actor }, trial), stopping.Token, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        }
    }

    /// <summary>Ends one that is under way after its present batch.</summary>
    public void Dispose()
    {
        stopping.Cancel();
        try
        {
            work.Wait(TimeSpan.FromSeconds(10));
        }
        catch (AggregateException exception) when (exception.InnerExceptions.All(inner => inner is OperationCanceledException))
        {
            // It had not begun.
        }

        stopping.Dispose();
    }

    private void Run(CleanupOptions rules, bool trial)
    {
        var started = Stopwatch.GetTimestamp();
        var progress = new Told(message => state = state! with { Progress = message });
        try
        {
            var report = trial ? StoreCleanup.Look(service.Tracker, rules, progress, stopping.Token) : StoreCleanup.Run(service.Tracker, rules, progress, stopping.Token);
            state = state! with { Report = report, Ended = time.GetUtcNow(), Progress = null };
            telemetry.Meter.Job(Job, Stopwatch.GetElapsedTime(started), succeeded: report.Problems.Count == 0);
        }
        catch (Exception exception) when (exception is TrackingException or OperationCanceledException or IOException or UnauthorizedAccessException)
        {
            var told = exception is TrackingException;
            state = state! with { Problem = told ? exception.Message : exception is OperationCanceledException ? "the server was stopped" : "files could not be read or removed; the server's log has the details", Ended = time.GetUtcNow(), Progress = null };
            telemetry.Meter.Job(Job, Stopwatch.GetElapsedTime(started), succeeded: false);
            if (exception is not OperationCanceledException)
            {
                log.LogError(exception, "The cleanup ended early; the next one goes on");
            }
        }
    }

    private sealed class Told(Action<string> tell) : IProgress<string>
    {
        public void Report(string value) => tell(value);
    }
}
