using System.Text;

namespace Roux.Learning.AutoML;

/// <summary>What a job on a table is called where the user says nothing: after its data and its target.</summary>
internal static class JobName
{
    /// <summary>Files that are called after what they are for; the folder tells what they are about.</summary>
    private static readonly HashSet<string> Plain = new(StringComparer.OrdinalIgnoreCase) { "train", "training", "train_data", "traindata", "trainset", "data", "dataset", "table", "all" };

    /// <summary>Name of an experiment, such as <c>penguins/species</c>.</summary>
    public static string Experiment(DevelopOptions options) => options.Experiment ?? $"{Data(options.DataPath)}/{options.Target}";

    /// <summary>Name of a registered model, such as <c>penguins-species</c>.</summary>
    public static string Model(DevelopOptions options)
    {
        if (options.ModelName is { } given)
        {
            return given;
        }

        var name = new StringBuilder();
        foreach (var c in $"{Data(options.DataPath)}-{options.Target}".ToLowerInvariant())
        {
            name.Append(char.IsLetterOrDigit(c) ? c : '-');
        }

        return name.ToString().Trim('-');
    }

    /// <summary>What a data file is about: its name, or that of its folder for a file such as <c>penguins/train.csv</c>.</summary>
    public static string Data(string path)
    {
        var name = Path.GetFileName(path);
        foreach (var end in new[] { ".gz", Path.GetExtension(name.EndsWith(".gz", StringComparison.OrdinalIgnoreCase) ? name[..^3] : name) })
        {
            name = end.Length > 0 && name.EndsWith(end, StringComparison.OrdinalIgnoreCase) ? name[..^end.Length] : name;
        }

        var folder = Path.GetFileName(Path.GetDirectoryName(Path.GetFullPath(path)));
        return Plain.Contains(name) && !string.IsNullOrEmpty(folder) && !Plain.Contains(folder) ? folder : name;
    }
}
