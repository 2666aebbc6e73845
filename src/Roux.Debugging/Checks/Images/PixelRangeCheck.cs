using Roux.Tracking;

namespace Roux.Debugging.Checks.Images;

/// <summary>Images whose numbers run over another range than the others' (0 to 255 beside 0 to 1).</summary>
public sealed class PixelRangeCheck : Check<ImageSubject>
{
    private static readonly Threshold Ratio = new("ratio", 8, "ratio of the greatest pixels of two parts of the images", "0 to 255 against 0 to 1 is 255, against 0 to 16 it is 16; exposure hardly makes 8");

    private static readonly Threshold Share = new("share", 0.01, "share of the images that are on the other scale", "Fewer may be truly dark");

    /// <inheritdoc/>
    public override string Name => "pixel-range";

    /// <inheritdoc/>
    public override string Definition => "Some images, or all test images, run over another range of numbers than the others, or hold numbers that are none.";

    /// <inheritdoc/>
    public override IReadOnlyList<Threshold> Thresholds => [Ratio, Share];

    /// <inheritdoc/>
    public override IReadOnlyList<string> Explains => ["column-drift", "domain-drift", "outliers", "extreme-values", "sentinel-values", "channel-order", "near-constant"];

    /// <inheritdoc/>
    public override IEnumerable<Finding> Run(ImageSubject subject, CheckContext context)
    {
        var train = Greatest(subject.Train);
        if (subject.Train.Pixels.Count(pixel => !float.IsFinite(pixel)) is > 0 and var wrong)
        {
            yield return new Finding(Name, Severity.Medium, $"{Wording.Count(wrong, "pixel")} of the images {(wrong == 1 ? "is no number" : "are no numbers")} (missing or infinite)")
            {
                Columns = subject.Columns ?? [],
                Evidence = Figures.Of(("pixels", wrong)),
                Cause = "Images were cut off, or divided by zero when they were scaled.",
                Fix = "Leave these images out, or read them again.",
                Verify = "Count them again.",
            };
        }

        var limit = context.Value(Name, Ratio);
        if (subject.Test is { } test && Greatest(test) is var tested && Median(tested) / Median(train) is var ratio && double.IsFinite(ratio) && ratio > 0 && (ratio >= limit || ratio <= 1 / limit))
        {
            yield return Tell(subject, $"Test images reach {Wording.Number(Median(tested))}, training images {Wording.Number(Median(train))}: they are on another scale", Severity.High,
                ("ratio", ratio), [("training", Median(train)), ("test", Median(tested))]);
            yield break;
        }

        // Two groups of images with a wide gap between their greatest pixels; dark images fill such a gap.
        var sorted = train.Where(value => value > 0).Order().ToArray();
        for (var i = 1; i < sorted.Length; i++)
        {
            var less = Math.Min(i, sorted.Length - i);
            if (sorted[i] >= limit * sorted[i - 1] && less >= Math.Max(3, context.Value(Name, Share) * train.Length))
            {
                yield return Tell(subject, $"{Wording.Count(less, "image")} of {train.Length:N0} are on another scale: some reach at most {Wording.Number(sorted[i - 1])}, the others at least {Wording.Number(sorted[i])}", Severity.High,
                    ("images", less), [("one part, at most", sorted[i - 1]), ("the other, at least", sorted[i])]);
                yield break;
            }
        }
    }

    private Finding Tell(ImageSubject subject, string message, Severity severity, (string, double) figure, (string, double)[] bars) => new(Name, severity, message)
    {
        Columns = subject.Columns ?? [],
        Evidence = Figures.Of(figure).WithBars("Greatest pixel of an image", "value", bars),
        Cause = "Some images were divided by 255 and others were not, or were read at another depth.",
        Fix = "Scale all images alike, in one place that training and use share.",
        Verify = "Least and greatest pixel agree on both sides.",
    };

    private static double[] Greatest(ImageBlock block) => [.. Enumerable.Range(0, block.Count).Select(image =>
    {
        var most = 0.0;
        foreach (var pixel in block.Image(image))
        {
            most = float.IsFinite(pixel) ? Math.Max(most, Math.Abs(pixel)) : most;
        }

        return most;
    })];

    private static double Median(double[] values) => values.Length == 0 ? double.NaN : values.Order().ElementAt(values.Length / 2);
}
