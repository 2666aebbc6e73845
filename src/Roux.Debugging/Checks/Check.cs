using Roux.Tracking;

namespace Roux.Debugging.Checks;

/// <summary>One thing that can be wrong with a subject (a table, a training, a model, …): what is looked at, from which threshold on it is a finding, and why.</summary>
/// <typeparam name="TSubject">What it looks at. Never changed by a check.</typeparam>
public abstract class Check<TSubject>
{
    /// <summary>The check's name in kebab-case, and that of its findings, such as <c>vanishing-gradient</c>.</summary>
    public abstract string Name { get; }

    /// <summary>What is looked at and when it is a finding, in a sentence, with the source of the definition.</summary>
    public abstract string Definition { get; }

    /// <summary>The numbers that decide.</summary>
    public virtual IReadOnlyList<Threshold> Thresholds => [];

    /// <summary>Checks whose findings about the same thing are a consequence of this one's, and are merged into it.</summary>
    public virtual IReadOnlyList<string> Explains => [];

    /// <summary>Looks. Nothing is returned when all is well, or when the subject lacks what the check needs.</summary>
    /// <exception cref="OperationCanceledException">Asked to stop.</exception>
    public abstract IEnumerable<Finding> Run(TSubject subject, CheckContext context);
}
