namespace Roux.Server.Components.Debugging;

/// <summary>A row that a model was asked about.</summary>
/// <param name="Answer">The known answer.</param>
/// <param name="Predicted">What the model says.</param>
/// <param name="Sureness">The probability of what it says; NaN for numbers.</param>
/// <param name="Loss">How wrong it is.</param>
/// <param name="Cells">The row by column.</param>
public sealed record ExampleRow(string Answer, string Predicted, double Sureness, double Loss, IReadOnlyList<(string Column, string? Value)> Cells);
