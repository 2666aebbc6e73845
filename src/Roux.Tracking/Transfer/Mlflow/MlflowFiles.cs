using System.Globalization;
using System.Text.Json.Nodes;
using Roux.Tracking.Capture.Lineage;

namespace Roux.Tracking.Transfer.Mlflow;

/// <summary>Files of MLflow's file store: small texts, flat YAML, and folders whose files are names and values. Links are not followed.</summary>
internal static class MlflowFiles
{
    private const int LongestText = 16 << 20;
    private const string Meta = "meta.yaml";

    /// <summary>The description of a thing; <c>null</c> where the folder holds none.</summary>
    /// <exception cref="FormatException">It cannot be read.</exception>
    public static JsonObject? Description(string folder) => Text(Path.Combine(folder, Meta)) is { } text ? YamlSubset.Parse(text) as JsonObject : null;

    public static string? Text(JsonObject description, string name) => description[name] switch
    {
        JsonValue value when value.TryGetValue<string>(out var text) => text is "null" or "~" or "" ? null : text,
        _ => null,
    };

    public static long? Whole(JsonObject description, string name) =>
        Text(description, name) is { } text && long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number : null;

    /// <summary>Folders in a folder, in order.</summary>
    public static IEnumerable<DirectoryInfo> Folders(string folder) => new DirectoryInfo(folder) is { Exists: true, LinkTarget: null } found
        ? found.EnumerateDirectories().Where(entry => entry.LinkTarget is null).OrderBy(entry => entry.Name, StringComparer.Ordinal)
        : [];

    /// <summary>Files below a folder as names and values.</summary>
    public static Dictionary<string, string> Pairs(string folder) =>
        Names(folder).Select(file => (file.Name, Value: Text(file.Path))).Where(pair => pair.Value is not null).ToDictionary(pair => pair.Name, pair => pair.Value!, StringComparer.Ordinal);

    /// <summary>Files below a folder: names with '/' lie in folders.</summary>
    public static IEnumerable<(string Name, string Path)> Names(string folder) => Directory.Exists(folder)
        ? Artifacts.FolderWalk.Files(folder).Where(file => !file.IsLink).Select(file => (file.Relative, file.Full))
        : [];

    /// <summary>Lines of a metric's file: time, value, step, and what else stands in them.</summary>
    public static IEnumerable<(long Time, double Value, long Step, string[] More)> Points(string file)
    {
        foreach (var line in File.ReadLines(file))
        {
            var parts = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (parts.Length >= 2 && long.TryParse(parts[0], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var time))
            {
                yield return (time, ValueOf(parts[1]), parts.Length > 2 && long.TryParse(parts[2], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var step) ? step : 0, parts[Math.Min(3, parts.Length)..]);
            }
        }
    }

    private static string? Text(string path) => new FileInfo(path) is { Exists: true, LinkTarget: null, Length: <= LongestText } ? File.ReadAllText(path) : null;

    private static double ValueOf(string text) => text.ToLowerInvariant() switch
    {
        "nan" => double.NaN,
        "inf" or "+inf" or "infinity" => double.PositiveInfinity,
        "-inf" or "-infinity" => double.NegativeInfinity,
        _ => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) ? value : double.NaN,
    };
}
