using System.CommandLine;
using System.Text.Json.Nodes;
using Roux.Server;
using Roux.Server.Telemetry;
using Roux.Tracking;

namespace Roux.Cli.Commands;

/// <summary><c>roux serve</c>: a tracking server for MLflow clients over the store.</summary>
internal static class ServeCommand
{
    private const string Loopback = "127.0.0.1";
    private const int UsualPort = 5000;

    private static readonly Option<string> Host = new("--host") { Description = "Address to listen on.", HelpName = "ADDRESS", DefaultValueFactory = _ => Loopback };

    private static readonly Option<int> Port = new("--port") { Description = "Port; 0 for any free one.", HelpName = "N", DefaultValueFactory = _ => UsualPort };

    private static readonly Option<string?> Artifacts = new("--artifacts") { Description = "Where artifacts lie: a folder or s3://BUCKET/PREFIX.", HelpName = "PLACE" };

    private static readonly Option<string[]> AllowedHosts = new("--allowed-hosts")
    {
        Description = "Names that this server is reached by, such as mlflow.example.org.",
        HelpName = "NAME",
        AllowMultipleArgumentsPerToken = true,
    };

    private static readonly Option<bool> AllowPublic = new("--allow-unauthenticated-public")
    {
        Description = "Listen on a public address although nobody has to log in.",
    };

    private static readonly Option<bool> PrivateWebhooks = new("--webhooks-allow-private")
    {
        Description = "Send webhooks to this machine and to private networks, too.",
    };

    public static Command Create()
    {
        var command = new Command("serve", "Serve the store to MLflow clients.") { Host, Port, Artifacts, AllowedHosts, AllowPublic, PrivateWebhooks };
        LogArguments.AddTo(command);
        foreach (var option in ServeSecurity.Options)
        {
            command.Options.Add(option);
        }

        command.SetAction((call, stop) => Serving.RunAsync(call, stop));
        return command;
    }

    /// <summary>Apart, so that other verbs do not load the web server.</summary>
    private static class Serving
    {
        public static async Task<int> RunAsync(ParseResult call, CancellationToken stop)
        {
            var store = CommonOptions.StoreOf(call);
            RouxServer server;
            try
            {
                server = await RouxServer.StartAsync(OptionsOf(call, store), stop);
            }
            catch (ServerException exception)
            {
                throw new UsageException(exception.Message);
            }

            await using (server)
            {
                if (call.GetValue(CommonOptions.Json))
                {
                    CommonOptions.WriteJson(new JsonObject { ["address"] = server.Address, ["store"] = Roux.Tracking.StoreAddress.IsPostgres(store) ? store : Path.GetFullPath(store), ["login"] = server.AsksForLogin });
                }
                else
                {
                    Console.Out.WriteLine($"Serving {store} at {server.Address} (MLFLOW_TRACKING_URI={server.Address}); {(server.AsksForLogin ? "callers log in" : "nobody has to log in")}; Ctrl+C stops.");
                }

                await Console.Out.FlushAsync(CancellationToken.None);
                try
                {
                    await Task.Delay(Timeout.Infinite, stop);
                }
                catch (OperationCanceledException)
                {
                    Console.Error.WriteLine("Stopping: finishing requests under way …");
                }

                await server.StopAsync();
            }

            return 0;
        }

        private static ServerOptions OptionsOf(ParseResult call, string store) => new()
        {
            Store = store,
            Artifacts = call.GetValue(Artifacts),
            Host = call.GetValue(Host)!,
            Port = call.GetValue(Port),
            AllowedHosts = [.. (call.GetValue(AllowedHosts) ?? []).SelectMany(names => names.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))],
            AllowUnauthenticatedPublic = call.GetValue(AllowPublic),
            Log = Options(LogArguments.Of(call)),
            Webhooks = new WebhookOptions { AllowPrivate = call.GetValue(PrivateWebhooks) },
            Security = ServeSecurity.Reading.Of(call),
        };

        private static LogOptions Options(LogArguments log) =>
            new() { Format = LogOptions.ParseFormat(log.Format), Level = LogOptions.ParseLevel(log.Level), SlowRequest = TimeSpan.FromSeconds(log.SlowSeconds) };
    }
}
