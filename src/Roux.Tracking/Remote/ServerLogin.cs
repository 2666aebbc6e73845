using System.Net.Http.Headers;
using System.Text;

namespace Roux.Tracking.Remote;

/// <summary>What logs in to a server. It is shown nowhere and stored nowhere.</summary>
internal sealed class ServerLogin
{
    /// <summary>No login.</summary>
    public static readonly ServerLogin None = new(null, new Dictionary<string, string>());

    private ServerLogin(AuthenticationHeaderValue? header, IReadOnlyDictionary<string, string> variables)
    {
        Header = header;
        Variables = variables;
    }

    /// <summary>The header to send; null for none.</summary>
    public AuthenticationHeaderValue? Header { get; }

    /// <summary>The environment variables by which an MLflow client of another process logs in the same way.</summary>
    public IReadOnlyDictionary<string, string> Variables { get; }

    /// <summary>
    /// The login for an address: what it says itself, else <c>ROUX_API_KEY</c>, else <c>MLFLOW_TRACKING_USERNAME</c> with
    /// <c>MLFLOW_TRACKING_PASSWORD</c>, else <c>MLFLOW_TRACKING_TOKEN</c>.
    /// </summary>
    public static ServerLogin Of(Uri uri, Func<string, string?> variable)
    {
        if (uri.UserInfo.Length > 0)
        {
            var colon = uri.UserInfo.IndexOf(':', StringComparison.Ordinal);
            return colon < 0
                ? Basic(Uri.UnescapeDataString(uri.UserInfo), "")
                : Basic(Uri.UnescapeDataString(uri.UserInfo[..colon]), Uri.UnescapeDataString(uri.UserInfo[(colon + 1)..]));
        }

        if (Given(variable, "ROUX_API_KEY") is { } key)
        {
            return Bearer(key);
        }

        if (Given(variable, "MLFLOW_TRACKING_USERNAME") is { } user)
        {
            return Basic(user, variable("MLFLOW_TRACKING_PASSWORD") ?? "");
        }

        return Given(variable, "MLFLOW_TRACKING_TOKEN") is { } token ? Bearer(token) : None;
    }

    /// <summary>A user and a password.</summary>
    public static ServerLogin Basic(string user, string password) => user.Contains(':', StringComparison.Ordinal)
        ? throw new TrackingException("the user name for the server holds ':', which basic authentication cannot send; use a token")
        : new(
            new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{user}:{password}"))),
            new Dictionary<string, string> { ["MLFLOW_TRACKING_USERNAME"] = user, ["MLFLOW_TRACKING_PASSWORD"] = password });

    /// <summary>A token or key.</summary>
    public static ServerLogin Bearer(string token)
    {
        var text = token.Trim();
        return text.AsSpan().ContainsAnyExceptInRange('\x21', '\x7e')
            ? throw new TrackingException("the token for the server holds blanks or letters that no token has; check ROUX_API_KEY, MLFLOW_TRACKING_TOKEN or DATABRICKS_TOKEN")
            : new(new AuthenticationHeaderValue("Bearer", text), new Dictionary<string, string> { ["MLFLOW_TRACKING_TOKEN"] = text });
    }

    private static string? Given(Func<string, string?> variable, string name) => variable(name) is { } text && !string.IsNullOrWhiteSpace(text) ? text : null;
}
