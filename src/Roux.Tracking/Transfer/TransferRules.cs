using Roux.Tracking.Artifacts;

namespace Roux.Tracking.Transfer;

/// <summary>What ids and names of elsewhere must be to enter a store: ids name folders here.</summary>
internal static class TransferRules
{
    public const int LongestKey = 1000;

    private const int IdDigits = 32;

    /// <exception cref="InvalidDataException">It is no id of a run.</exception>
    public static void RunId(string id)
    {
        if (!IsId(id))
        {
            throw new InvalidDataException($"'{Short(id)}' is no id of a run: 32 hexadecimal digits");
        }
    }

    /// <exception cref="InvalidDataException">It is no id of a logged model.</exception>
    public static void ModelId(string id)
    {
        if (!id.StartsWith("m-", StringComparison.Ordinal) || !IsId(id[2..]))
        {
            throw new InvalidDataException($"'{Short(id)}' is no id of a logged model: m- and 32 hexadecimal digits");
        }
    }

    /// <summary>Checks whose artifact it is: <c>RUN</c>, <c>logged-models/ID</c> or <c>models/COPY</c>.</summary>
    /// <exception cref="InvalidDataException">It is none of these.</exception>
    public static void Owner(string owner)
    {
        var known = owner.Split('/') switch
        {
            [var run] => IsId(run),
            ["models", var copy] => IsId(copy),
            ["logged-models", ['m', '-', .. var id]] => IsId(id),
            _ => false,
        };
        if (!known)
        {
            throw new InvalidDataException($"'{Short(owner)}' is no owner of artifacts");
        }
    }

    /// <summary>Checks a path below an owner.</summary>
    /// <exception cref="InvalidDataException">It is no path, or leads elsewhere.</exception>
    public static void Path(string path)
    {
        try
        {
            if (ArtifactPath.Check(path) == path)
            {
                return;
            }
        }
        catch (TrackingException)
        {
            // Told below.
        }

        throw new InvalidDataException($"'{Short(path)}' is no path of an artifact");
    }

    /// <exception cref="InvalidDataException">It is empty, too long or holds NUL.</exception>
    public static void Text(string what, string text, int longest)
    {
        if (text.Length == 0 || text.Length > longest || text.Contains('\0', StringComparison.Ordinal))
        {
            throw new InvalidDataException($"'{Short(text)}' is no {what}: 1 to {longest} characters, none of them NUL");
        }
    }

    public static bool IsId(string text) => text.Length == IdDigits && text.All(char.IsAsciiHexDigitLower);

    private static string Short(string text) => text.Length > 100 ? text[..100] + "…" : text;
}
