using System.Collections.Concurrent;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Logging;

namespace Roux.Server.Tests.Remote;

/// <summary>A server on this machine that answers as a test says, and remembers what it was asked.</summary>
internal sealed class ServerDouble : IAsyncDisposable
{
    private readonly WebApplication application;

    private ServerDouble(WebApplication application, string address)
    {
        this.application = application;
        Address = address;
    }

    public string Address { get; }

    /// <summary>Method, path and login of each request.</summary>
    public ConcurrentQueue<(string Method, string Path, string Login)> Requests { get; } = new();

    public static async Task<ServerDouble> StartAsync(Func<HttpContext, Task> answer, bool tls = false)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen =>
        {
            if (tls)
            {
                listen.UseHttps(SelfSigned());
            }
        }));
        var application = builder.Build();
        ServerDouble? self = null;
        application.Run(http =>
        {
            self!.Requests.Enqueue((http.Request.Method, http.Request.Path, http.Request.Headers.Authorization.ToString()));
            return answer(http);
        });
        await application.StartAsync();
        return self = new ServerDouble(application, application.Urls.First());
    }

    /// <summary>Answers with a status and JSON.</summary>
    public static Task Json(HttpContext http, int status, string json)
    {
        http.Response.StatusCode = status;
        http.Response.ContentType = "application/json";
        return http.Response.WriteAsync(json);
    }

    public async ValueTask DisposeAsync()
    {
        await application.StopAsync();
        await application.DisposeAsync();
    }

    private static X509Certificate2 SelfSigned()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256);
        using var made = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        return X509CertificateLoader.LoadPkcs12(made.Export(X509ContentType.Pkcs12), null);
    }
}
