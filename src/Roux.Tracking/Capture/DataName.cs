namespace Roux.Tracking.Capture;

/// <summary>What a data file is called. Files such as <c>train.csv</c> are called after their part in the work; what they are about stands in the name of their folder.</summary>
public static class DataName
{
    private static readonly HashSet<string> Plain = new(StringComparer.OrdinalIgnoreCase)
    {
        "train", "training", "train_data", "traindata", "trainset", "test", "testing", "test_data", "testdata", "testset", "valid", "validation", "val", "dev", "eval", "holdout", "data", "dataset", "table", "all",
    };

    /// <summary>The name of a file's data set: <c>movies.csv</c>, or <c>penguins/train.csv</c>.</summary>
    /// <param name="path">Path of the file, full or from the working directory.</param>
    public static string OfFile(string path) => Folder(path) is { } folder ? $"{folder}/{Path.GetFileName(path)}" : Path.GetFileName(path);

    /// <summary>What it is about: <c>movies</c>, or <c>penguins</c>.</summary>
    /// <param name="path">Path of the file, full or from the working directory.</param>
    public static string About(string path) => Folder(path) ?? Stem(path);

    private static string? Folder(string path) =>
        Plain.Contains(Stem(path)) && Path.GetFileName(Path.GetDirectoryName(Path.GetFullPath(path))) is { Length: > 0 } folder && !Plain.Contains(folder) ? folder : null;

    private static string Stem(string path)
    {
        var name = Path.GetFileName(path);
        name = name.EndsWith(".gz", StringComparison.OrdinalIgnoreCase) ? name[..^3] : name;
        return Path.GetFileNameWithoutExtension(name);
    }
}
