namespace Roux.Tracking.Service;

/// <summary>A view of the table of runs that somebody named.</summary>
/// <param name="Id">Identifies it.</param>
/// <param name="Project">The project whose members see it where it is shared.</param>
/// <param name="ExperimentId">The experiment; <c>null</c>: the table of all runs.</param>
/// <param name="Name">What it is called.</param>
/// <param name="Query">The query of the page's address.</param>
/// <param name="Owner">Who made it.</param>
/// <param name="IsShared">Whether others see it.</param>
/// <param name="IsDefault">Whether the experiment opens with it.</param>
internal sealed record SavedView(string Id, string Project, string? ExperimentId, string Name, string Query, string Owner, bool IsShared, bool IsDefault);
