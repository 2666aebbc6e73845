namespace Roux.Tracking;

/// <summary>How events are sent. Change single settings with <c>with</c>.</summary>
public sealed record WebhookOptions
{
    /// <summary>Also send to this machine and to private networks. Off by default: whoever may add a webhook could otherwise make the server reach what only it can.</summary>
    public bool AllowPrivate { get; init; }

    /// <summary>Attempts before a delivery is given up. Default: 8, over about half a day.</summary>
    public int MostAttempts { get; init; } = 8;

    /// <summary>Wait before the second attempt; each further one waits four times as long. Default: 10 seconds.</summary>
    public TimeSpan FirstDelay { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>The longest wait between attempts. Default: 6 hours.</summary>
    public TimeSpan LongestDelay { get; init; } = TimeSpan.FromHours(6);

    /// <summary>How long a receiver may take to answer. Default: 10 seconds.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Wait after so many failed attempts.</summary>
    internal TimeSpan DelayAfter(int attempts)
    {
        var factor = Math.Pow(4, Math.Min(attempts - 1, 30));
        return TimeSpan.FromSeconds(Math.Min(FirstDelay.TotalSeconds * factor, LongestDelay.TotalSeconds));
    }
}
