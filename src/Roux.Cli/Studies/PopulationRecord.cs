using System.Globalization;
using System.Text.Json.Nodes;
using Roux.Cli.Printing;
using Roux.Tuning;

namespace Roux.Cli.Studies;

/// <summary>What is kept and shown of a study that trained a population: the schedule that the best weights went through.</summary>
internal static class PopulationRecord
{
    /// <summary>What makes two such studies the same.</summary>
    public static IEnumerable<string> Key(Study study) => study.Population?.Options is not { } options ? []
        : [string.Create(CultureInfo.InvariantCulture, $"{options.Exploration} {options.Members} {options.Interval} {options.Steps} {options.Seed} {string.Join(',', options.Kept)}")];

    /// <summary>The parts of the best one's schedule as JSON; <c>null</c> where no population was trained.</summary>
    public static JsonArray? Schedule(Study study) => Parts(study) is not { } parts ? null : new JsonArray([.. parts.Select(part => (JsonNode)new JsonObject
    {
        ["from"] = part.From, ["to"] = part.To, ["member"] = part.Member, ["params"] = part.Configuration.ToJson(), ["value"] = part.Value,
    })]);

    /// <summary>Prints it: a row for every part under new settings.</summary>
    public static void Write(Page page, Study study)
    {
        if (Parts(study) is not { } parts)
        {
            return;
        }

        page.Line();
        page.Line("Schedule of the best: its weights went through");
        var table = page.Table().Column("steps", least: 8).Column("member", right: true).Column("settings", least: 12).Column("value", right: true);
        for (var i = 0; i < parts.Count; i++)
        {
            var first = i;
            while (i + 1 < parts.Count && parts[i + 1].Configuration.Equals(parts[first].Configuration) && parts[i + 1].Member == parts[first].Member)
            {
                i++;
            }

            var settings = string.Join(", ", parts[i].Configuration.Select(pair => $"{pair.Key}={(pair.Value is double number ? number.ToString("G4", CultureInfo.InvariantCulture) : Configuration.Format(pair.Value))}"));
            table.Row([$"{parts[first].From}-{parts[i].To}", parts[i].Member.ToString(CultureInfo.InvariantCulture), settings, parts[i].Value.ToString("G5", CultureInfo.InvariantCulture)]);
        }

        page.Write(table);
    }

    private static IReadOnlyList<SchedulePart>? Parts(Study study) => study is { Population: { } population, Best: { } best } ? population.ScheduleOf(best.Number) : null;
}
