using TorchSharp;

namespace Roux.Torch.Training;

/// <summary>Some rows as tensors. They live until the step ends.</summary>
/// <param name="Inputs">What the network is given, each with the rows first, such as token numbers and their mask.</param>
/// <param name="Targets">The answers: class numbers (int64, [rows]) or numbers (float32, [rows] or [rows, outputs]).</param>
/// <param name="Rows">Which rows of the source they are, in order.</param>
/// <param name="Weights">One non-negative weight a row (float32, [rows]), or <c>null</c> for equal ones.</param>
public sealed record Batch(IReadOnlyList<torch.Tensor> Inputs, torch.Tensor Targets, int[] Rows, torch.Tensor? Weights = null)
{
    /// <summary>The only input, or the first.</summary>
    public torch.Tensor Input => Inputs[0];
}
