using Roux.Tracking;

namespace Roux.Debugging.Checks.Images;

/// <summary>Images of one colour.</summary>
public sealed class BlankImagesCheck : Check<ImageSubject>
{
    private static readonly Threshold Share = new("share", 0.01, "share of the images from which on the severity is medium", "One in a hundred of which nothing can be learned");

    private static readonly Threshold Spread = new("spread", 0.01, "greatest less least pixel over the range of all images, below which an image is blank", "Less than a fortieth of what the eye tells apart on a screen");

    /// <inheritdoc/>
    public override string Name => "blank-images";

    /// <inheritdoc/>
    public override string Definition => "Images hardly vary from pixel to pixel.";

    /// <inheritdoc/>
    public override IReadOnlyList<Threshold> Thresholds => [Share, Spread];

    /// <inheritdoc/>
    public override IReadOnlyList<string> Explains => ["duplicate-images", "duplicated-rows", "conflicting-labels", "duplicates-across-splits"];

    /// <inheritdoc/>
    public override IEnumerable<Finding> Run(ImageSubject subject, CheckContext context)
    {
        var range = subject.Train.Pixels.Where(float.IsFinite).DefaultIfEmpty(0).Max() - subject.Train.Pixels.Where(float.IsFinite).DefaultIfEmpty(0).Min();
        var (train, test) = (Blank(subject.Train, range, context), subject.Test is null ? 0 : Blank(subject.Test, range, context));
        if (train + test == 0)
        {
            yield break;
        }

        var share = Math.Max((double)train / subject.Train.Count, subject.Test is null ? 0 : (double)test / subject.Test.Count);
        yield return new Finding(Name, share >= context.Value(Name, Share) ? Severity.Medium : Severity.Low, $"{Wording.Count(train + test, "image")} ({Wording.Percent(share)}) {(train + test == 1 ? "is" : "are")} blank: one colour throughout")
        {
            Columns = subject.Columns ?? [],
            Evidence = Figures.Of(("train_images", train), ("test_images", test), ("share", share)).WithBars("Images", "images", [("blank", train + test), ("others", subject.Train.Count + (subject.Test?.Count ?? 0) - train - test)]),
            Cause = "Files were missing or could not be decoded, or a mask hid all.",
            Fix = "Read them again, or leave them out.",
            Verify = "Count them again.",
        };
    }

    private int Blank(ImageBlock block, float range, CheckContext context) => Enumerable.Range(0, block.Count).Count(image =>
    {
        var (least, most) = (float.PositiveInfinity, float.NegativeInfinity);
        foreach (var pixel in block.Image(image))
        {
            (least, most) = (Math.Min(least, pixel), Math.Max(most, pixel));
        }

        return most - least <= context.Value(Name, Spread) * range;
    });
}
