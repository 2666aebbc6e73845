using System.Text;
using Roux.Tracking.Capture;

namespace Roux.Learning.AutoML;

/// <summary>What a job on a table is called where the user says nothing: after its data and its target.</summary>
internal static class JobName
{
    /// <summary>Name of an experiment, such as <c>penguins/species</c>.</summary>
    public static string Experiment(DevelopOptions options) => options.Experiment ?? $"{DataName.About(options.DataPath)}/{options.Target}";

    /// <summary>Name of a registered model, such as <c>penguins-species</c>.</summary>
    public static string Model(DevelopOptions options)
    {
        if (options.ModelName is { } given)
        {
            return given;
        }

        var name = new StringBuilder();
        foreach (var c in $"{DataName.About(options.DataPath)}-{options.Target}".ToLowerInvariant())
        {
            name.Append(char.IsLetterOrDigit(c) ? c : '-');
        }

        return name.ToString().Trim('-');
    }
}
