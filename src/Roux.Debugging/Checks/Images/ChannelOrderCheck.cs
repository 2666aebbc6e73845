using Roux.Tracking;

namespace Roux.Debugging.Checks.Images;

/// <summary>Colour images whose channels are in another order (BGR for RGB), or whose numbers are laid out otherwise (channels last).</summary>
public sealed class ChannelOrderCheck : Check<ImageSubject>
{
    private static readonly Threshold Nearer = new("nearer", 3, "how many times nearer the test images' channel figures come to those of training when first and last channel are exchanged", "Exposure moves all channels; an exchange moves two of them by just their difference");

    private static readonly Threshold Rougher = new("rougher", 2, "difference between neighbouring pixels as laid out, over that of the other layout", "Neighbours in a picture are alike; numbers read in the wrong order are not");

    /// <inheritdoc/>
    public override string Name => "channel-order";

    /// <inheritdoc/>
    public override string Definition => "Mean and deviation of the channels agree between training and test images only when red and blue are exchanged; or pixels that should be neighbours are far less alike than under the other layout of channels.";

    /// <inheritdoc/>
    public override IReadOnlyList<Threshold> Thresholds => [Nearer, Rougher];

    /// <inheritdoc/>
    public override IReadOnlyList<string> Explains => ["column-drift", "domain-drift"];

    /// <inheritdoc/>
    public override IEnumerable<Finding> Run(ImageSubject subject, CheckContext context)
    {
        if (subject.Train.Channels != 3)
        {
            yield break;
        }

        foreach (var (block, whose) in new[] { (subject.Train, "The images"), (subject.Test, "The test images") })
        {
            if (block is not null && Roughness(block, planes: true) / Roughness(block, planes: false) is var ratio && ratio >= context.Value(Name, Rougher))
            {
                yield return new Finding(Name, Severity.High, $"{whose} seem to be laid out with the channels last, though read with the channels first: neighbours differ {Wording.Number(ratio)} times as much as under the other layout")
                {
                    Columns = subject.Columns ?? [],
                    Evidence = Figures.Of(("ratio", ratio)).WithBars("Difference between neighbouring pixels", "mean", [("as read", Roughness(block, planes: true)), ("the other layout", Roughness(block, planes: false))]),
                    Cause = "Height x width x channels was read as channels x height x width.",
                    Fix = "Permute the axes once, where images are read.",
                    Verify = "Look at some images.",
                };
                yield break;
            }
        }

        if (subject.Test is not { } test || subject.Train.Count < 20 || test.Count < 20)
        {
            yield break;
        }

        var (a, b) = (Channels(subject.Train), Channels(test));
        var (straight, swapped) = (Distance(a, b, [0, 1, 2]), Distance(a, b, [2, 1, 0]));

        // Beyond what the test images vary by: the straight distance must itself be sure.
        if (swapped > 0 && straight / swapped >= context.Value(Name, Nearer) && straight > 3 * Math.Sqrt(6.0 / test.Count))
        {
            yield return new Finding(Name, Severity.High, $"Red and blue seem to be exchanged in the test images: their channels come {Wording.Number(straight / swapped)} times nearer to those of training when exchanged")
            {
                Columns = subject.Columns ?? [],
                Evidence = Figures.Of(("distance", straight), ("distance_exchanged", swapped)).WithPairs("Mean of each channel", "mean", "training", "test", Enumerable.Range(0, 3).Select(k => ($"channel {k + 1}", a[k].Mean, b[k].Mean))),
                Cause = "One side was read by a library that gives blue first (OpenCV), the other by one that gives red first.",
                Fix = "Read both with the same library, or reverse the channels once.",
                Verify = "The channels' means agree; look at some images.",
            };
        }
    }

    private static (double Mean, double Deviation)[] Channels(ImageBlock block)
    {
        var plane = block.Height * block.Width;
        return [.. Enumerable.Range(0, block.Channels).Select(channel =>
        {
            var means = Enumerable.Range(0, block.Count).Select(image =>
            {
                var sum = 0.0;
                foreach (var pixel in block.Image(image).Slice(channel * plane, plane))
                {
                    sum += pixel;
                }

                return sum / plane;
            }).ToArray();
            var mean = means.Average();
            return (mean, Math.Sqrt(means.Sum(value => (value - mean) * (value - mean)) / means.Length));
        })];
    }

    /// <summary>Distance of the channels' means in deviations between images.</summary>
    private static double Distance((double Mean, double Deviation)[] a, (double Mean, double Deviation)[] b, int[] order) =>
        Math.Sqrt(Enumerable.Range(0, 3).Sum(k => Math.Pow((a[k].Mean - b[order[k]].Mean) / Math.Max(1e-12, a[k].Deviation), 2)));

    /// <summary>Mean difference between horizontal neighbours: of channels first (planes), or of channels last.</summary>
    private static double Roughness(ImageBlock block, bool planes)
    {
        var (sum, count) = (0.0, 0L);
        for (var image = 0; image < Math.Min(block.Count, 100); image++)
        {
            var pixels = block.Image(image);
            var (rows, length, step) = planes ? (block.Channels * block.Height, block.Width, 1) : (block.Height, block.Width * block.Channels, block.Channels);
            for (var row = 0; row < rows; row++)
            {
                for (var at = 0; at + step < length; at++)
                {
                    sum += Math.Abs(pixels[row * length + at] - pixels[row * length + at + step]);
                    count++;
                }
            }
        }

        return count == 0 ? double.NaN : sum / count;
    }
}
