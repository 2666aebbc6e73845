namespace Roux.Learning.Learners.Rules;

/// <summary>One rule of a <see cref="RuleSet"/>.</summary>
/// <param name="Condition">A DuckDB SQL expression over the columns of the table that is true, false or NULL (which counts as false); <c>null</c> for the final else.</param>
/// <param name="Answer">The class, or the number as text.</param>
public sealed record Rule(string? Condition, string Answer);

/// <summary>What is wrong with a rule file or with one of its rules; the message names the rule by its number, from 1.</summary>
public sealed class RuleException : Exception
{
    /// <inheritdoc/>
    public RuleException(string message) : base(message)
    {
    }

    /// <inheritdoc/>
    public RuleException(string message, Exception innerException) : base(message, innerException)
    {
    }

    /// <inheritdoc/>
    public RuleException()
    {
    }
}
