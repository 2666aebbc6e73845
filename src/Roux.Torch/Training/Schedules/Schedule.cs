namespace Roux.Torch.Training.Schedules;

/// <summary>How the learning rate goes over a training, as a factor of the one that was set. A schedule of its own derives from it.</summary>
public abstract record Schedule
{
    /// <summary>Share of all steps, in [0, 1), over which the rate first rises from near 0 in a straight line.</summary>
    public double Warmup { get; init; }

    /// <summary>The factor of a step.</summary>
    /// <param name="step">From 0.</param>
    /// <param name="steps">Steps of the whole training, at least 1.</param>
    public double Factor(long step, long steps)
    {
        var warm = (long)Math.Ceiling(Math.Clamp(Warmup, 0, 0.999) * steps);
        return step < warm
            ? (step + 1.0) / (warm + 1)
            : After(Math.Clamp((double)(step - warm) / Math.Max(1, steps - warm), 0, 1));
    }

    /// <summary>The factor after the warm-up.</summary>
    /// <param name="progress">Share of the remaining steps that are done, in [0, 1].</param>
    protected abstract double After(double progress);
}

/// <summary>The same rate throughout (after the warm-up).</summary>
public sealed record ConstantSchedule : Schedule
{
    /// <inheritdoc/>
    protected override double After(double progress) => 1;
}

/// <summary>Down to 0 in a straight line, as BERT is fine-tuned (Devlin and others 2019).</summary>
public sealed record LinearSchedule : Schedule
{
    /// <inheritdoc/>
    protected override double After(double progress) => 1 - progress;
}

/// <summary>Down along half a cosine (Loshchilov and Hutter, SGDR, ICLR 2017, without restarts).</summary>
public sealed record CosineSchedule : Schedule
{
    /// <summary>The factor at the end.</summary>
    public double Floor { get; init; } = 0.01;

    /// <inheritdoc/>
    protected override double After(double progress) => Floor + (1 - Floor) * 0.5 * (1 + Math.Cos(Math.PI * progress));
}

/// <summary>Up from a 25th to the full rate and down to nearly nothing, along cosines (Smith and Topin, Super-Convergence, 2018).</summary>
public sealed record OneCycleSchedule : Schedule
{
    /// <summary>Share of the steps on the way up, in (0, 1).</summary>
    public double Rise { get; init; } = 0.3;

    /// <inheritdoc/>
    protected override double After(double progress) => progress < Rise
        ? Between(1.0 / 25, 1, progress / Rise)
        : Between(1, 1e-4, (progress - Rise) / (1 - Rise));

    private static double Between(double from, double to, double share) => to + (from - to) * 0.5 * (1 + Math.Cos(Math.PI * share));
}

/// <summary>Lower each time that the validation loss (the training loss where nothing is held out) has not fallen for some passes.</summary>
public sealed record PlateauSchedule : Schedule
{
    /// <summary>Passes without a better loss.</summary>
    public int Patience { get; init; } = 5;

    /// <summary>By which the rate is multiplied, in (0, 1).</summary>
    public double Cut { get; init; } = 0.5;

    /// <summary>The lowest factor.</summary>
    public double Floor { get; init; } = 1e-3;

    /// <inheritdoc/>
    protected override double After(double progress) => 1;
}
