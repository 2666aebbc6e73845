using System.Net;
using System.Net.Http.Headers;
using System.Security.Authentication;
using System.Text.Json;

namespace Roux.Tracking.Remote;

/// <summary>
/// Calls of MLflow's REST protocol to one server. Answers are bounded in size, depth and time; the login goes to that server only; every failure
/// becomes a <see cref="RemoteException"/> that says whether trying again helps.
/// </summary>
internal sealed class MlflowConnection : IDisposable
{
    public const string Api = "api/2.0/mlflow/";

    private const int LargestAnswer = 256 << 20;
    private const int MostRedirects = 3;
    private const long SlowestBytesPerSecond = 64 << 10;
    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan UsualTimeout = TimeSpan.FromSeconds(60);

    private readonly HttpClient http;
    private readonly TimeSpan timeout;

    /// <param name="address">The server.</param>
    /// <param name="timeout">Longest time for an answer; a minute by default. Files get more by their size.</param>
    public MlflowConnection(ServerAddress address, TimeSpan? timeout = null)
    {
        Address = address;
        this.timeout = timeout ?? UsualTimeout;
        var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            AutomaticDecompression = DecompressionMethods.All,
            ConnectTimeout = this.timeout < ConnectTimeout ? this.timeout : ConnectTimeout,
            PooledConnectionLifetime = TimeSpan.FromMinutes(2),
            UseCookies = false,
        };
        if (address.InsecureTls)
        {
#pragma warning disable CA5359 // Asked for by MLFLOW_TRACKING_INSECURE_TLS, and told.
            handler.SslOptions.RemoteCertificateValidationCallback = (_, _, _, _) => true;
#pragma warning restore CA5359
        }

