using System.Text.RegularExpressions;
using Roux.Tracking;

namespace Roux.Debugging.Checks.Text;

/// <summary>Texts decoded by the wrong table: <c>Ã©</c> for é, <c>â€™</c> for an apostrophe, replacement characters.</summary>
public sealed partial class WrongEncodingCheck : TextPatternCheck
{
    /// <inheritdoc/>
    public override string Name => "wrong-encoding";

    /// <inheritdoc/>
    public override string Definition => "Texts hold what UTF-8 looks like when it is read as Latin-1 or Windows-1252, or the mark of a byte that could not be read (U+FFFD).";

    private protected override Regex Pattern => Mangled();

    private protected override string Said => "were decoded by the wrong table";

    private protected override Finding Explained(Finding finding) => finding with
    {
        Cause = "The file was written as UTF-8 and read as Latin-1 or Windows-1252 (or the other way) somewhere on its way.",
        Fix = "Read the source again with the right encoding; where it is lost, encode the texts as Windows-1252 and decode them as UTF-8.",
        Verify = "The pattern is gone, and words with accents are whole.",
    };

    [GeneratedRegex("\uFFFD|\u00EF\u00BB\u00BF|[\u00C3\u00C2][\u0080-\u00BF]|\u00C3[\u0152\u0153\u0160\u0161\u0178\u017D\u017E\u0192\u02C6\u02DC\u2013\u2014\u2018-\u201E\u2020-\u2022\u2026\u2030\u2039\u203A\u20AC\u2122]|\u00E2(\u20AC|\u0080|\u201E|\u2020)[^\\sa-zA-Z]|[\u00D0\u00D1][\u0080-\u00BF\u2018-\u201E\u0192\u02C6]{1}[\u00D0\u00D1]", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex Mangled();
}
