namespace Roux.Debugging.Checks;

/// <summary>A number at which a check speaks; every one can be set by the user as <c>CHECK.NAME=VALUE</c>.</summary>
/// <param name="Name">In kebab-case, such as <c>ratio</c>.</param>
/// <param name="Default">Used where nothing is set.</param>
/// <param name="Meaning">What is compared with it, with its unit and direction.</param>
/// <param name="Source">Where the default comes from: a paper, a definition, or the reasoning behind it.</param>
public sealed record Threshold(string Name, double Default, string Meaning, string Source);
