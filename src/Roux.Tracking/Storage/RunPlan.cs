namespace Roux.Tracking.Storage;

/// <summary>What is about to be written to a run.</summary>
/// <param name="Params">Names of params.</param>
/// <param name="Series">Names of metrics, none twice, with how many points they get at most.</param>
internal sealed record RunPlan(IReadOnlyList<string> Params, IReadOnlyList<(string Key, int Count)> Series);
