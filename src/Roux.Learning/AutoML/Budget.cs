namespace Roux.Learning.AutoML;

/// <summary>How much a search may do: seconds on a clock, or a number of tuning trials (then nothing depends on time, and a seed repeats the whole search).</summary>
internal sealed class Budget
{
    private readonly TimeProvider clock;
    private readonly long started;

    /// <param name="time">Seconds for the whole job; <c>null</c> for no limit.</param>
    /// <param name="trials">Tuning trials; <c>null</c> for as many as the time allows.</param>
    /// <param name="spent">Time already spent in an earlier part of the same job.</param>
    /// <param name="clock">The clock.</param>
    public Budget(TimeSpan? time, int? trials, TimeSpan spent, TimeProvider clock)
    {
        Time = trials is null ? time : null;
        Trials = trials;
        Spent = spent;
        this.clock = clock;
        started = clock.GetTimestamp();
    }

    /// <summary>The limit on the clock; <c>null</c> when trials are counted instead.</summary>
    public TimeSpan? Time { get; }

    /// <summary>The limit on tuning trials; <c>null</c> when the clock decides.</summary>
    public int? Trials { get; }

    /// <summary>Time spent before this process.</summary>
    public TimeSpan Spent { get; }

    /// <summary>Time since the job began, earlier parts included.</summary>
    public TimeSpan Elapsed => Spent + clock.GetElapsedTime(started);

    /// <summary>Time until a share (0 to 1) of the whole is used up, not below zero; infinite when the clock does not decide.</summary>
    public TimeSpan Until(double share)
    {
        if (Time is not { } time)
        {
            return Timeout.InfiniteTimeSpan;
        }

        var left = time * share - Elapsed;
        return left > TimeSpan.Zero ? left : TimeSpan.Zero;
    }

    /// <summary>Seconds left of the whole; infinite when the clock does not decide.</summary>
    public double SecondsLeft => Time is { } time ? Math.Max(0, (time - Elapsed).TotalSeconds) : double.PositiveInfinity;

    /// <summary>A token that is cancelled with <paramref name="outer"/> or after the given seconds of work.</summary>
    public CancellationTokenSource Limit(double seconds, CancellationToken outer)
    {
        var source = CancellationTokenSource.CreateLinkedTokenSource(outer);
        if (Time is not null && !double.IsInfinity(seconds))
        {
            source.CancelAfter(TimeSpan.FromSeconds(Math.Max(0.001, seconds)));
        }

        return source;
    }
}
