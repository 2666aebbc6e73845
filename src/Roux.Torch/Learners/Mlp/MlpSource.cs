using Roux.Learning.Data;
using Roux.Learning.Learners;
using Roux.Torch.Training;
using TorchSharp;

namespace Roux.Torch.Learners.Mlp;

/// <summary>Some rows of a training set as batches for <see cref="MlpNetwork"/>: numbers, and codes where there are categories.</summary>
/// <param name="training">All rows.</param>
/// <param name="inputs">How features become inputs.</param>
/// <param name="answers">One per row: in the unit that is learned, or the class.</param>
/// <param name="weights">One per row, or <c>null</c>.</param>
/// <param name="rows">The rows that are meant.</param>
internal sealed class MlpSource(TrainingSet training, MlpInputs inputs, float[] answers, float[]? weights, int[] rows) : BatchSource
{
    public override int Rows => rows.Length;

    public override Batch Take(int[] which, torch.Device device)
    {
        var (count, categories) = (which.Length, inputs.Levels.Count);
        var numbers = new float[count * inputs.Width];
        var codes = new int[count * categories];
        for (var i = 0; i < count; i++)
        {
            inputs.Fill(training.X, rows[which[i]], numbers.AsSpan(i * inputs.Width, inputs.Width), codes.AsSpan(i * categories, categories));
        }

        List<torch.Tensor> taken = [torch.tensor(numbers, [count, inputs.Width])];
        if (categories > 0)
        {
            taken.Add(torch.tensor(codes, [count, categories]).to(torch.int64));
        }

        var targets = training.Y.Task == TaskKind.Multiclass
            ? torch.tensor(Array.ConvertAll(which, row => (long)training.Y.Labels[rows[row]]))
            : torch.tensor(Array.ConvertAll(which, row => answers[rows[row]]));
        return new Batch(taken, targets, which, weights is null ? null : torch.tensor(Array.ConvertAll(which, row => weights[rows[row]])));
    }
}
