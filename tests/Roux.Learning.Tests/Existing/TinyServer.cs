using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Roux.Learning.Tests.Existing;

/// <summary>An HTTP server of a few lines on the loopback, for one test: it answers requests one after another as it is told.</summary>
internal sealed class TinyServer : IDisposable
{
    private readonly HttpListener listener = new();
    private readonly Task loop;
    private int requests;

    /// <param name="answer">Given the number of the request from 0 and its body, answers it.</param>
    public TinyServer(Func<int, string, HttpListenerRequest, Reply> answer)
    {
        var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        Port = ((IPEndPoint)probe.LocalEndpoint).Port;
        probe.Stop();
        listener.Prefixes.Add($"http://127.0.0.1:{Port}/");
        listener.Start();
        loop = Task.Run(async () =>
        {
            while (listener.IsListening)
            {
                HttpListenerContext context;
                try
                {
                    context = await listener.GetContextAsync();
                }
                catch (Exception e) when (e is HttpListenerException or ObjectDisposedException)
                {
                    return;
                }

                using var reader = new StreamReader(context.Request.InputStream, Encoding.UTF8);
                var body = await reader.ReadToEndAsync();
                var reply = answer(Interlocked.Increment(ref requests) - 1, body, context.Request);
                _ = SendAsync(context.Response, reply);
            }
        });
    }

    public int Port { get; }

    public int Requests => requests;

    public string Url(string path = "/score") => $"http://127.0.0.1:{Port}{path}";

    public void Dispose()
    {
        listener.Close();
        loop.Wait(TimeSpan.FromSeconds(5));
    }

    private static async Task SendAsync(HttpListenerResponse response, Reply reply)
    {
        try
        {
            await Task.Delay(reply.After);
            response.StatusCode = reply.Status;
            response.ContentType = reply.Type;
            foreach (var (name, value) in reply.Headers)
            {
                response.Headers[name] = value;
            }

            var bytes = Encoding.UTF8.GetBytes(reply.Body);
            for (var i = 0; i < reply.Repeat; i++)
            {
                await response.OutputStream.WriteAsync(bytes);
            }

            response.Close();
        }
        catch (Exception e) when (e is HttpListenerException or ObjectDisposedException or IOException or InvalidOperationException)
        {
            // The client has gone away, as some tests want it to.
        }
    }

    /// <summary>An answer.</summary>
    public sealed record Reply(string Body, int Status = 200, string Type = "application/json")
    {
        public TimeSpan After { get; init; }

        public int Repeat { get; init; } = 1;

        public (string Name, string Value)[] Headers { get; init; } = [];
    }
}

/// <summary>A clock on which waits take no time, but for the one that is a request's timeout.</summary>
internal sealed class HastyClock(TimeSpan timeout) : TimeProvider
{
    private readonly List<TimeSpan> waits = [];

    /// <summary>What was waited for.</summary>
    public TimeSpan[] Waits
    {
        get
        {
            lock (waits)
            {
                return [.. waits];
            }
        }
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        if (dueTime == timeout)
        {
            return base.CreateTimer(callback, state, dueTime, period);
        }

        lock (waits)
        {
            waits.Add(dueTime);
        }

        return base.CreateTimer(callback, state, TimeSpan.Zero, period);
    }
}
