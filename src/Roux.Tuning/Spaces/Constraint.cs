namespace Roux.Tuning;

/// <summary>
/// A known constraint in words, such as <c>layers * width &lt;= 4096</c> or <c>booster != 'linear' or depth &lt; 4</c>. There are numbers, texts in
/// quotes, parameters, <c>+ - * / % ^</c>, comparisons, <c>and or not</c>, parentheses, and <c>min max abs sqrt log exp floor ceil</c>. It says nothing where a
/// parameter that it needs is inactive. It is only computed with: it can call nothing and takes time in proportion to its length.
/// </summary>
public sealed class Constraint
{
    private readonly Func<Configuration, object?> evaluate;

    private Constraint(string text, Func<Configuration, object?> evaluate) => (Text, this.evaluate) = (text, evaluate);

    /// <summary>As written.</summary>
    public string Text { get; }

    /// <summary>Reads one.</summary>
    /// <param name="text">Up to 2,000 characters.</param>
    /// <param name="space">Holds the parameters.</param>
    /// <exception cref="FormatException">It is none; the message says where and what is allowed.</exception>
    public static Constraint Parse(string text, SearchSpace space)
    {
        ArgumentNullException.ThrowIfNull(text);
        ArgumentNullException.ThrowIfNull(space);
        return new Constraint(text, new ConstraintParser(text, space).Parse());
    }

    /// <summary>Whether a configuration satisfies it.</summary>
    public bool Allows(Configuration configuration) => evaluate(configuration) is not false;

    /// <inheritdoc/>
    public override string ToString() => Text;
}
