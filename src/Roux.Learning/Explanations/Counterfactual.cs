namespace Roux.Learning.Explanations;

/// <summary>A row like the one explained, but for a few columns, that the model answers differently.</summary>
/// <param name="Changes">What is changed: column, the row's own value, the other value; <c>null</c> is missing. Every other value occurs in the data.</param>
/// <param name="Prediction">What the model says of the changed row: probability of <see cref="CounterfactualSet.Goal"/>'s class, or the value.</param>
/// <param name="Answer">The same as an answer: the class, or the value.</param>
/// <param name="Distance">Mean distance over all columns, 0 to 1 (Gower 1971).</param>
public sealed record Counterfactual(IReadOnlyList<CounterfactualChange> Changes, double Prediction, string Answer, double Distance);

/// <summary>One changed column.</summary>
/// <param name="Column">Its name.</param>
/// <param name="From">The row's own value; <c>null</c> where it is missing.</param>
/// <param name="To">The other value; <c>null</c> where it is missing.</param>
public sealed record CounterfactualChange(string Column, string? From, string? To);

/// <summary>A row of the data that lies near the one explained and has another known answer.</summary>
/// <param name="Row">Its number in the data, from 0.</param>
/// <param name="Answer">Its known answer.</param>
/// <param name="Predicted">What the model says of it.</param>
/// <param name="Distance">Mean distance over all columns, 0 to 1 (Gower 1971).</param>
/// <param name="Differences">Where it differs most: the row's own value and the other one's.</param>
public sealed record ContraryExample(int Row, string Answer, string Predicted, double Distance, IReadOnlyList<CounterfactualChange> Differences);

/// <summary>What would have to be different for another answer.</summary>
/// <param name="Goal">What was sought, in words.</param>
/// <param name="Found">The fewest changes first; empty where none was found.</param>
/// <param name="Note">What the reader should know, such as why none was found; <c>null</c> for nothing.</param>
public sealed record CounterfactualSet(string Goal, IReadOnlyList<Counterfactual> Found, string? Note);
