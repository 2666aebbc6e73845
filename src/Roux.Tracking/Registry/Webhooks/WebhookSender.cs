using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Text;

namespace Roux.Tracking.Registry;

/// <summary>
/// Posts events. A name is resolved when connecting and the very addresses that were checked are connected to, so that a name that changes its mind
/// (DNS rebinding) gains nothing; redirects are not followed, proxies not asked, answers not read.
/// </summary>
internal sealed class WebhookSender : IDisposable
{
    private readonly HttpClient client;
    private readonly WebhookOptions options;
    private readonly TimeProvider time;
    private readonly Func<string, CancellationToken, Task<IPAddress[]>> resolve;

    /// <param name="options">How to send.</param>
    /// <param name="time">The clock of the timestamps.</param>
    /// <param name="resolve">Finds the addresses of a name; <c>null</c> for the system's way.</param>
    public WebhookSender(WebhookOptions options, TimeProvider time, Func<string, CancellationToken, Task<IPAddress[]>>? resolve = null)
    {
        this.options = options;
        this.time = time;
        this.resolve = resolve ?? Dns.GetHostAddressesAsync;
        client = new HttpClient(new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseProxy = false,
            UseCookies = false,
            MaxResponseHeadersLength = 16,
            MaxResponseDrainSize = 0,
            PooledConnectionLifetime = TimeSpan.Zero,
            ConnectCallback = ConnectAsync,
        })
        {
            Timeout = options.Timeout,
        };
    }

    /// <summary>Tries a delivery once.</summary>
    public async Task<DeliveryOutcome> SendAsync(DueDelivery delivery, CancellationToken cancellation)
    {
        var seconds = time.GetUtcNow().ToUnixTimeSeconds();
        using var request = new HttpRequestMessage(HttpMethod.Post, delivery.Url) { Content = new ByteArrayContent(Encoding.UTF8.GetBytes(delivery.Body)) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        request.Headers.TryAddWithoutValidation("User-Agent", "roux");
        request.Headers.TryAddWithoutValidation("webhook-id", delivery.Id);
        request.Headers.TryAddWithoutValidation("webhook-timestamp", seconds.ToString(CultureInfo.InvariantCulture));
        request.Headers.TryAddWithoutValidation("webhook-signature", WebhookSignature.Of(delivery.Secret, delivery.Id, seconds, delivery.Body));
        try
        {
            using var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellation).ConfigureAwait(false);
            var status = (int)response.StatusCode;
            return status switch
            {
                >= 200 and < 300 => new DeliveryOutcome(status, null),
                >= 300 and < 400 => new DeliveryOutcome(status, "redirects are not followed; give the address itself"),
                410 => new DeliveryOutcome(status, "the receiver is gone for good", Final: true),
                _ => new DeliveryOutcome(status, string.Create(CultureInfo.InvariantCulture, $"the receiver answered {status}")),
            };
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return new DeliveryOutcome(null, string.Create(CultureInfo.InvariantCulture, $"no answer within {options.Timeout.TotalSeconds:0.#} s"));
        }
        catch (HttpRequestException exception)
        {
            return exception.InnerException is WebhookAddressException refused
                ? new DeliveryOutcome(null, refused.Message, Final: true)
                : new DeliveryOutcome(null, exception.InnerException switch
                {
                    SocketException socket => $"no connection: {socket.SocketErrorCode}",
                    AuthenticationException => "the certificate of the receiver is not trusted",
                    _ => $"no answer: {exception.HttpRequestError}",
                });
        }
    }

    public void Dispose() => client.Dispose();

    private async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellation)
    {
        var host = context.DnsEndPoint.Host.Trim('[', ']');
        var addresses = IPAddress.TryParse(host, out var literal) ? [literal] : await resolve(host, cancellation).ConfigureAwait(false);
        if (!options.AllowPrivate && Array.Find(addresses, address => !PublicAddress.IsPublic(address)) is { } hidden)
        {
            throw new WebhookAddressException($"'{host}' is at {hidden}, an address of this machine or of a private network, which is not allowed");
        }

        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(addresses, context.DnsEndPoint.Port, cancellation).ConfigureAwait(false);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private sealed class WebhookAddressException(string message) : Exception(message);
}
