namespace Roux.Tracking.Registry;

/// <summary>Tags of the version that must be there, some with a value.</summary>
internal sealed record TagsRule(IReadOnlyDictionary<string, string?> Required) : GateRule
{
    internal override string Demand => $"tags {string.Join(", ", Required.Select(tag => tag.Value is null ? tag.Key : $"{tag.Key}={tag.Value}"))}";

    internal override Judgement Judge(GateEvidence evidence, CancellationToken cancellation)
    {
        var tags = evidence.Version.Tags;
        var wrong = Required.Where(tag => !tags.TryGetValue(tag.Key, out var value) || (tag.Value is not null && value != tag.Value)).ToList();
        return wrong.Count == 0
            ? Judgement.Of(true, "all are there")
            : Judgement.Of(false, string.Join("; ", wrong.Select(tag => tags.TryGetValue(tag.Key, out var value) ? $"{tag.Key} is '{value}'" : $"{tag.Key} is missing")));
    }
}
