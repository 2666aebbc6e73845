using Roux.Learning.Data;

namespace Roux.Debugging.Behaviour;

/// <summary>How a model did in a behavioural test.</summary>
/// <param name="Test">The test.</param>
/// <param name="Rows">Rows that it was tried on.</param>
/// <param name="Failed">Rows that failed, as places in <paramref name="Before"/>, the worst first.</param>
/// <param name="Before">The rows as they were.</param>
/// <param name="After">The rows as they were changed; the same where nothing is changed.</param>
/// <param name="From">The watched output of each row before: a probability, or a number.</param>
/// <param name="To">The same after.</param>
public sealed record BehaviourResult(BehaviourTest Test, int Rows, IReadOnlyList<int> Failed, Table Before, Table After, double[] From, double[] To)
{
    /// <summary>Share of the rows that failed; 0 without rows.</summary>
    public double FailureRate => Rows == 0 ? 0 : (double)Failed.Count / Rows;

    /// <summary>Whether no more failed than the test allows.</summary>
    public bool Passed => FailureRate <= Test.AllowedFailures;
}
