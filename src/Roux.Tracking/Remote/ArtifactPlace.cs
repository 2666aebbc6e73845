namespace Roux.Tracking.Remote;

/// <summary>Where a file of a run's artifacts is written to and read from, by the run's artifact address on the server.</summary>
internal static class ArtifactPlace
{
    private const string Proxy = "api/2.0/mlflow-artifacts/artifacts";
    private const string ProxyScheme = "mlflow-artifacts:";
    private static readonly Dictionary<string, string> NoHeaders = [];

    /// <summary>The address of a file, and headers to send along.</summary>
    /// <param name="server">The server.</param>
    /// <param name="artifactUri">The run's artifact address, as the server said.</param>
    /// <param name="runId">The run's id on the server.</param>
    /// <param name="path">The file's path among the artifacts.</param>
    /// <param name="write">Whether to write it.</param>
    /// <param name="stop">Gives up.</param>
    /// <exception cref="RemoteException">The place cannot be reached through the server.</exception>
    public static async Task<(Uri Target, IReadOnlyDictionary<string, string> Headers)> OfAsync(
        MlflowConnection server, string artifactUri, string runId, string path, bool write, CancellationToken stop)
    {
        if (Proxied(server.Address, artifactUri) is { } folder)
        {
            return (new Uri(folder, Escape(path)), NoHeaders);
        }

        if (server.Address.IsDatabricks || artifactUri.StartsWith("dbfs:", StringComparison.Ordinal))
        {
            return await SignedAsync(server, runId, path, write, stop).ConfigureAwait(false);
        }

        throw new RemoteException(
            RemoteFailure.Refused,
            $"the server keeps artifacts of this run at {ServerAddress.WithoutLogin(artifactUri)}, which only programs with a login for that place reach; have it pass artifacts through itself (mlflow server --serve-artifacts --artifacts-destination …, or roux serve)");
    }

    /// <summary>The folder of a run's artifacts on the server itself; null where the server does not pass them through.</summary>
    private static Uri? Proxied(ServerAddress address, string artifactUri)
    {
        if (artifactUri.StartsWith(ProxyScheme, StringComparison.Ordinal))
        {
            var rest = artifactUri[ProxyScheme.Length..];
            if (rest.StartsWith("//", StringComparison.Ordinal))
            {
                // With an authority it names a server: only this one is ours to talk to.
                var slash = rest.IndexOf('/', 2);
                var authority = slash < 0 ? rest[2..] : rest[2..slash];
                if (authority.Length > 0 && authority != address.Root.Authority && authority != address.Root.Host)
                {
                    return null;
                }

                rest = slash < 0 ? "" : rest[slash..];
            }

            return Under(new Uri(address.Root, Proxy + "/"), rest);
        }

        return Uri.TryCreate(artifactUri, UriKind.Absolute, out var uri) && uri.Scheme == address.Root.Scheme && uri.Authority == address.Root.Authority
            ? Under(new Uri(uri, "/"), Uri.UnescapeDataString(uri.AbsolutePath))
            : null;
    }

    private static Uri? Under(Uri folder, string path) =>
        path.Split('/').Any(part => part is "." or "..") ? null : new Uri(folder, Escape(path.Trim('/')) + (path.Trim('/').Length > 0 ? "/" : ""));

    private static string Escape(string path) => string.Join('/', path.Split('/').Select(Uri.EscapeDataString));

    /// <summary>An address signed for one file, which Databricks hands out (credentials-for-write and -read).</summary>
    private static async Task<(Uri Target, IReadOnlyDictionary<string, string> Headers)> SignedAsync(MlflowConnection server, string runId, string path, bool write, CancellationToken stop)
    {
        var answer = await server.PostAsync($"artifacts/credentials-for-{(write ? "write" : "read")}", new { run_id = runId, path = new[] { path } }, stop).ConfigureAwait(false);
        var credential = answer.Items("credential_infos").FirstOrDefault();
        var isSound = Uri.TryCreate(credential.Text("signed_uri"), UriKind.Absolute, out var target) && (target.Scheme == Uri.UriSchemeHttps || target.Authority == server.Address.Root.Authority);
        if (!isSound || credential.Text("type") == "AZURE_ADLS_GEN2_SAS_URI")
        {
            throw new RemoteException(RemoteFailure.Refused, $"{server.Address}: gives no address for artifact '{path}' that can be {(write ? "written to" : "read")} in one request; use the workspace's own tools for it");
        }

        var headers = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var header in credential.Items("headers"))
        {
            headers[header.Text("name")] = header.Text("value");
        }

        if (write && credential.Text("type") == "AZURE_SAS_URI")
        {
            headers["x-ms-blob-type"] = "BlockBlob";
        }

        return (target!, headers);
    }
}
