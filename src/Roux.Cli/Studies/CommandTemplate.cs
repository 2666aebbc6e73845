using System.Text.RegularExpressions;
using Roux.Learning.Data;
using Roux.Tuning;

namespace Roux.Cli.Studies;

/// <summary>A command with places such as <c>{lr}</c> for the settings of a trial.</summary>
internal sealed partial class CommandTemplate
{
    private readonly IReadOnlyList<string> words;

    /// <summary>Places that are no settings: steps to train in all, and the folder of checkpoints.</summary>
    private static readonly string[] Others = ["resource", "checkpoint"];

    /// <exception cref="UsageException">A place names no parameter of the space.</exception>
    public CommandTemplate(IReadOnlyList<string> words, SearchSpace space)
    {
        this.words = words;
        string[] names = [.. space.Parameters.Select(parameter => parameter.Name), .. Others];
        foreach (Match place in words.SelectMany(word => Place().Matches(word)))
        {
            if (!names.Contains(place.Groups[1].Value))
            {
                throw new UsageException(NearestName.Message("place", place.Value, "parameter", names));
            }
        }
    }

    /// <summary>
    /// The command of a configuration. A word with an inactive parameter is left out, and so is an option such as <c>--depth</c> before a
    /// word that is nothing but that.
    /// </summary>
    /// <param name="settings">The settings.</param>
    /// <param name="resource">Steps to train in all, for <c>{resource}</c>; <c>null</c> for a whole training.</param>
    /// <param name="checkpoint">The folder of checkpoints, for <c>{checkpoint}</c>.</param>
    public IReadOnlyList<string> Fill(Configuration settings, long? resource = null, string? checkpoint = null)
    {
        // A setting of such a name comes before.
        var configuration = new Configuration(new (string, object?)[] { ("resource", resource), ("checkpoint", checkpoint) }
            .Where(pair => pair.Item2 is not null).Select(pair => KeyValuePair.Create(pair.Item1, pair.Item2!)).Concat(settings));
        var filled = new List<string>();
        foreach (var word in words)
        {
            var places = Place().Matches(word);
            if (places.All(place => configuration.ContainsKey(place.Groups[1].Value)))
            {
                filled.Add(Place().Replace(word, place => Configuration.Format(configuration[place.Groups[1].Value])));
            }
            else if (places.Count == 1 && places[0].Length == word.Length && filled.Count > 1 && filled[^1].StartsWith('-'))
            {
                filled.RemoveAt(filled.Count - 1);
            }
        }

        return filled;
    }

    [GeneratedRegex(@"\{([A-Za-z_][A-Za-z0-9_.-]*)\}")]
    private static partial Regex Place();
}
