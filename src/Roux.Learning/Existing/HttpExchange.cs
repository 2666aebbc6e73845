using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Roux.Learning.Data;

namespace Roux.Learning.Existing;

/// <summary>
/// Posts JSON to one address. Tries again, with waits that double, what may pass: no connection, timeouts, 408, 429 and 5xx; a server's
/// Retry-After is kept to. Answers are limited in size, are never unpacked, and redirects lead to the same host only.
/// </summary>
internal sealed class HttpExchange : IDisposable
{
    private const int MostTries = 4;
    private const int MostRedirects = 3;
    private const int MostBytes = 64 << 20;
    private static readonly TimeSpan FirstWait = TimeSpan.FromSeconds(0.5);
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(30);
    private readonly HttpClient client;
    private readonly TimeProvider clock;
    private readonly TimeSpan timeout;
    private Uri address;
    private int retries;

    public HttpExchange(Uri address, ExistingOptions options, TimeProvider clock)
    {
        (this.address, this.clock, timeout) = (address, clock, options.Timeout);
        Name = $"--existing {address.GetLeftPart(UriPartial.Path)}";
        client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, AutomaticDecompression = DecompressionMethods.None }) { Timeout = Timeout.InfiniteTimeSpan };
        client.DefaultRequestHeaders.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json"));
        foreach (var (header, variable) in options.Headers)
        {
            var value = Environment.GetEnvironmentVariable(variable);
            if (string.IsNullOrEmpty(value))
            {
                client.Dispose();
                throw new DataException($"--existing-header-env {header}={variable}: the environment variable {variable} is not set");
            }

            if (!client.DefaultRequestHeaders.TryAddWithoutValidation(header, value) || value.AsSpan().ContainsAny('\r', '\n'))
            {
                client.Dispose();
                throw new DataException($"--existing-header-env {header}={variable}: '{header}' with the value of {variable} is no header that can be sent");
            }
        }
    }

    /// <summary>The address as it may be shown.</summary>
    public string Name { get; }

    /// <summary>How many requests were made again.</summary>
    public int Retries => retries;

    public void Dispose() => client.Dispose();

    /// <summary>Posts until there is an answer of status 200.</summary>
    /// <returns>Its bytes, and the time of the successful try.</returns>
    /// <exception cref="DataException">No try succeeded, or the answer says that trying again will not help.</exception>
    public async Task<(byte[] Body, double Milliseconds)> PostAsync(byte[] json, CancellationToken cancellation)
    {
        for (var attempt = 1; ; attempt++)
        {
            var started = clock.GetTimestamp();
            var (body, failure) = await TryAsync(json, cancellation).ConfigureAwait(false);
            if (body is not null)
            {
                return (body, clock.GetElapsedTime(started).TotalMilliseconds);
            }

            var wait = failure!.RetryAfter ?? FirstWait * Math.Pow(2, attempt - 1);
            if (!failure.MayPass || attempt == MostTries || wait > LongestWait)
            {
                var tried = attempt == 1 ? "" : string.Create(CultureInfo.InvariantCulture, $" (tried {attempt} times)");
                var asked = wait > LongestWait ? string.Create(CultureInfo.InvariantCulture, $"; it asks to wait {wait.TotalSeconds:0} s: lower --existing-concurrency or try later") : "";
                throw new DataException($"{Name}: {failure.What}{tried}{asked}");
            }

            Interlocked.Increment(ref retries);
            await Task.Delay(wait, clock, cancellation).ConfigureAwait(false);
        }
    }

    private async Task<(byte[]? Body, Failure? Failure)> TryAsync(byte[] json, CancellationToken cancellation)
    {
        using var late = new CancellationTokenSource(timeout, clock);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation, late.Token);
        try
        {
            for (var redirects = 0; ; redirects++)
            {
                using var request = new HttpRequestMessage(HttpMethod.Post, address) { Content = new ByteArrayContent(json) };
                request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
                using var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, limit.Token).ConfigureAwait(false);
                if ((int)response.StatusCode is >= 300 and < 400)
                {
                    address = Redirected(response, redirects);
                    continue;
                }

                var body = await ReadAsync(response.Content, limit.Token).ConfigureAwait(false);
                return response.StatusCode == HttpStatusCode.OK ? (body, null) : (null, Explain(response, body));
            }
        }
        catch (OperationCanceledException) when (late.IsCancellationRequested && !cancellation.IsCancellationRequested)
        {
            return (null, new Failure(string.Create(CultureInfo.InvariantCulture, $"no answer within {timeout.TotalSeconds:0.###} s; raise --existing-timeout or lower --existing-batch"), true, null));
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            return (null, new Failure($"cannot be reached: {FirstLine(e.InnerException?.Message ?? e.Message)}", true, null));
        }
    }

    private Uri Redirected(HttpResponseMessage response, int redirects)
    {
        var code = (int)response.StatusCode;
        var target = response.Headers.Location is { } location ? new Uri(address, location) : throw new DataException($"{Name}: answered {code} without saying where to go");
        if (target.Host != address.Host || target.Port != address.Port || target.Scheme != address.Scheme)
        {
            throw new DataException($"{Name}: redirects to another host ({target.GetLeftPart(UriPartial.Authority)}), which is not followed; give the address itself");
        }

        return code is 307 or 308 && redirects < MostRedirects ? target
            : throw new DataException($"{Name}: redirects to {target.AbsolutePath}{(code is 307 or 308 ? " again and again" : $" in a way ({code}) that loses the rows")}; give the address that takes the rows itself");
    }

    private async Task<byte[]> ReadAsync(HttpContent content, CancellationToken cancellation)
    {
        if (content.Headers.ContentLength > MostBytes)
        {
            throw TooLarge();
        }

        using var stream = await content.ReadAsStreamAsync(cancellation).ConfigureAwait(false);
        using var body = new MemoryStream();
        var buffer = new byte[1 << 16];
        int read;
        while ((read = await stream.ReadAsync(buffer, cancellation).ConfigureAwait(false)) > 0)
        {
            if (body.Length + read > MostBytes)
            {
                throw TooLarge();
            }

            body.Write(buffer, 0, read);
        }

        return body.ToArray();
    }

    private DataException TooLarge() => new($"{Name}: the answer is larger than {MostBytes >> 20} MiB; lower --existing-batch, or have it answer with predictions alone");

    private Failure Explain(HttpResponseMessage response, byte[] body)
    {
        var code = (int)response.StatusCode;
        var mayPass = code is 408 or 429 or >= 500;
        TimeSpan? wait = response.Headers.RetryAfter switch
        {
            { Delta: { } delta } => delta,
            { Date: { } date } => date - clock.GetUtcNow() is { Ticks: > 0 } until ? until : TimeSpan.Zero,
            _ => null,
        };
        var said = JsonAnswers.IsHtml(body) ? $"an HTML page{JsonAnswers.HtmlTitle(body)}" : FirstLine(Encoding.UTF8.GetString(body, 0, Math.Min(body.Length, 4096)));
        var remedy = code switch
        {
            401 or 403 => "; give credentials with --existing-header-env NAME=ENVVAR",
            404 or 405 => "; is the path right?",
            413 => "; lower --existing-batch",
            _ => "",
        };
        return new Failure($"answered {code} {response.ReasonPhrase}{(said.Length > 0 ? $": {said}" : "")}{remedy}", mayPass, mayPass ? wait : null);
    }

    internal static string FirstLine(string text)
    {
        var line = text.Split('\n').Select(part => part.Trim()).FirstOrDefault(part => part.Length > 0) ?? "";
        return line.Length <= 200 ? line : string.Concat(line.AsSpan(0, 200), "…");
    }

    /// <param name="What">What came instead of an answer.</param>
    /// <param name="MayPass">Whether trying again may help.</param>
    /// <param name="RetryAfter">How long the server asks to wait.</param>
    private sealed record Failure(string What, bool MayPass, TimeSpan? RetryAfter);
}
