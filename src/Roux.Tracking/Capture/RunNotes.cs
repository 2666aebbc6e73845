namespace Roux.Tracking.Capture;

/// <summary>Writes what is captured to a run, so that nothing that goes wrong ends the run: it becomes a warning.</summary>
/// <param name="run">The run.</param>
internal sealed class RunNotes(Run run)
{
    private const int LongestTag = 5000;

    /// <summary>Sets a tag; one without a value is left out, a long one is cut.</summary>
    public void Tag(string key, string? value)
    {
        if (!string.IsNullOrEmpty(value))
        {
            run.Tag(key, Cut(value, LongestTag));
        }
    }

    /// <summary>Adds warnings.</summary>
    public void Warn(IEnumerable<string> messages)
    {
        foreach (var message in messages)
        {
            Warn(message);
        }
    }

    /// <summary>Adds a warning.</summary>
    public void Warn(string message)
    {
        try
        {
            run.Warn(message);
        }
        catch (TrackingException)
        {
            // The run has ended or its store takes no more: there is nobody left to tell.
        }
    }

    /// <summary>Does something; whatever it throws becomes a warning.</summary>
    /// <param name="what">What is then not recorded.</param>
    /// <param name="action">The work.</param>
    public void Guard(string what, Action action)
    {
        try
        {
            action();
        }
        catch (OperationCanceledException)
        {
            // Whoever waited has given up and said so.
        }
#pragma warning disable CA1031 // Whatever goes wrong while recording, the run itself goes on.
        catch (Exception error)
#pragma warning restore CA1031
        {
            Warn($"{what}: not recorded: {error.Message.ReplaceLineEndings(" ")}");
        }
    }

    /// <summary>A text with its end cut off where it is too long.</summary>
    public static string Cut(string text, int length) => text.Length <= length ? text : string.Concat(text.AsSpan(0, length - 1), "…");
}
