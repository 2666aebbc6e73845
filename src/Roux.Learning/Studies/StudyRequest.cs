using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Roux.Tuning;

namespace Roux.Learning.Studies;

/// <summary>What may be asked of a study.</summary>
public enum StudyRequestKind
{
    /// <summary>End it; what it did so far is kept, and it may be gone on with.</summary>
    Stop,

    /// <summary>End one of its running trials.</summary>
    StopTrial,

    /// <summary>Try more configurations than it was begun for.</summary>
    Add,

    /// <summary>Try a given configuration next, one more than it was begun for.</summary>
    Enqueue,
}

/// <summary>
/// Something asked of a study: a tag of its run, so that it is in the store, whichever that is, until a process that works on the study hears it. Each has an id of its own
/// and is carried out once: the first process to hear it writes so into the journal, and how it went into a second tag.
/// </summary>
public sealed record StudyRequest
{
    /// <summary>Beginning of the tags with what was asked; the id follows.</summary>
    public const string Prefix = "roux.study.request.";

    /// <summary>Beginning of the tags with how it went; the id follows.</summary>
    public const string HeardPrefix = "roux.study.heard.";

    /// <summary>The most trials that can be added at once.</summary>
    public const int MostAdded = 100_000;

    /// <summary>How it went, where it was carried out.</summary>
    public const string Done = "done";

    /// <summary>Unique; later ones come after earlier ones.</summary>
    public required string Id { get; init; }

    /// <summary>What is asked.</summary>
    public required StudyRequestKind Kind { get; init; }

    /// <summary>Number of the trial to end.</summary>
    public int? Trial { get; init; }

    /// <summary>How many trials to add.</summary>
    public int? Count { get; init; }

    /// <summary>The configuration to try.</summary>
    public Configuration? Settings { get; init; }

    /// <summary>Who asked.</summary>
    public string By { get; init; } = "";

    /// <summary>When, in milliseconds since 1970.</summary>
    public long Time { get; init; }

    /// <summary>Name of its tag.</summary>
    public string Tag => Prefix + Id;

    /// <summary>A new one.</summary>
    public static StudyRequest Of(StudyRequestKind kind, string by, DateTimeOffset now) => new()
    {
        Id = string.Create(CultureInfo.InvariantCulture, $"{now.ToUnixTimeMilliseconds():x12}-{Guid.NewGuid():N}")[..21], Kind = kind, By = by, Time = now.ToUnixTimeMilliseconds(),
    };

    /// <summary>Those among the tags of a study's run, in the order of asking; what is none is left out.</summary>
    public static IReadOnlyList<StudyRequest> Of(IReadOnlyDictionary<string, string> tags)
    {
        ArgumentNullException.ThrowIfNull(tags);
        return [.. tags.Where(tag => tag.Key.StartsWith(Prefix, StringComparison.Ordinal)).Select(tag => TryRead(tag.Key[Prefix.Length..], tag.Value)).OfType<StudyRequest>().OrderBy(request => request.Id, StringComparer.Ordinal)];
    }

    /// <summary>How one went: <see cref="Done"/>, or why it was refused; <c>null</c> while nobody has heard it.</summary>
    public static string? OutcomeOf(IReadOnlyDictionary<string, string> tags, string id)
    {
        ArgumentNullException.ThrowIfNull(tags);
        return tags.GetValueOrDefault(HeardPrefix + id);
    }

    /// <summary>Its tag's value.</summary>
    public JsonObject ToJson()
    {
        var json = new JsonObject { ["do"] = Word(Kind), ["by"] = By, ["time"] = Time };
        if (Trial is { } trial)
        {
            json["stop"] = trial;
        }

        if (Count is { } count)
        {
            json["count"] = count;
        }

        if (Settings is { } settings)
        {
            json["params"] = settings.ToJson();
        }

        return json;
    }

    private static string Word(StudyRequestKind kind) => kind switch { StudyRequestKind.Stop => "stop", StudyRequestKind.StopTrial => "stop_trial", StudyRequestKind.Add => "add", _ => "enqueue" };

    /// <summary>Reads a tag's value, or a line of a journal with the same fields.</summary>
    internal static StudyRequest? TryRead(string id, string text)
    {
        try
        {
            if (JsonNode.Parse(text, null, new JsonDocumentOptions { MaxDepth = 8 }) is not JsonObject json)
            {
                return null;
            }

            var kind = json["do"]?.GetValue<string>();
            return Enum.GetValues<StudyRequestKind>().Where(one => Word(one) == kind).Select(one => (StudyRequest?)new StudyRequest
            {
                Id = id, Kind = one, Trial = json["stop"]?.GetValue<int>(), Count = json["count"]?.GetValue<int>() is { } count ? Math.Clamp(count, 1, MostAdded) : null,
                Settings = json["params"] is JsonObject settings ? Configuration.FromJson(settings) : null, By = json["by"]?.GetValue<string>() ?? "", Time = json["time"]?.GetValue<long>() ?? 0,
            }).FirstOrDefault();
        }
        catch (Exception e) when (e is JsonException or FormatException or InvalidOperationException)
        {
            return null;
        }
    }
}
