using Microsoft.Extensions.Hosting;
using Roux.Tracking;
using Roux.Tracking.Search;
using Roux.Tracking.Service;

namespace Roux.Server.Retention;

/// <summary>Begins cleanups by the clock.</summary>
internal sealed class RetentionTimer(CleanupJob job, RetentionSchedule schedule, TimeProvider time) : BackgroundService
{
    private const string Actor = "server";

    /// <exception cref="ServerException">The filter of the rules is not understood.</exception>
    public static void Check(RetentionSchedule? schedule)
    {
        if (schedule?.Rules.Filter is { } filter)
        {
            try
            {
                FilterParser.ParseFilter(filter);
            }
            catch (TrackingException exception)
            {
                throw new ServerException($"--gc-filter: {exception.Message}");
            }
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(schedule.Every, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken).ConfigureAwait(false))
            {
                try
                {
                    await job.Start(schedule.Rules, trial: false, Actor).WaitAsync(stoppingToken).ConfigureAwait(false);
                }
                catch (ServiceException)
                {
                    // An admin's cleanup is under way: this one waits for its next turn.
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The server stops.
        }
    }
}
