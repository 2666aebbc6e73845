using Roux.Tracking;

namespace Roux.Debugging.Checks.Images;

/// <summary>Pixels that are the same in all images.</summary>
public sealed class ConstantPixelsCheck : Check<ImageSubject>
{
    private static readonly Threshold Share = new("share", 0.25, "share of the pixels that never change", "A margin of one pixel in eight on either side");

    /// <inheritdoc/>
    public override string Name => "constant-pixels";

    /// <inheritdoc/>
    public override string Definition => "A good part of the pixels has the same value in every image: a margin, a stamp, a dead sensor.";

    /// <inheritdoc/>
    public override IReadOnlyList<Threshold> Thresholds => [Share];

    /// <inheritdoc/>
    public override IReadOnlyList<string> Explains => ["constant-columns", "near-constant"];

    /// <inheritdoc/>
    public override IEnumerable<Finding> Run(ImageSubject subject, CheckContext context)
    {
        var block = subject.Train;
        var constant = Enumerable.Range(0, block.Size).Where(at => Enumerable.Range(1, Math.Max(0, block.Count - 1)).All(image => block.Pixels[image * block.Size + at].Equals(block.Pixels[at]))).ToArray();
        var share = (double)constant.Length / block.Size;
        if (block.Count < 20 || share < context.Value(Name, Share))
        {
            yield break;
        }

        yield return new Finding(Name, Severity.Low, $"{Wording.Percent(share)} of the pixels never change")
        {
            Columns = subject.Columns is null ? [] : [.. constant.Select(at => subject.Columns[at])],
            Evidence = Figures.Of(("pixels", constant.Length), ("share", share)).WithBars("Constant pixels a row", "pixels", Enumerable.Range(0, Math.Min(40, block.Height)).Select(row => ($"row {row + 1}", (double)constant.Count(at => at / block.Width % block.Height == row)))),
            Cause = "Images have a margin, a stamp or a frame, or part of the sensor is dead.",
            Fix = "Crop it off: it costs time and tells nothing.",
            Verify = "Look at the mean image.",
        };
    }
}
