using TorchSharp;
using static TorchSharp.torch;

namespace Roux.Torch.Probes;

/// <summary>The shorter sequences of a batch of tokens, as filled up as they are, and with the filling cut off that none of them needs.</summary>
/// <param name="Filled">Inputs of these rows.</param>
/// <param name="Trimmed">The same with fewer places.</param>
/// <param name="Rows">Number of rows.</param>
internal sealed record TokenPadding(IReadOnlyList<Tensor> Filled, IReadOnlyList<Tensor> Trimmed, int Rows)
{
    /// <summary>Finds filling: one number at the end of a quarter of the rows or more that stands nowhere else.</summary>
    /// <param name="inputs">Inputs of a batch, token numbers first.</param>
    /// <returns><c>null</c> where there is none.</returns>
    public static TokenPadding? Of(IReadOnlyList<Tensor> inputs)
    {
        if (inputs[0].dim() != 2 || inputs[0].is_floating_point() || inputs[0].shape is not [>= 4, >= 4])
        {
            return null;
        }

        var (rows, places) = ((int)inputs[0].shape[0], (int)inputs[0].shape[1]);
        var ids = inputs[0].to(ScalarType.Int64).cpu().contiguous().data<long>().ToArray();
        var padding = Enumerable.Range(0, rows).CountBy(row => ids[row * places + places - 1]).MaxBy(pair => pair.Value);
        var lengths = Enumerable.Range(0, rows).Select(row => Length(ids.AsSpan(row * places, places), padding.Key)).ToArray();
        var inside = Enumerable.Range(0, rows).Any(row => ids.AsSpan(row * places, lengths[row]).Contains(padding.Key));
        var filled = lengths.Where(length => length > 0 && length < places).Order().ToArray();
        if (inside || filled.Length < 2 || filled.Length < rows / 4 || filled[filled.Length / 2] is var longest && longest < 2)
        {
            return null;
        }

        var kept = Enumerable.Range(0, rows).Where(row => lengths[row] > 0 && lengths[row] <= longest).Select(row => (long)row).ToArray();
        var index = tensor(kept, device: inputs[0].device);
        Tensor[] whole = [.. inputs.Select(input => input.index_select(0, index))];
        return new TokenPadding(whole, [.. whole.Select(input => input.dim() == 2 && input.shape[1] == places ? input.narrow(1, 0, longest) : input)], kept.Length);
    }

    private static int Length(ReadOnlySpan<long> row, long padding) => row.LastIndexOfAnyExcept(padding) + 1;
}
