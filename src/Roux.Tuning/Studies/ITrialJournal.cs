namespace Roux.Tuning;

/// <summary>
/// Where the trials of a study are kept beyond this process, and where other processes that work on the same study tell of theirs.
/// Called by several threads.
/// </summary>
public interface ITrialJournal
{
    /// <summary>Takes in what other processes did, and asks for the next trial, or for one that paused where no new one is wanted; no other process asks at the same time.</summary>
    /// <param name="study">The study; foreign trials are told to it by <see cref="Study.Adopt"/>.</param>
    /// <param name="mayAsk">Whether the study still wants a trial, after what others did is known.</param>
    /// <returns>The trial, kept; <c>null</c> when none is wanted.</returns>
    Trial? Ask(Study study, Func<bool> mayAsk);

    /// <summary>Keeps how a trial ended; once this returns nothing can lose it.</summary>
    void Ended(Trial trial);
}
