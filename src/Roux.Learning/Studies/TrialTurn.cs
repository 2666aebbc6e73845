namespace Roux.Learning.Studies;

/// <summary>A stretch of time in which a process worked on a trial: one a trial, or several of one that paused.</summary>
/// <param name="Trial">Number of the trial.</param>
/// <param name="Worker">The process: machine, process number and chance.</param>
/// <param name="Begin">When, in milliseconds since 1970.</param>
/// <param name="End">When it ended; <c>null</c> while it goes on.</param>
public sealed record TrialTurn(int Trial, string Worker, long Begin, long? End);
