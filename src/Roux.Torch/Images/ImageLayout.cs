using System.Globalization;
using System.Text.RegularExpressions;
using Roux.Learning.Features;
using Roux.Learning.Learners;

namespace Roux.Torch.Images;

/// <summary>Where in an image each feature lies.</summary>
/// <param name="Height">Rows of the image.</param>
/// <param name="Width">Columns of the image.</param>
/// <param name="Channels">Colours.</param>
/// <param name="Places">For each feature its place (channel x rows + row) x columns + column; -1 for one that is no pixel.</param>
internal sealed partial record ImageLayout(int Height, int Width, int Channels, int[] Places)
{
    /// <summary>Most pixels of an image, so that a strange name asks for no strange memory.</summary>
    public const int MaxPixels = 1 << 20;

    private const int MaxChannels = 16;
    private static readonly string[] Parts = ["first", "second", "third"];

    /// <summary>Numbers of an image.</summary>
    public int Size => Height * Width * Channels;

    /// <summary>
    /// Finds the layout. Names that end in two numbers, such as <c>pixel_3_7</c> or <c>3x7</c>, are row and column; a third is the colour. Names that
    /// end in one, such as <c>pixel27</c>, count row by row; the width is then the setting, or the image a square. Pixels that no feature stands
    /// for (columns that never change are no features) stay empty.
    /// </summary>
    /// <param name="features">The features.</param>
    /// <param name="width">Columns of the image where names have one number; 0 for a square.</param>
    /// <param name="channels">Colours where names have one number: they follow each other pixel by pixel.</param>
    /// <exception cref="LearnerException">The names tell no image.</exception>
    public static ImageLayout Of(IReadOnlyList<Feature> features, int width, int channels)
    {
        var matches = features.Select(feature => feature.Kind is FeatureKind.Numeric or FeatureKind.Indicator ? Numbers().Match(feature.Name) : Match.Empty).ToArray();
        // The prefix and the count of numbers that most names share: other columns beside the pixels are passed over.
        var pixels = matches.Select((match, i) => (match, i)).Where(pair => pair.match.Success)
            .GroupBy(pair => (pair.match.Groups["name"].Value, Count(pair.match))).OrderByDescending(group => group.Count()).FirstOrDefault();
        if (pixels is null || pixels.Count() < 4)
        {
            throw new LearnerException("the columns are not named as the pixels of an image: a name ends in row and column, such as pixel_0_7, or in a running number, such as pixel7 (settings width and channels say how they lie)");
        }

        var found = pixels.Select(pair => (pair.i, Numbers: Parse(pair.match))).ToArray();
        return pixels.Key.Item2 == 1 ? Running(features.Count, found, width, channels) : Grid(features.Count, found);
    }

    private static ImageLayout Grid(int features, (int Feature, int[] Numbers)[] pixels)
    {
        int[] low = [.. Enumerable.Range(0, 3).Select(axis => pixels.Min(pixel => pixel.Numbers[axis]))];
        int[] size = [.. Enumerable.Range(0, 3).Select(axis => pixels.Max(pixel => pixel.Numbers[axis]) - low[axis] + 1)];
        return Place(features, size[0], size[1], size[2], pixels.Select(pixel => (pixel.Feature, pixel.Numbers[0] - low[0], pixel.Numbers[1] - low[1], pixel.Numbers[2] - low[2])));
    }

    private static ImageLayout Running(int features, (int Feature, int[] Numbers)[] pixels, int width, int channels)
    {
        var first = pixels.Any(pixel => pixel.Numbers[0] == 0) ? 0 : 1;
        var count = (pixels.Max(pixel => pixel.Numbers[0]) - first) / channels + 1;
        width = width > 0 ? width : (int)Math.Ceiling(Math.Sqrt(count));
        return Place(features, (count + width - 1) / width, width, channels, pixels.Select(pixel =>
        {
            var (number, channel) = Math.DivRem(pixel.Numbers[0] - first, channels);
            return (pixel.Feature, number / width, number % width, channel);
        }));
    }

    private static ImageLayout Place(int features, int height, int width, int channels, IEnumerable<(int Feature, int Row, int Column, int Channel)> pixels)
    {
        if (channels > MaxChannels || (long)height * width * channels > MaxPixels)
        {
            throw new LearnerException($"the columns' names speak of images of {height} x {width} x {channels}, more than {MaxPixels} numbers or {MaxChannels} colours");
        }

        var places = new int[features];
        Array.Fill(places, -1);
        foreach (var (feature, row, column, channel) in pixels)
        {
            places[feature] = (channel * height + row) * width + column;
        }

        return new ImageLayout(height, width, channels, places);
    }

    private static int Count(Match match) => match.Groups["third"].Success ? 3 : match.Groups["second"].Success ? 2 : 1;

    private static int[] Parse(Match match) =>
        [.. Parts.Select(group => match.Groups[group].Success ? int.Parse(match.Groups[group].Value, CultureInfo.InvariantCulture) : 0)];

    [GeneratedRegex(@"^(?<name>.*?)(?<first>\d{1,7})(?:[_x., -](?<second>\d{1,7}))?(?:[_x., -](?<third>\d{1,7}))?$")]
    private static partial Regex Numbers();
}
