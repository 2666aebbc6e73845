namespace Roux.Learning.AutoML;

/// <summary>A condition on one column, as a building stone of rules.</summary>
/// <param name="Sql">In the language of rule files.</param>
/// <param name="Column">The column.</param>
/// <param name="Rows">The rows on which it is true.</param>
internal sealed record RuleAtom(string Sql, string Column, ulong[] Rows);
