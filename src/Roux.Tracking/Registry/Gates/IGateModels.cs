namespace Roux.Tracking;

/// <summary>Judges the rules that need models to be run, which the store itself cannot do.</summary>
public interface IGateModels
{
    /// <summary>Scores a version and its champion on the same rows.</summary>
    /// <param name="rule">What to compare by.</param>
    /// <param name="version">The version.</param>
    /// <param name="champion">The version that it must not be worse than.</param>
    /// <param name="cancellation">Asks to stop.</param>
    Judgement Compare(ChampionDataRule rule, ModelVersionRecord version, ModelVersionRecord champion, CancellationToken cancellation);

    /// <summary>Times single rows.</summary>
    /// <param name="rule">What to time, and the limit.</param>
    /// <param name="version">The version.</param>
    /// <param name="cancellation">Asks to stop.</param>
    Judgement Time(LatencyRule rule, ModelVersionRecord version, CancellationToken cancellation);
}
