using System.Globalization;

namespace Roux.Tracking.Registry;

/// <summary>What a reference to a model version names: <c>name</c>, <c>name/3</c>, <c>name@alias</c> or <c>name/Stage</c>, with or without <c>models:/</c> before it.</summary>
internal sealed record ModelReference(string Name, int? Version, string? Alias, ModelStage? Stage)
{
    private const int LongestName = 250;

    public static ModelReference Parse(string reference)
    {
        var text = reference.StartsWith("models:/", StringComparison.Ordinal) ? reference["models:/".Length..] : reference;
        var slash = text.IndexOf('/', StringComparison.Ordinal);
        if (slash >= 0)
        {
            var (name, rest) = (CheckName(text[..slash]), text[(slash + 1)..]);
            if (int.TryParse(rest, NumberStyles.None, CultureInfo.InvariantCulture, out var version))
            {
                return new ModelReference(name, version, null, null);
            }

            return rest.Equals("latest", StringComparison.OrdinalIgnoreCase)
                ? new ModelReference(name, null, null, null)
                : new ModelReference(name, null, null, ParseStage(reference, rest));
        }

        var at = text.LastIndexOf('@');
        return at >= 0
            ? new ModelReference(CheckName(text[..at]), null, text[(at + 1)..], null)
            : new ModelReference(CheckName(text), null, null, null);
    }

    /// <summary>Checks the name of a model.</summary>
    public static string CheckName(string name)
    {
        if (string.IsNullOrWhiteSpace(name) || name.Length > LongestName || name.AsSpan().ContainsAny('/', ':', '@') || name.AsSpan().ContainsAnyInRange('\0', '\x1f'))
        {
            throw new TrackingException($"model name '{name}': give 1 to {LongestName} characters without '/', ':', '@' or control characters");
        }

        return name;
    }

    /// <summary>Checks an alias: nothing that reads as a version.</summary>
    public static string CheckAlias(string alias)
    {
        var sound = alias.Length is > 0 and <= 255 && alias.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '_' or '-' or '.')
            && !alias.Equals("latest", StringComparison.OrdinalIgnoreCase)
            && !(alias[0] is 'v' or 'V' && alias.Length > 1 && alias.AsSpan(1).IndexOfAnyExceptInRange('0', '9') < 0);
        return sound ? alias : throw new TrackingException($"alias '{alias}': give letters, digits, '_', '-' or '.'; 'latest' and 'v1', 'v2', … are taken");
    }

    private static ModelStage ParseStage(string reference, string text) =>
        Enum.TryParse<ModelStage>(text, ignoreCase: true, out var stage) && char.IsAsciiLetter(text[0])
            ? stage
            : throw new TrackingException($"'{reference}': '{text}' is no version number or stage; write name, name/3, name@alias or name/Stage with a stage of {string.Join(", ", Enum.GetNames<ModelStage>())}");
}
