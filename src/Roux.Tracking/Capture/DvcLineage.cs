namespace Roux.Tracking.Capture;

/// <summary>What DVC knows about a data file.</summary>
/// <param name="Path">Path of the output as written in the DVC file, relative to it.</param>
/// <param name="Md5">Hash that DVC recorded; ends in <c>.dir</c> for a folder.</param>
/// <param name="Bytes">Size that DVC recorded, if it did.</param>
/// <param name="File">The <c>.dvc</c> or <c>dvc.lock</c> file it was found in.</param>
/// <param name="Stage">The pipeline stage of <c>dvc.lock</c> that makes the file, if any.</param>
internal sealed record DvcRecord(string Path, string Md5, long? Bytes, string File, string? Stage);

/// <summary>Finds the record that DVC (data version control, dvc.org) keeps of a data file: in <c>FILE.dvc</c> beside it or beside a folder above it, or in a <c>dvc.lock</c> above it.</summary>
/// <remarks>Both are small YAML files of a fixed form; only the keys needed are read, and anything else is passed over.</remarks>
internal static class DvcLineage
{
    private const long LargestFile = 4 << 20;

    /// <summary>The record of a data file, or null where DVC does not track it.</summary>
    /// <param name="dataPath">File or folder of data.</param>
    public static DvcRecord? Find(string dataPath)
    {
        var full = Path.GetFullPath(dataPath);
        for (var tracked = full; Path.GetDirectoryName(tracked) is { } folder; tracked = folder)
        {
            if (FindIn(tracked + ".dvc", tracked) is { } own)
            {
                return own;
            }

            if (FindIn(Path.Combine(folder, "dvc.lock"), full) is { } locked)
            {
                return locked;
            }

            // A DVC project ends where its .dvc folder or the git repository lies.
            if (Directory.Exists(Path.Combine(folder, ".dvc")) || Path.Exists(Path.Combine(folder, ".git")))
            {
                return null;
            }
        }

        return null;
    }

    private static DvcRecord? FindIn(string file, string target)
    {
        var info = new FileInfo(file);
        if (!info.Exists || info.Length > LargestFile)
        {
            return null;
        }

        var folder = Path.GetDirectoryName(file)!;
        return Parse(File.ReadLines(file), file)
            .FirstOrDefault(r => string.Equals(Path.GetFullPath(Path.Combine(folder, r.Path)).TrimEnd('/', '\\'), target.TrimEnd('/', '\\'), StringComparison.Ordinal));
    }

    /// <summary>Every output with a hash in a <c>.dvc</c> or <c>dvc.lock</c> file.</summary>
    internal static IEnumerable<DvcRecord> Parse(IEnumerable<string> lines, string file)
    {
        string? path = null, md5 = null, stage = null;
        long? bytes = null;
        var section = "";
        var stagesIndent = -1;
        foreach (var raw in lines)
        {
            var line = raw.TrimEnd();
            var text = line.TrimStart();
            if (text.Length == 0 || text[0] == '#')
            {
                continue;
            }

            var indent = line.Length - text.Length;
            var item = text.StartsWith("- ", StringComparison.Ordinal);
            var pair = item ? text[2..].TrimStart() : text;
            var colon = pair.IndexOf(':', StringComparison.Ordinal);
            if (colon <= 0)
            {
                continue;
            }

            var key = pair[..colon].Trim();
            var value = Unquote(pair[(colon + 1)..].Trim());
            if (item || value.Length == 0)
            {
                if (path is not null && md5 is not null && section is "outs")
                {
                    yield return new DvcRecord(path, md5, bytes, file, stage);
                }

                (path, md5, bytes) = (null, null, null);
            }

            if (value.Length == 0)
            {
                if (key == "stages" && indent == 0)
                {
                    stagesIndent = 0;
                }
                else if (stagesIndent == 0 && key is not ("outs" or "deps" or "params" or "cmd" or "metrics" or "plots") && section != "params" && indent <= 4)
                {
                    stage = key;
                }

                section = key;
                continue;
            }

            switch (key)
            {
                case "path": path = value; break;
                case "md5": md5 = value; break;
                case "size" when long.TryParse(value, System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out var size): bytes = size; break;
                default: break;
            }
        }

        if (path is not null && md5 is not null && section is "outs")
        {
            yield return new DvcRecord(path, md5, bytes, file, stage);
        }
    }

    private static string Unquote(string value) =>
        value.Length >= 2 && value[0] is '"' or '\'' && value[^1] == value[0] ? value[1..^1] : value;
}
