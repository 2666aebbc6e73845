namespace Roux.Tracking.Storage;

/// <summary>The database of a store: one queue of writes, many readers.</summary>
internal abstract class Store : IDisposable
{
    protected Store(string place)
    {
        Place = place;
        Keys = new KeyNames(this);
    }

    /// <summary>What messages call the database: a path, or an address without secrets.</summary>
    public string Place { get; }

    /// <summary>Where the store itself says that artifacts are; <c>null</c> where it does not.</summary>
    public virtual string? ArtifactsPlace => null;

    /// <summary>How its database writes what SQL has no common form for.</summary>
    public abstract StoreDialect Dialect { get; }

    /// <summary>Names of params, tags and metrics by their integer keys.</summary>
    public KeyNames Keys { get; }

    /// <summary>The queue of writes; <c>null</c> for a store opened for reading.</summary>
    public WriteQueue? Writes { get; protected init; }

    /// <summary>The queue of writes, or an error for a store opened for reading.</summary>
    public WriteQueue WritesOrThrow() => Writes ?? throw new TrackingException($"{Place}: opened for reading only; open it with Tracker.Open to write");

    /// <summary>Reads in one snapshot of the database.</summary>
    public abstract T Read<T>(Func<StoreSession, T> work);

    /// <summary>Size of the database, and how much of it is free and used again.</summary>
    public abstract (long Bytes, long Free) Space();

    /// <summary>Gives what is free back to the file system; others may go on, but writers wait.</summary>
    /// <returns>Why that did not work; <c>null</c> where it did.</returns>
    public abstract string? Shrink();

    /// <summary>A number that changes whenever anything is committed to the database, by whomever; cheap enough to ask for several times a second.</summary>
    public abstract long Version();

    /// <summary>An error in words that name the fix.</summary>
    public abstract TrackingException Explain(Exception exception);

    public abstract void Dispose();
}
