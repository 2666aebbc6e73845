using System.CommandLine;
using System.Text.Json.Nodes;
using Roux.Server;
using Roux.Server.Telemetry;
using Roux.Tracking;

namespace Roux.Cli.Commands;

/// <summary><c>roux serve</c>: a tracking server for MLflow clients over the store, and the workbench in the browser.</summary>
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
        var command = new Command("serve", "Serve the store: pages for browsers, and MLflow's protocol for clients.");
        AddOptions(command);
        command.SetAction((call, stop) => Serving.RunAsync(call, null, stop));
        return command;
    }

    /// <summary>Gives a command all that serving can be told.</summary>
    public static void AddOptions(Command command)
    {
        foreach (var option in new Option[] { Host, Port, Artifacts, AllowedHosts, AllowPublic, PrivateWebhooks })
        {
            command.Options.Add(option);
        }

        LogArguments.AddTo(command);
        ServeRetention.AddTo(command);
        foreach (var option in ServeSecurity.Options)
        {
            command.Options.Add(option);
        }
    }

    /// <summary>Apart, so that other verbs do not load the web server.</summary>
    internal static class Serving
    {
        /// <summary>Serves until it is stopped.</summary>
        /// <param name="call">The command line.</param>
        /// <param name="begun">Is told the address as soon as the server listens.</param>
        /// <param name="stop">Ends it.</param>
        public static async Task<int> RunAsync(ParseResult call, Action<string>? begun, CancellationToken stop)
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
                begun?.Invoke(server.Address);
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
            Retention = ServeRetention.Of(call) is var (every, rules) ? new RetentionSchedule(every, rules) : null,
            Security = ServeSecurity.Reading.Of(call),
        };

        private static LogOptions Options(LogArguments log) =>
            new() { Format = LogOptions.ParseFormat(log.Format), Level = LogOptions.ParseLevel(log.Level), SlowRequest = TimeSpan.FromSeconds(log.SlowSeconds) };
    }
}
