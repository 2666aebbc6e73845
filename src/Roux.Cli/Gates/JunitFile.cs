using System.Globalization;
using System.Text;
using System.Xml;
using Roux.Tracking;

namespace Roux.Cli.Gates;

/// <summary>A gate as JUnit XML, which CI servers show as test results: a rule that fails is a failure, one that cannot be told an error.</summary>
internal static class JunitFile
{
    public static void Write(string path, GateReport report)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
        using var xml = XmlWriter.Create(path, new XmlWriterSettings { Indent = true, Encoding = new UTF8Encoding(false) });
        var name = string.Create(CultureInfo.InvariantCulture, $"{report.Model}/{report.Version}");
        var (failures, errors) = (Count(report, RuleOutcome.Fail), Count(report, RuleOutcome.CannotTell));
        xml.WriteStartElement("testsuites");
        Totals(xml, report, failures, errors);
        xml.WriteStartElement("testsuite");
        xml.WriteAttributeString("name", Clean($"roux gate {name}"));
        Totals(xml, report, failures, errors);
        xml.WriteAttributeString("timestamp", report.Time.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss", CultureInfo.InvariantCulture));
        foreach (var result in report.Results)
        {
            xml.WriteStartElement("testcase");
            xml.WriteAttributeString("classname", Clean(name));
            xml.WriteAttributeString("name", Clean(result.Title));
            xml.WriteAttributeString("time", "0");
            if (result.Judgement.Outcome == RuleOutcome.Pass)
            {
                xml.WriteElementString("system-out", Clean(result.Judgement.Reason));
            }
            else
            {
                xml.WriteStartElement(result.Judgement.Outcome == RuleOutcome.Fail ? "failure" : "error");
                xml.WriteAttributeString("message", Clean(result.Judgement.Reason));
                xml.WriteAttributeString("type", result.Kind);
                xml.WriteString(Clean($"{result.Title}: {result.Judgement.Reason}\n{result.Judgement.Numbers?.ToJsonString()}"));
                xml.WriteEndElement();
            }

            xml.WriteEndElement();
        }

        xml.WriteEndElement();
        xml.WriteEndElement();
    }

    private static void Totals(XmlWriter xml, GateReport report, int failures, int errors)
    {
        xml.WriteAttributeString("tests", Number(report.Results.Count));
        xml.WriteAttributeString("failures", Number(failures));
        xml.WriteAttributeString("errors", Number(errors));
        xml.WriteAttributeString("time", "0");
    }

    private static int Count(GateReport report, RuleOutcome outcome) => report.Results.Count(result => result.Judgement.Outcome == outcome);

    private static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);

    // XML has no place for most control characters, not even escaped.
    private static string Clean(string text)
    {
        var clean = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
        {
            clean.Append(rune.Value is >= ' ' or '\t' or '\n' && rune.Value is not (0xFFFE or 0xFFFF) ? rune.ToString() : "\uFFFD");
        }

        return clean.ToString();
    }
}
