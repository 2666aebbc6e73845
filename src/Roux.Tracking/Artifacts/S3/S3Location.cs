using System.Text.RegularExpressions;

namespace Roux.Tracking.Artifacts.S3;

/// <summary>
/// A place in an S3 bucket: <c>s3://bucket/prefix?endpoint=http://127.0.0.1:9000&amp;region=eu-central-1&amp;path_style=true</c>, all after the bucket
/// optional. Credentials come from where the AWS SDK looks for them, never from here.
/// </summary>
/// <param name="Bucket">The bucket.</param>
/// <param name="Prefix">Keys begin with it; empty or ending in '/'.</param>
/// <param name="Endpoint">Another server than Amazon's.</param>
/// <param name="Region">The bucket's region.</param>
/// <param name="PathStyle">Whether the bucket is named in the path, not in the host.</param>
internal sealed partial record S3Location(string Bucket, string Prefix, Uri? Endpoint, string? Region, bool PathStyle)
{
    public const string Scheme = "s3://";

    /// <summary>As a text for people: bucket and prefix.</summary>
    public override string ToString() => $"{Scheme}{Bucket}/{Prefix}".TrimEnd('/');

    /// <summary>Reads the text; what it leaves open comes from the environment, as other S3 programs and MLflow read it.</summary>
    /// <exception cref="TrackingException">It is malformed.</exception>
    public static S3Location Parse(string text)
    {
        var (place, query) = text[Scheme.Length..].Split('?', 2) is [var before, var after] ? (before, after) : (text[Scheme.Length..], "");
        var (bucket, prefix) = place.Split('/', 2) is [var first, var rest] ? (first, rest) : (place, "");
        if (!BucketName().IsMatch(bucket))
        {
            throw new TrackingException($"artifacts at '{Scheme}{(bucket.Contains('@', StringComparison.Ordinal) ? "…" : bucket)}': a bucket's name has 3 to 63 small letters, digits, '-' and '.'; "
                + "give s3://BUCKET/PREFIX, and credentials by AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY or a profile");
        }

        var options = Options(query);
        var endpoint = options.GetValueOrDefault("endpoint") ?? Variable("AWS_ENDPOINT_URL_S3") ?? Variable("AWS_ENDPOINT_URL") ?? Variable("MLFLOW_S3_ENDPOINT_URL");
        return new S3Location(
            bucket,
            prefix.Trim('/') is { Length: > 0 } folder ? ArtifactPath.Check(folder) + "/" : "",
            endpoint is null ? null : Address(endpoint),
            options.GetValueOrDefault("region") ?? Variable("AWS_REGION") ?? Variable("AWS_DEFAULT_REGION"),
            options.TryGetValue("path_style", out var style) ? Flag(style) : endpoint is not null);
    }

    private static Dictionary<string, string> Options(string query)
    {
        var options = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var pair in query.Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            var (name, value) = pair.Split('=', 2) is [var left, var right] ? (left, Uri.UnescapeDataString(right)) : (pair, "");
            if (name is not ("endpoint" or "region" or "path_style") || value.Length == 0)
            {
                throw new TrackingException($"artifacts at s3://…?{name}=…: the options are endpoint=URL, region=NAME and path_style=true or false");
            }

            options[name] = value;
        }

        return options;
    }

    private static Uri Address(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var address) && address.Scheme is "http" or "https" && address.UserInfo.Length == 0 && address.Query.Length == 0
            ? address
            : throw new TrackingException("the S3 endpoint: give an address such as http://127.0.0.1:9000, without user, password or query");

    private static bool Flag(string text) => bool.TryParse(text, out var flag) ? flag : throw new TrackingException($"path_style={text}: give true or false");

    private static string? Variable(string name) => Environment.GetEnvironmentVariable(name) is { Length: > 0 } value ? value : null;

    [GeneratedRegex("^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$")]
    private static partial Regex BucketName();
}
