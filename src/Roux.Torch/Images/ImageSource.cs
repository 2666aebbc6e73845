using Roux.Torch.Training;
using static TorchSharp.torch;

namespace Roux.Torch.Images;

/// <summary>Images to learn from, each moved at random a little every time.</summary>
/// <param name="images">The images.</param>
/// <param name="layout">Their size.</param>
/// <param name="answers">Their answers.</param>
/// <param name="shift">Most rows and columns that an image is moved by.</param>
internal sealed class ImageSource(ImageRows images, ImageLayout layout, NetworkAnswers answers, int shift) : BatchSource
{
    public override int Rows => images.Count;

    public override Batch Take(int[] rows, Device device)
    {
        // Drawn from libtorch's generator, whose state is part of a checkpoint.
        var shifts = shift > 0 ? randint(-shift, shift + 1, [rows.Length, 2], ScalarType.Int64).data<long>().ToArray() : [];
        return answers.Batch(rows, device, tensor(images.Take(rows, shifts), [rows.Length, layout.Channels, layout.Height, layout.Width]));
    }
}
