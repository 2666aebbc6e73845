using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Roux.Server.Tests.Telemetry;

/// <summary>A collector that keeps what it is sent over OTLP/HTTP.</summary>
internal sealed class OtlpListener : IDisposable
{
    private readonly HttpListener listener = new();
    private readonly Task serving;

    public OtlpListener()
    {
        Address = $"http://127.0.0.1:{FreePort()}";
        listener.Prefixes.Add(Address + "/");
        listener.Start();
        serving = ServeAsync();
    }

    public string Address { get; }

    /// <summary>Path and body of every call, as Latin-1, so that texts inside the protobuf message can be looked for.</summary>
    public ConcurrentQueue<(string Path, string Body, string? Key)> Calls { get; } = new();

    public string Bodies(string path) => string.Concat(Calls.Where(call => call.Path == path).Select(call => call.Body));

    public void Dispose()
    {
        listener.Close();
        serving.Wait(TimeSpan.FromSeconds(5));
    }

    private async Task ServeAsync()
    {
        while (true)
        {
            try
            {
                var context = await listener.GetContextAsync();
                using var body = new MemoryStream();
                await context.Request.InputStream.CopyToAsync(body);
                Calls.Enqueue((context.Request.Url!.AbsolutePath, Encoding.Latin1.GetString(body.ToArray()), context.Request.Headers["api-key"]));
                context.Response.ContentType = "application/x-protobuf";
                context.Response.Close();
            }
            catch (Exception exception) when (exception is HttpListenerException or ObjectDisposedException or InvalidOperationException)
            {
                return;
            }
        }
    }

    private static int FreePort()
    {
        using var socket = new TcpListener(IPAddress.Loopback, 0);
        socket.Start();
        return ((IPEndPoint)socket.LocalEndpoint).Port;
    }
}
