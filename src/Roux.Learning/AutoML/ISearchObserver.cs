namespace Roux.Learning.AutoML;

/// <summary>Is told what a search does, as it does it.</summary>
internal interface ISearchObserver
{
    /// <summary>A phase begins: baselines, families, tuning, ensemble.</summary>
    void Phase(string name);

    /// <summary>A candidate is about to be scored.</summary>
    void Started(Candidate candidate);

    /// <summary>A candidate was scored, wholly or in part; returns it as it is to be remembered (with its run).</summary>
    CandidateResult Scored(CandidateResult result);

    /// <summary>A candidate was scored before this process.</summary>
    void Known(CandidateResult result);

    /// <summary>A candidate will not be tried, and why.</summary>
    void Skipped(string name, string reason);
}
