namespace Roux.Server.Components.RunDetails;

/// <summary>Notebooks in a difference as git writes it.</summary>
internal static class NotebookText
{
    private const string Head = "diff --git ";

    /// <summary>The difference without the lines of notebooks, which are JSON and pictures: their cells are compared instead.</summary>
    public static string Folded(string diff)
    {
        if (!diff.Contains(".ipynb", StringComparison.Ordinal))
        {
            return diff;
        }

        var kept = new List<string>();
        var hides = false;
        foreach (var line in diff.Split('\n'))
        {
            if (line.StartsWith(Head, StringComparison.Ordinal))
            {
                hides = line.TrimEnd('\r', '"').EndsWith(".ipynb", StringComparison.OrdinalIgnoreCase);
                kept.Add(line);
                if (hides)
                {
                    kept.Add("  a notebook: its cells are compared above, its lines are in git.diff");
                }
            }
            else if (!hides)
            {
                kept.Add(line);
            }
        }

        return string.Join('\n', kept);
    }
}
