using Microsoft.Extensions.Logging;

namespace Roux.Server.Telemetry;

/// <summary>How a line of the server's log looks.</summary>
public enum LogFormat
{
    /// <summary>A line for people.</summary>
    Text = 0,

    /// <summary>A JSON object a line, for collectors of logs.</summary>
    Json = 1,
}

/// <summary>What the server logs to its standard error. Neither values of params, tags and metrics nor paths that clients chose ever get there.</summary>
public sealed record LogOptions
{
    /// <summary>How a line looks.</summary>
    public LogFormat Format { get; init; }

    /// <summary>What matters less is not logged. <see cref="LogLevel.Information"/> logs every request. Default: <see cref="LogLevel.Warning"/>.</summary>
    public LogLevel Level { get; init; } = LogLevel.Warning;

    /// <summary>A request that takes longer is logged as a warning, unless it moves files. Default: five seconds.</summary>
    public TimeSpan SlowRequest { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>The format of a name.</summary>
    /// <exception cref="ServerException">There is none of that name.</exception>
    public static LogFormat ParseFormat(string name) => name switch
    {
        "text" => LogFormat.Text,
        "json" => LogFormat.Json,
        _ => throw new ServerException($"--log-format '{name}': give text or json"),
    };

    /// <summary>The level of a name.</summary>
    /// <exception cref="ServerException">There is none of that name.</exception>
    public static LogLevel ParseLevel(string name) => name switch
    {
        "debug" => LogLevel.Debug,
        "info" => LogLevel.Information,
        "warning" => LogLevel.Warning,
        "error" => LogLevel.Error,
        "none" => LogLevel.None,
        _ => throw new ServerException($"--log-level '{name}': give debug, info, warning, error or none"),
    };
}
