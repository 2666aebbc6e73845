namespace Roux.Tracking;

/// <summary>An experiment: a named group of runs.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Name">Its name, unique in the store.</param>
/// <param name="Created">When it was created.</param>
/// <param name="Runs">Number of runs that are not deleted.</param>
public sealed record ExperimentRecord(string Id, string Name, DateTimeOffset Created, long Runs);
