namespace Roux.Tracking;

/// <summary>An address that is told what happens in the registry. Its secret is shown once, when it is added.</summary>
/// <param name="Id">Identifies it.</param>
/// <param name="Url">Where events are posted to.</param>
/// <param name="Events">Which, of <see cref="RegistryAction.Events"/>.</param>
/// <param name="Model">Of which model; <c>null</c> for all.</param>
/// <param name="Created">When it was added.</param>
/// <param name="CreatedBy">By whom.</param>
public sealed record Webhook(string Id, string Url, IReadOnlyList<string> Events, string? Model, DateTimeOffset Created, string CreatedBy)
{
    /// <summary>Whether nothing is sent for now; what waits is sent once it is on again.</summary>
    public bool IsDisabled { get; init; }
}
