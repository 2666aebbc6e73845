using System.Globalization;
using System.Text.Json;

namespace Roux.Tracking.Service;

/// <summary>What a client may send: MLflow's limits and rules of names (mlflow/utils/validation.py), with its messages.</summary>
internal static class Limits
{
    public const int Metrics = 1000;
    public const int Params = 100;
    public const int Tags = 100;
    public const int Batch = 1000;
    public const int Datasets = 1000;
    public const int Key = 250;
    public const int ParamValue = 6000;
    public const int TagValue = 8000;
    public const int Conditions = 50;
    public const int SearchedExperiments = 10_000;
    public const int ShortText = 500;

    /// <summary>A run's model history and notes of other clients are longer than a tag may be.</summary>
    public const int LongText = 1 << 20;

    private const string Names = "Names may only contain alphanumerics, underscores (_), dashes (-), periods (.), spaces ( ), colon(:) and slashes (/).";

    // Milliseconds from year 1 to year 9999.
    private const long FirstTime = -62_135_596_800_000;
    private const long LastTime = 253_402_300_799_999;

    /// <summary>Checks the name of a metric, param or tag.</summary>
    /// <param name="parameter">Where it was given, such as <c>metrics[0].name</c>.</param>
    /// <param name="name">The name.</param>
    public static void CheckName(string parameter, string name)
    {
        if (name.Length > Key)
        {
            throw ServiceException.Invalid($"'{Short(name)}' had length {name.Length}, which exceeded length limit of {Key}");
        }

        var plain = true;
        var path = false;
        foreach (var letter in name)
        {
            plain &= char.IsLetterOrDigit(letter) || letter is '_' or '/' or '.' or '-' or ' ' or ':' || (letter > 127 && IsWord(letter));
            path |= letter is '/' or '.';
        }

        if (!plain || name.Length == 0)
        {
            throw ServiceException.Invalid($"Invalid value {JsonSerializer.Serialize(name)} for parameter '{parameter}' supplied: {Names}");
        }

        if (path && Normal(name) is { } other && other != name)
        {
            throw ServiceException.Invalid($"Invalid value {JsonSerializer.Serialize(name)} for parameter '{parameter}' supplied: Names may be treated as files in certain cases, and must not resolve to other names when treated as such. This name would resolve to {JsonSerializer.Serialize(other)}");
        }
    }

    public static void CheckLength(string what, string value, int limit)
    {
        if (value.Length > limit)
        {
            throw ServiceException.Invalid($"{what} '{Short(value)}' had length {value.Length}, which exceeded length limit of {limit}");
        }
    }

    public static void CheckTag(string parameter, string key, string value)
    {
        CheckName(parameter, key);
        CheckLength("Tag value", value, key.StartsWith("mlflow.", StringComparison.Ordinal) ? LongText : TagValue);
    }

    public static void CheckCount(string what, int limit, int count)
    {
        if (count > limit)
        {
            throw ServiceException.Invalid($"A batch logging request can contain at most {limit} {what}. Got {count} {what}. Please split up {what} across multiple requests and try again.");
        }
    }

    /// <summary>Checks a time: whatever is stored must be shown as a date again.</summary>
    public static long Time(string parameter, long milliseconds) => milliseconds is >= FirstTime and <= LastTime
        ? milliseconds
        : throw ServiceException.Invalid(string.Create(CultureInfo.InvariantCulture, $"Invalid value {milliseconds} for parameter '{parameter}' supplied: times are milliseconds since 1970-01-01T00:00:00Z, up to the year 9999"));

    public static int MaxResults(long given, int limit) => given >= 1 && given <= limit
        ? (int)given
        : throw ServiceException.Invalid(string.Create(CultureInfo.InvariantCulture, $"Invalid value {given} for parameter 'max_results' supplied:  Hint: Value was of type 'int'. See the API docs for more information about request parameters. It goes from 1 to {limit}."));

    private static string Short(string text) => text.Length <= Key ? text : text[..Key];

    private static bool IsWord(char letter) => char.GetUnicodeCategory(letter) is UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark or UnicodeCategory.LetterNumber or UnicodeCategory.Surrogate;

    /// <summary>What a name becomes as a POSIX path; null for one that is not to be used as such at all.</summary>
    private static string Normal(string name)
    {
        var parts = new List<string>();
        foreach (var part in name.Split('/'))
        {
            if (part == ".." && parts.Count > 0 && parts[^1] != "..")
            {
                parts.RemoveAt(parts.Count - 1);
            }
            else if (part is not ("" or "."))
            {
                parts.Add(part);
            }
        }

        // A name that begins with '/' or '..' stays itself as a path, and is refused all the same.
        var normal = string.Join('/', parts);
        return name[0] == '/' ? "/" + normal + (name == "/" + normal ? " (absolute)" : "")
            : normal.StartsWith("..", StringComparison.Ordinal) && normal == name ? normal + " (outside)"
            : normal.Length == 0 ? "." : normal;
    }
}
