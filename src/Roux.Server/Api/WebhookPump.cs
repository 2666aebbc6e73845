using System.Diagnostics;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Roux.Server.Telemetry;
using Roux.Tracking;
using Roux.Tracking.Registry;

namespace Roux.Server.Api;

/// <summary>Sends what webhooks are to be told while the server runs.</summary>
internal sealed class WebhookPump(Tracker tracker, WebhookOptions options, TimeProvider time, ServerTelemetry telemetry, ILogger<WebhookPump> log) : BackgroundService
{
    private const string Job = "webhooks";

    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var sender = new WebhookSender(options, time);
        using var timer = new PeriodicTimer(Pause);
        var webhooks = new ModelWebhooks(tracker, "server");
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken).ConfigureAwait(false))
            {
                var started = Stopwatch.GetTimestamp();
                try
                {
                    while (await webhooks.SendDueAsync(sender, options, stoppingToken).ConfigureAwait(false) > 0)
                    {
                        telemetry.Meter.Job(Job, Stopwatch.GetElapsedTime(started), succeeded: true);
                        started = Stopwatch.GetTimestamp();
                    }
                }
                catch (TrackingException exception)
                {
                    telemetry.Meter.Job(Job, Stopwatch.GetElapsedTime(started), succeeded: false);
                    log.LogError(exception, "webhooks could not be sent; trying again");
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The server stops. What was under way is tried again by the next one.
        }
    }
}
