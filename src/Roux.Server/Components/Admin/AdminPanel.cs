using Microsoft.AspNetCore.Components;
using Roux.Server.Security;
using Roux.Tracking;

namespace Roux.Server.Components.Admin;

/// <summary>A part of the administration: for admins of the whole server, which is asked at every reading and before every change.</summary>
public abstract class AdminPanel : LivePage
{
    [Inject]
    private protected ServerAccess Access { get; set; } = null!;

    /// <summary>What could not be done.</summary>
    private protected string? Failure { get; set; }

    /// <inheritdoc/>
    private protected sealed override Action Read()
    {
        Visitor.RequireServer(Role.Admin);
        return ReadPart();
    }

    /// <summary>See <see cref="LivePage.Read"/>; the visitor is an admin.</summary>
    private protected abstract Action ReadPart();

    /// <summary>Does what an admin asked for, and reads again.</summary>
    private protected async Task<bool> ActAsync(Func<Task> work)
    {
        Failure = await TryAsync(async () =>
        {
            Visitor.RequireServer(Role.Admin);
            await work();
            Access.Directory.Invalidate();
        });
        await ReloadAsync();
        StateHasChanged();
        return Failure is null;
    }
}
