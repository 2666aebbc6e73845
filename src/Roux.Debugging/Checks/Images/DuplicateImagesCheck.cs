using Roux.Debugging.Checks.Data;
using Roux.Tracking;

namespace Roux.Debugging.Checks.Images;

/// <summary>Images that are the same as others, but for brightness and small changes.</summary>
public sealed class DuplicateImagesCheck : Check<ImageSubject>
{
    private static readonly Threshold Share = new("share", 0.01, "share of the test images with a copy in training (or of the training images with one before them) from which on the severity is medium", "One in a hundred moves a score by less than its usual interval");

    private static readonly Threshold Half = new("half", 0.5, "share of the test images from which on the severity is high", "The score is then mostly one of memory");

    private const int Grid = 8, Shades = 12;

    /// <inheritdoc/>
    public override string Name => "duplicate-images";

    /// <inheritdoc/>
    public override string Definition => "Images agree in all of 8 x 8 coarse fields in 12 shades (or pixel by pixel, where they are no larger).";

    /// <inheritdoc/>
    public override IReadOnlyList<Threshold> Thresholds => [Share, Half];

    /// <inheritdoc/>
    public override IReadOnlyList<string> Explains => ["duplicated-rows"];

    /// <inheritdoc/>
    public override IEnumerable<Finding> Run(ImageSubject subject, CheckContext context)
    {
        var train = Prints(subject.Train);
        var known = train.OfType<ulong>().ToHashSet();
        var across = subject.Test is null ? 0 : Prints(subject.Test).Count(print => print is { } of && known.Contains(of));
        var within = train.OfType<ulong>().Count() - known.Count;
        if (across + within == 0)
        {
            yield break;
        }

        var share = across > 0 ? (double)across / subject.Test!.Count : (double)within / subject.Train.Count;
        yield return new Finding(Name, across > 0 && share >= context.Value(Name, Half) ? Severity.High : share >= context.Value(Name, Share) ? Severity.Medium : Severity.Low,
            across > 0 ? $"{Wording.Count(across, "test image")} ({Wording.Percent(share)}) are in training, too" : $"{Wording.Count(within, "image")} ({Wording.Percent(share)}) are copies of others")
        {
            Columns = subject.Columns ?? [],
            Evidence = Figures.Of(("across", across), ("within", within), ("share", share)).WithBars("Copies", "images", [("test images in training", across), ("training images twice", within)]),
            Cause = "Images were gathered twice, are neighbours in a film, or were multiplied before the split.",
            Fix = "Keep one of each; split by film or by thing; multiply within training alone.",
            Verify = "No image is on both sides.",
        };
    }

    /// <summary>A hash of the coarse picture; <c>null</c> for blank images.</summary>
    private static ulong?[] Prints(ImageBlock block) => [.. Enumerable.Range(0, block.Count).Select(image => Print(block, block.Image(image)))];

    private static ulong? Print(ImageBlock block, ReadOnlySpan<float> pixels)
    {
        var (rows, columns) = (Math.Min(Grid, block.Height), Math.Min(Grid, block.Width));
        var exact = block.Height <= Grid && block.Width <= Grid;
        var fields = new double[block.Channels * rows * columns];
        var counts = new int[fields.Length];
        for (var at = 0; at < pixels.Length; at++)
        {
            var (channel, row, column) = (at / (block.Height * block.Width), at / block.Width % block.Height, at % block.Width);
            var field = (channel * rows + row * rows / block.Height) * columns + column * columns / block.Width;
            fields[field] += pixels[at];
            counts[field]++;
        }

        for (var i = 0; i < fields.Length; i++)
        {
            fields[i] /= counts[i];
        }

        var (least, most) = (fields.Min(), fields.Max());
        if (!(most > least))
        {
            return null;
        }

        var hash = 0UL;
        foreach (var field in fields)
        {
            hash = RowPrints.Mix(hash * 31 + (exact ? BitConverter.DoubleToUInt64Bits(field) : (ulong)((field - least) / (most - least) * (Shades - 1) + 0.5)));
        }

        return hash;
    }
}
