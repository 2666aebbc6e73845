namespace Roux.Tracking.Storage;

/// <summary>An error of the database: never leaves the store, see <see cref="Store.Explain"/>.</summary>
internal abstract class StoreException(string message, Exception? cause = null) : Exception(message, cause)
{
    /// <summary>Whether it is about the store rather than about one statement: anything but a constraint, a type or a size that a value broke.</summary>
    public abstract bool ConcernsTheStore { get; }

    /// <summary>Whether the same transaction may well succeed when it is tried again.</summary>
    public abstract bool IsPassing { get; }
}
