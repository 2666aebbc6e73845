namespace Roux.Learning.AutoML;

/// <summary>Is told how a development goes, to show it live. Called from one thread at a time.</summary>
public interface IDevelopObserver
{
    /// <summary>A phase begins.</summary>
    void Phase(string name);

    /// <summary>Something a person should know.</summary>
    void Note(string message);

    /// <summary>A candidate is being scored.</summary>
    void Started(string name, string settings);

    /// <summary>A candidate was scored; <paramref name="best"/> is the best so far.</summary>
    void Scored(CandidateResult result, CandidateResult? best);
}
