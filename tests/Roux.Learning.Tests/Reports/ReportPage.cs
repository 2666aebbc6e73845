using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace Roux.Learning.Tests.Reports;

/// <summary>A report read back the strict way: everything but its first line and its script has to be well-formed XML.</summary>
internal sealed partial class ReportPage
{
    public ReportPage(string html)
    {
        Html = html;
        var script = Script().Matches(html);
        ScriptText = script.Count == 1 ? script[0].Groups[1].Value : throw new FormatException($"{script.Count} scripts, not 1");
        var xml = Script().Replace(html, "<script></script>");
        xml = xml.StartsWith("<!DOCTYPE html>\n", StringComparison.Ordinal) ? xml["<!DOCTYPE html>\n".Length..] : throw new FormatException("no doctype");
        Root = XDocument.Parse(xml).Root!;
    }

    public string Html { get; }

    public string ScriptText { get; }

    public XElement Root { get; }

    /// <summary>The text that a reader sees, spaces run together.</summary>
    public string Text => Spaces().Replace(string.Join(' ', Root.Element("body")!.DescendantNodes().OfType<XText>().Select(text => text.Value)), " ");

    public XElement Section(string id) => Root.Descendants("section").Single(section => (string?)section.Attribute("id") == id);

    public IEnumerable<XElement> All(string element) => Root.Descendants(element);

    [GeneratedRegex("<script>(.*?)</script>", RegexOptions.Singleline)]
    private static partial Regex Script();

    [GeneratedRegex(@"\s+")]
    private static partial Regex Spaces();
}
