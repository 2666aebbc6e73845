namespace Roux.Tracking.Service;

/// <summary>
/// Lineages: from a data set, a run or a model version back to all it came from, and on to all that came of it. Data leads to the runs that read it, a run to its parts, to the
/// model versions registered from it, to data that it logged as <c>output</c>, to runs that took its model and to its reproductions. Bounded: a node shows so many neighbours of a
/// kind, a graph so many nodes, and what is left out is said.
/// </summary>
internal sealed class LineageService(Tracker tracker)
{
    /// <summary>The lineage of a version of a data set.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="digest">Its digest; <c>null</c>: the newest.</param>
    /// <param name="viewer">What the caller sees.</param>
    /// <exception cref="ServiceException">There is none, or the caller does not see it.</exception>
    public LineageGraph OfData(string name, string? digest, LineageViewer viewer) => tracker.Database.Read(session =>
    {
        var reader = new LineageReader(session, viewer);
        return new LineageWalk(reader).From(reader.Data(name, digest) ?? throw ServiceException.NotFound($"There is no data set '{name}'{(digest is null ? "" : $" with the digest {digest}")}, or none that you may see"));
    });

    /// <summary>The lineage of a run. The caller has been found to see it.</summary>
    /// <exception cref="ServiceException">There is none.</exception>
    public LineageGraph OfRun(string id, LineageViewer viewer) => tracker.Database.Read(session =>
    {
        var reader = new LineageReader(session, viewer);
        return new LineageWalk(reader).From(reader.Run(id) ?? throw ServiceException.NotFound($"Run '{id}' not found"));
    });

    /// <summary>The lineage of a version of a model. The caller has been found to see it.</summary>
    /// <exception cref="ServiceException">There is none.</exception>
    public LineageGraph OfModel(string name, int version, LineageViewer viewer) => tracker.Database.Read(session =>
    {
        var reader = new LineageReader(session, viewer);
        return new LineageWalk(reader).From(reader.Model(name, version) ?? throw ServiceException.NotFound($"Model Version (name={name}, version={version}) not found"));
    });
}

/// <summary>Whose lineage it is to be.</summary>
/// <param name="Reach">Projects whose runs are shown.</param>
/// <param name="SeesModel">Whether a registered model, by its name, is shown.</param>
internal sealed record LineageViewer(Reach Reach, Func<string, bool> SeesModel);
