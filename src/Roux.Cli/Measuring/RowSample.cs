using Roux.Learning.Data;
using Roux.Learning.Pipelines;

namespace Roux.Cli.Measuring;

/// <summary>Rows to time a model with.</summary>
internal static class RowSample
{
    /// <summary>Rows drawn at random, with the columns and the types that the model was trained with.</summary>
    /// <param name="data">At least one row.</param>
    /// <param name="pipeline">The model.</param>
    /// <param name="count">Most rows.</param>
    /// <param name="seed">Decides which.</param>
    /// <param name="warnings">Takes what did not fit.</param>
    public static Table Draw(Table data, Pipeline pipeline, int count, int seed, List<string> warnings)
    {
        var order = Enumerable.Range(0, data.RowCount).ToArray();
        new Random(seed).Shuffle(order);
        return TableSchema.Conform(data.Take(order.AsSpan(0, Math.Min(count, order.Length))), pipeline.Columns, warnings);
    }
}
