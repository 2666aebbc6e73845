using System.Text.Json;
using System.Text.Json.Nodes;
using Roux.Tracking;
using Roux.Tuning;

namespace Roux.Learning.Studies;

/// <summary>
/// The search space of a study, as its run has it: as an artifact, and, since artifacts reach a server only when a run ends, as a tag as well where it is short enough.
/// </summary>
public static class StoredSpace
{
    /// <summary>Tag of a study's run: its space as JSON.</summary>
    private const string Tag = "roux.study.space";

    /// <summary>What MLflow servers of all versions take as a tag, in characters.</summary>
    private const int LongestTag = 5000;

    /// <summary>Stores a space with a study's run.</summary>
    public static void Write(Run run, string json)
    {
        ArgumentNullException.ThrowIfNull(run);
        ArgumentNullException.ThrowIfNull(json);
        run.LogText(StudyTags.SpaceFile, json);
        if (json.Length <= LongestTag)
        {
            run.Tag(Tag, json);
        }
    }

    /// <summary>Reads it.</summary>
    /// <exception cref="FormatException">It is no space.</exception>
    /// <exception cref="JsonException">It is no JSON.</exception>
    /// <exception cref="TrackingException">There is neither a tag nor an artifact.</exception>
    public static SearchSpace Read(Tracker tracker, RunRecord run)
    {
        ArgumentNullException.ThrowIfNull(tracker);
        ArgumentNullException.ThrowIfNull(run);
        if (run.Tags.GetValueOrDefault(Tag) is { } tag)
        {
            return SpaceJson.Read(JsonNode.Parse(tag));
        }

        using var file = new StreamReader(tracker.OpenArtifact(run.Id, StudyTags.SpaceFile));
        return SpaceJson.Read(JsonNode.Parse(file.ReadToEnd()));
    }
}