        http = new HttpClient(handler) { Timeout = Timeout.InfiniteTimeSpan };
        http.DefaultRequestHeaders.UserAgent.Add(new ProductInfoHeaderValue("roux", typeof(MlflowConnection).Assembly.GetName().Version?.ToString(3) ?? "0"));
    }

    public ServerAddress Address { get; }

    /// <summary>A GET below <c>api/2.0/mlflow/</c>.</summary>
    public Task<JsonElement> GetAsync(string path, CancellationToken stop, params (string Name, string Value)[] query) => CallAsync(
        HttpMethod.Get, Api + path + (query.Length == 0 ? "" : "?" + string.Join('&', query.Select(q => $"{q.Name}={Uri.EscapeDataString(q.Value)}"))), default, stop);

    /// <summary>A POST below <c>api/2.0/mlflow/</c>.</summary>
    public Task<JsonElement> PostAsync(string path, object body, CancellationToken stop) => CallAsync(HttpMethod.Post, Api + path, JsonSerializer.SerializeToUtf8Bytes(body), stop);

    /// <summary>A call with a JSON body or none, to a path from the server's root.</summary>
    /// <exception cref="RemoteException">It failed.</exception>
    public async Task<JsonElement> CallAsync(HttpMethod method, string path, ReadOnlyMemory<byte> json, CancellationToken stop)
    {
        using var limit = new TimeLimit(timeout, stop);
        using var response = await SendAsync(
            () => new HttpRequestMessage(method, new Uri(Address.Root, path)) { Content = json.IsEmpty ? null : new ReadOnlyMemoryContent(json) { Headers = { ContentType = new("application/json") } } },
            limit).ConfigureAwait(false);
        var bytes = await ReadAsync(response, limit).ConfigureAwait(false);
        if (!response.IsSuccessStatusCode)
        {
            throw ServerAnswers.Failure(Address, path, response, bytes);
        }

        return ServerAnswers.Json(Address, path, response, bytes);
    }

    /// <summary>Sends a file to a path from the server's root, or to an address that was signed for it.</summary>
    public async Task PutFileAsync(Uri target, string file, IReadOnlyDictionary<string, string> headers, CancellationToken stop)
    {
        using var limit = new TimeLimit(timeout + TimeSpan.FromSeconds(new FileInfo(file).Length / (double)SlowestBytesPerSecond), stop);
        using var response = await SendAsync(
            () =>
            {
                var request = new HttpRequestMessage(HttpMethod.Put, target) { Content = new FileContent(file) };
                foreach (var (name, value) in headers)
                {
                    _ = request.Headers.TryAddWithoutValidation(name, value) || request.Content.Headers.TryAddWithoutValidation(name, value);
                }

                return request;
            },
            limit).ConfigureAwait(false);
        if (!response.IsSuccessStatusCode)
        {
            throw ServerAnswers.Failure(Address, target.AbsolutePath, response, await ReadAsync(response, limit).ConfigureAwait(false));
        }
    }

    /// <summary>Fetches a file to a path, whole or not at all.</summary>
    public async Task GetFileAsync(Uri source, IReadOnlyDictionary<string, string> headers, string file, long most, CancellationToken stop)
    {
        using var limit = new TimeLimit(timeout + TimeSpan.FromSeconds(most / (double)SlowestBytesPerSecond), stop);
        using var response = await SendAsync(
            () =>
            {
                var request = new HttpRequestMessage(HttpMethod.Get, source);
                foreach (var (name, value) in headers)
                {
                    request.Headers.TryAddWithoutValidation(name, value);
                }

                return request;
            },
            limit).ConfigureAwait(false);
        if (!response.IsSuccessStatusCode)
        {
            throw ServerAnswers.Failure(Address, source.AbsolutePath, response, await ReadAsync(response, limit).ConfigureAwait(false));
        }

        await ServerAnswers.SaveAsync(Address, response, file, most, limit).ConfigureAwait(false);
    }

    public void Dispose() => http.Dispose();

    private bool IsOurs(Uri target) => target.Host == Address.Root.Host && target.Port == Address.Root.Port && target.Scheme == Address.Root.Scheme;

    private async Task<HttpResponseMessage> SendAsync(Func<HttpRequestMessage> make, TimeLimit limit)
    {
        Uri? elsewhere = null;
        for (var redirects = 0; ; redirects++)
        {
            using var request = make();
            request.RequestUri = elsewhere ?? request.RequestUri;
            if (IsOurs(request.RequestUri!))
            {
                request.Headers.Authorization = Address.Login.Header;
            }

            HttpResponseMessage response;
            try
            {
                response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, limit.Token).ConfigureAwait(false);
            }
            catch (Exception exception) when (limit.Explains(exception) || exception is HttpRequestException or IOException)
            {
                throw Unreachable(exception, limit);
            }

            if ((int)response.StatusCode is < 300 or >= 400 || response.StatusCode == HttpStatusCode.NotModified)
            {
                return response;
            }

            elsewhere = Follow(request, response, redirects);
            response.Dispose();
        }
    }

    /// <summary>Where a redirect leads, if it may be followed: to the same server only, and not for what changes something.</summary>
    private Uri Follow(HttpRequestMessage request, HttpResponseMessage response, int redirects)
    {
        var location = response.Headers.Location;
        var target = location is null ? null : location.IsAbsoluteUri ? location : new Uri(request.RequestUri!, location);
        if (target is not null && redirects < MostRedirects && IsOurs(target) && (request.Method == HttpMethod.Get || response.StatusCode is HttpStatusCode.TemporaryRedirect or HttpStatusCode.PermanentRedirect))
        {
            return target;
        }

        var place = target is null ? "elsewhere" : ServerAddress.Clean(target).AbsoluteUri;
        throw new RemoteException(RemoteFailure.Foreign, $"{Address}: answers with a redirect to {place}, which is not followed because the login would go along; give the address of the server itself");
    }

    private async Task<byte[]> ReadAsync(HttpResponseMessage response, TimeLimit limit)
    {
        try
        {
            return await ServerAnswers.ReadAsync(Address, response, LargestAnswer, limit.Token).ConfigureAwait(false);
        }
        catch (Exception exception) when (limit.Explains(exception) || exception is HttpRequestException or IOException)
        {
            throw Unreachable(exception, limit);
        }
    }

    private RemoteException Unreachable(Exception exception, TimeLimit limit) => new(
        RemoteFailure.Unreachable,
        limit.Explains(exception)
            ? $"{Address}: no answer within {timeout.TotalSeconds:0} s"
            : exception is HttpRequestException { InnerException: AuthenticationException tls }
                ? $"{Address}: its certificate is not trusted: {tls.GetBaseException().Message} Add its authority to the certificates of this system, or name them in SSL_CERT_FILE; MLFLOW_TRACKING_INSECURE_TLS=true would trust anybody"
                : $"{Address}: cannot be reached: {exception.GetBaseException().Message}",
        exception);
}
