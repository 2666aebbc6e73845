using System.Text.RegularExpressions;
using Roux.Tracking;

namespace Roux.Debugging.Checks.Text;

/// <summary>Texts with tags and entities of web pages left in.</summary>
public sealed partial class HtmlRemainsCheck : TextPatternCheck
{
    /// <inheritdoc/>
    public override string Name => "html-remains";

    /// <inheritdoc/>
    public override string Definition => "Texts hold tags or entities of HTML.";

    private protected override Regex Pattern => Remains();

    private protected override string Said => "hold remains of HTML";

    private protected override Finding Explained(Finding finding) => finding with
    {
        Cause = "The texts were cut out of web pages without taking the mark-up out.",
        Fix = "Take tags out and decode entities, in training and in use.",
        Verify = "The pattern is gone.",
    };

    [GeneratedRegex(@"</?(p|br|div|span|a|b|i|em|strong|ul|ol|li|table|td|tr|th|script|style|img|h[1-6]|body|html|font|blockquote)(\s[^<>]{0,300})?/?>|&(nbsp|amp|lt|gt|quot|apos|mdash|ndash|hellip|rsquo|lsquo|rdquo|ldquo|#x?[0-9a-fA-F]{2,6});", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex Remains();
}
