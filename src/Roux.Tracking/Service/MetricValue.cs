namespace Roux.Tracking.Service;

/// <summary>A metric point as a client sends it, with the logged model and the data set that it judges, where it names them.</summary>
internal readonly record struct MetricValue(string Key, double Value, long Timestamp, long Step)
{
    public string? ModelId { get; init; }

    public string? DatasetName { get; init; }

    public string? DatasetDigest { get; init; }
}

/// <summary>What a client logs to a run at once: all of it is stored, or none.</summary>
internal sealed record LogBatch(
    IReadOnlyList<MetricValue> Metrics, IReadOnlyList<KeyValuePair<string, string>> Params, IReadOnlyList<KeyValuePair<string, string>> Tags)
{
    /// <summary>Checks names, sizes and counts.</summary>
    public void Check()
    {
        Limits.CheckCount("metrics", Limits.Metrics, Metrics.Count);
        Limits.CheckCount("params", Limits.Params, Params.Count);
        Limits.CheckCount("tags", Limits.Tags, Tags.Count);
        Limits.CheckCount("metrics, params, and tags", Limits.Batch, Metrics.Count + Params.Count + Tags.Count);
        var last = "";
        for (var index = 0; index < Metrics.Count; index++)
        {
            // Series come in a row: a name like the last one is as good as that.
            if (!ReferenceEquals(Metrics[index].Key, last) && Metrics[index].Key != last)
            {
                Limits.CheckName($"metrics[{index}].name", Metrics[index].Key);
                last = Metrics[index].Key;
            }

            Limits.Time($"metrics[{index}].timestamp", Metrics[index].Timestamp);
        }

        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        for (var index = 0; index < Params.Count; index++)
        {
            var (key, value) = Params[index];
            Limits.CheckName($"params[{index}].key", key);
            Limits.CheckLength("Param value", value, Limits.ParamValue);
            if (!values.TryAdd(key, value))
            {
                throw ServiceException.Invalid($"Duplicate parameter keys have been submitted: ['{key}']. Please ensure the request contains only one param value per param key.");
            }
        }

        for (var index = 0; index < Tags.Count; index++)
        {
            Limits.CheckTag($"tags[{index}].key", Tags[index].Key, Tags[index].Value);
        }
    }
}
