using Roux.Learning.Data;

namespace Roux.Debugging.Checks;

/// <summary>Rows with their answers and what a model says of them.</summary>
/// <param name="Answers">The known answers.</param>
/// <param name="Predictions">The model's, for the same rows in the same order.</param>
/// <param name="Table">The rows themselves; <c>null</c> where only answers and predictions are known.</param>
public sealed record JudgedRows(Target Answers, Predictions Predictions, Table? Table = null)
{
    /// <summary>Number of rows.</summary>
    public int Count => Answers.Count;

    /// <summary>The given rows, in the given order.</summary>
    public JudgedRows Take(int[] rows) => new(Answers.Take(rows), Predictions.Take(rows), Table?.Take(rows));

    /// <summary>These rows, or of more than <paramref name="most"/> as many in even steps.</summary>
    public JudgedRows AtMost(int most) => Count <= most ? this : Take([.. Enumerable.Range(0, most).Select(i => (int)((long)i * Count / most))]);
}
