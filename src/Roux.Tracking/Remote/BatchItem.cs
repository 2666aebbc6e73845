namespace Roux.Tracking.Remote;

/// <summary>What kind of thing is sent to a run.</summary>
internal enum ItemKind
{
    Param,
    Tag,
    Metric,
    File,
    Dataset,
    Status,
    Version,
}

/// <summary>One thing of a batch: a param or tag with its text, or a point of a metric.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Key">Its name.</param>
/// <param name="KeyId">For a point: the key of its series in the spool.</param>
/// <param name="Text">For a param or tag: its value, as it is in the spool.</param>
/// <param name="Step">For a point.</param>
/// <param name="Time">For a point: milliseconds since 1970.</param>
/// <param name="Value">For a point.</param>
internal readonly record struct BatchItem(ItemKind Kind, string Key, long KeyId, string Text, long Step, long Time, double Value);
