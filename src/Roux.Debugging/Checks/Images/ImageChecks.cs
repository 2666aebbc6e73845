namespace Roux.Debugging.Checks.Images;

/// <summary>The checks of images.</summary>
public static class ImageChecks
{
    /// <summary>Every check of images.</summary>
    public static IReadOnlyList<Check<ImageSubject>> All { get; } =
    [
        new PixelRangeCheck(),
        new ChannelOrderCheck(),
        new BlankImagesCheck(),
        new DuplicateImagesCheck(),
        new ConstantPixelsCheck(),
    ];
}
