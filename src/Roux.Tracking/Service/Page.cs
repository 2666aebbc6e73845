namespace Roux.Tracking.Service;

/// <summary>Part of a list.</summary>
/// <param name="Items">What the part holds.</param>
/// <param name="NextOffset">Where the next part begins; <c>null</c> at the end.</param>
internal sealed record Page<T>(IReadOnlyList<T> Items, long? NextOffset)
{
    /// <summary>Of a list that was read with one item more than asked for.</summary>
    public static Page<T> Of(IReadOnlyList<T> items, int size, long offset) =>
        items.Count > size ? new Page<T>([.. items.Take(size)], offset + size) : new Page<T>(items, null);
}

/// <summary>Which of live and deleted things to show.</summary>
internal enum View
{
    ActiveOnly,
    DeletedOnly,
    All,
}
