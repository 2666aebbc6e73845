namespace Roux.Tracking.Storage;

/// <summary>What the databases write differently. Everything else is SQL that all of them understand.</summary>
internal abstract class StoreDialect
{
    /// <summary>A table <c>j</c> to select from: a list of whole numbers as <c>j.value</c>, their places in the list as <c>j.key</c>.</summary>
    /// <param name="parameter">The placeholder of a <c>long[]</c>.</param>
    public abstract string Numbers(string parameter);

    /// <summary>A list of texts in brackets, to stand after IN.</summary>
    /// <param name="parameter">The placeholder of a <c>string[]</c>.</param>
    public abstract string Texts(string parameter);

    /// <summary>Whether a text matches a <see cref="Search.LikePattern"/>; not so where it is NULL.</summary>
    public abstract string Like(string expression, string pattern, bool ignoreCase);

    /// <summary>Whether a text that may be too long for an index equals another, so that an index of such texts serves.</summary>
    public abstract string LongText(string expression, string value);

    /// <summary>How a unique index has a column of texts that may be long, for ON CONFLICT.</summary>
    public abstract string LongKey(string column);

    /// <summary>The JSON array of a group's texts.</summary>
    public abstract string TextArray(string expression);

    /// <summary>What ends a SELECT of rows that others must not change until the transaction ends.</summary>
    public abstract string Locked { get; }

    /// <summary>What ends a SELECT of rows that others may read and refer to, but not change, until the transaction ends.</summary>
    public abstract string Shared { get; }

    /// <summary>Tells the database that rows were inserted with ids of their own, so that the next one it chooses is free.</summary>
    public virtual void NoteOwnId(StoreSession session, string table)
    {
    }
}
