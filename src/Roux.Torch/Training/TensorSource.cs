using TorchSharp;

namespace Roux.Torch.Training;

/// <summary>Rows that lie in tensors as a whole. The tensors stay the caller's and outlive the source.</summary>
/// <param name="inputs">Each [rows, …].</param>
/// <param name="targets">[rows] or [rows, outputs].</param>
/// <param name="weights">[rows], or <c>null</c>.</param>
public sealed class TensorSource(IReadOnlyList<torch.Tensor> inputs, torch.Tensor targets, torch.Tensor? weights = null) : BatchSource
{
    /// <inheritdoc cref="TensorSource(IReadOnlyList{torch.Tensor}, torch.Tensor, torch.Tensor?)"/>
    public TensorSource(torch.Tensor input, torch.Tensor targets, torch.Tensor? weights = null) : this([input], targets, weights)
    {
    }

    /// <inheritdoc/>
    public override int Rows => (int)targets.shape[0];

    /// <inheritdoc/>
    public override Batch Take(int[] rows, torch.Device device)
    {
        var index = torch.tensor(Array.ConvertAll(rows, row => (long)row), device: targets.device);
        var taken = new torch.Tensor[inputs.Count];
        for (var i = 0; i < taken.Length; i++)
        {
            taken[i] = On(inputs[i].index_select(0, index), device);
        }

        return new Batch(taken, On(targets.index_select(0, index), device), rows, weights is null ? null : On(weights.index_select(0, index), device));
    }

    private static torch.Tensor On(torch.Tensor tensor, torch.Device device) => tensor.device_type == device.type ? tensor : tensor.to(device);
}
