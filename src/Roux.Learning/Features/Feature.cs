namespace Roux.Learning.Features;

/// <summary>One column of a feature matrix.</summary>
/// <param name="Name">Unique within the matrix, such as <c>Director=Ang Lee</c> or <c>Plot~"space ship"</c>.</param>
/// <param name="Source">The table column that it was made from.</param>
/// <param name="Kind">What its numbers mean.</param>
/// <param name="Levels">For <see cref="FeatureKind.Category"/>: number of codes, which run from 0 to Levels - 1. For <see cref="FeatureKind.Token"/>: number of word pieces.</param>
public sealed record Feature(string Name, string Source, FeatureKind Kind, int Levels = 0);

/// <summary>What the numbers of a feature mean.</summary>
public enum FeatureKind
{
    /// <summary>A quantity.</summary>
    Numeric,

    /// <summary>An integer code without order; NaN for a level that was not seen in training, or missing.</summary>
    Category,

    /// <summary>0 or 1.</summary>
    Indicator,

    /// <summary>Weight of a term in a text.</summary>
    Text,

    /// <summary>An id of a word piece plus 1, or 0 where a text has ended.</summary>
    Token,
}
