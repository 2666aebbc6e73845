namespace Roux.Debugging.Checks.Images;

/// <summary>Images of one size as numbers.</summary>
/// <param name="Pixels">Images x channels x rows x columns, row-major. Held, not copied.</param>
/// <param name="Count">Number of images.</param>
/// <param name="Channels">Channels, 1 (grey) or 3 (colour) as a rule.</param>
/// <param name="Height">Rows of pixels.</param>
/// <param name="Width">Columns of pixels.</param>
public sealed record ImageBlock(float[] Pixels, int Count, int Channels, int Height, int Width)
{
    /// <summary>Numbers of one image.</summary>
    public int Size => Channels * Height * Width;

    /// <summary>The numbers of one image.</summary>
    public ReadOnlySpan<float> Image(int image) => Pixels.AsSpan(image * Size, Size);
}

/// <summary>Images to be looked at.</summary>
/// <param name="Train">Images to learn from.</param>
/// <param name="Test">Images to test on; <c>null</c>: none.</param>
/// <param name="Columns">The table columns that hold the pixels, if they come from a table.</param>
public sealed record ImageSubject(ImageBlock Train, ImageBlock? Test = null, IReadOnlyList<string>? Columns = null);
