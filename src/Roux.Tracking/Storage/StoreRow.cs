namespace Roux.Tracking.Storage;

/// <summary>The present row of a statement: valid until the next one.</summary>
internal abstract class StoreRow
{
    public abstract bool IsNull(int column);

    /// <summary>A whole number of any width.</summary>
    public abstract long Int64(int column);

    public abstract double Double(int column);

    public abstract string Text(int column);

    /// <summary>Bytes that are valid until the next row.</summary>
    public abstract ReadOnlySpan<byte> Blob(int column);

    public string? TextOrNull(int column) => IsNull(column) ? null : Text(column);

    public long? Int64OrNull(int column) => IsNull(column) ? null : Int64(column);
}
