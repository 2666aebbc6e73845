using Roux.Tracking;

namespace Roux.Debugging.Checks.Images;

/// <summary>A check of images on the pixel columns of a table; finds nothing where there are none.</summary>
internal sealed class PixelCheck(Check<ImageSubject> check) : Check<TableSubject>
{
    /// <inheritdoc/>
    public override string Name => check.Name;

    /// <inheritdoc/>
    public override string Definition => check.Definition;

    /// <inheritdoc/>
    public override IReadOnlyList<Threshold> Thresholds => check.Thresholds;

    /// <inheritdoc/>
    public override IReadOnlyList<string> Explains => check.Explains;

    /// <inheritdoc/>
    public override IEnumerable<Finding> Run(TableSubject subject, CheckContext context) =>
        subject.Images is { } images ? check.Run(images, context) : [];
}
