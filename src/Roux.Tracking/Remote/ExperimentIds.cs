using System.Collections.Concurrent;

namespace Roux.Tracking.Remote;

/// <summary>Ids of experiments on a server by their names; made there where they are missing.</summary>
internal sealed class ExperimentIds(MlflowConnection server)
{
    private readonly ConcurrentDictionary<string, string> known = new(StringComparer.Ordinal);

    /// <summary>The id of a name.</summary>
    /// <exception cref="RemoteException">It cannot be found or made.</exception>
    public async Task<string> OfAsync(string name, CancellationToken stop)
    {
        if (known.TryGetValue(name, out var id))
        {
            return id;
        }

        return known[name] = await FindAsync(name, stop).ConfigureAwait(false) ?? await MakeAsync(name, stop).ConfigureAwait(false);
    }

    /// <summary>The id of a name; null where there is no such experiment.</summary>
    public async Task<string?> FindAsync(string name, CancellationToken stop)
    {
        try
        {
            var experiment = (await server.GetAsync("experiments/get-by-name", stop, ("experiment_name", name)).ConfigureAwait(false)).Part("experiment");
            return experiment.Text("lifecycle_stage") == "deleted"
                ? throw new RemoteException(RemoteFailure.Refused, $"experiment '{name}' is deleted on {server.Address}; restore it there")
                : experiment.Text("experiment_id") is { Length: > 0 } id ? id : null;
        }
        catch (RemoteException exception) when (exception.Failure == RemoteFailure.Missing)
        {
            return null;
        }
    }

    private async Task<string> MakeAsync(string name, CancellationToken stop)
    {
        try
        {
            var made = await server.PostAsync("experiments/create", new { name }, stop).ConfigureAwait(false);
            return made.Text("experiment_id") is { Length: > 0 } id ? id : throw new RemoteException(RemoteFailure.Foreign, $"{server.Address}: made experiment '{name}' without saying its id");
        }
        catch (RemoteException exception) when (exception.Code == "RESOURCE_ALREADY_EXISTS")
        {
            // Another process was faster.
            return await FindAsync(name, stop).ConfigureAwait(false) ?? throw new RemoteException(exception.Failure, exception.Message, exception);
        }
    }
}
