using System.Globalization;
using Roux.Tuning;

namespace Roux.Learning.Studies;

/// <summary>A schedule as a tag of its study's run: name, least and most steps, reduction, with spaces between them.</summary>
public static class ScheduleTag
{
    /// <summary>Its name.</summary>
    public const string Name = "roux.study.schedule";

    /// <summary>The tag of a schedule.</summary>
    public static string Write(Schedule schedule) => schedule is null ? throw new ArgumentNullException(nameof(schedule)) : string.Create(CultureInfo.InvariantCulture, $"{schedule.Name} {schedule.MinResource} {schedule.MaxResource} {schedule.Reduction}");

    /// <summary>Reads it; <c>null</c> for a study without a schedule.</summary>
    /// <exception cref="FormatException">Not a schedule.</exception>
    public static Schedule? Read(string? tag)
    {
        if (tag is null)
        {
            return null;
        }

        try
        {
            var parts = tag.Split(' ');
            return Schedule.Of(parts[0], long.Parse(parts[1], CultureInfo.InvariantCulture), long.Parse(parts[2], CultureInfo.InvariantCulture), int.Parse(parts[3], CultureInfo.InvariantCulture));
        }
        catch (Exception e) when (e is IndexOutOfRangeException or ArgumentException or OverflowException)
        {
            throw new FormatException($"'{tag}' is no schedule");
        }
    }
}
