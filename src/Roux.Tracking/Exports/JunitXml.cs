using System.Globalization;
using System.Text;
using System.Xml;

namespace Roux.Tracking.Exports;

/// <summary>How a case of a suite ended.</summary>
public enum JunitOutcome
{
    /// <summary>As it should.</summary>
    Pass,

    /// <summary>Not as it should.</summary>
    Failure,

    /// <summary>It could not be told.</summary>
    Error,

    /// <summary>It was left out on purpose.</summary>
    Skipped,
}

/// <summary>A case of a suite.</summary>
/// <param name="Name">What was looked at.</param>
/// <param name="Kind">Its kind, in a word.</param>
/// <param name="Outcome">How it ended.</param>
/// <param name="Message">In one line.</param>
/// <param name="Details">In full.</param>
public sealed record JunitCase(string Name, string Kind, JunitOutcome Outcome, string Message, string Details);

/// <summary>Writes results as JUnit XML, which CI servers show as test results.</summary>
public static class JunitXml
{
    /// <summary>Writes one suite; folders on the way are made.</summary>
    /// <param name="path">The file.</param>
    /// <param name="suite">Name of the suite.</param>
    /// <param name="subject">What its cases are about.</param>
    /// <param name="time">When it ran.</param>
    /// <param name="cases">Its cases.</param>
    /// <exception cref="TrackingException">The file cannot be written.</exception>
    public static void Write(string path, string suite, string subject, DateTimeOffset time, IReadOnlyList<JunitCase> cases)
    {
        ArgumentNullException.ThrowIfNull(cases);
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
            using var xml = XmlWriter.Create(path, new XmlWriterSettings { Indent = true, Encoding = new UTF8Encoding(false) });
            xml.WriteStartElement("testsuites");
            Totals(xml, cases);
            xml.WriteStartElement("testsuite");
            xml.WriteAttributeString("name", Clean(suite));
            Totals(xml, cases);
            xml.WriteAttributeString("timestamp", time.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss", CultureInfo.InvariantCulture));
            foreach (var one in cases)
            {
                Write(xml, subject, one);
            }

            xml.WriteEndElement();
            xml.WriteEndElement();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new TrackingException($"'{path}' cannot be written: {e.Message}", e);
        }
    }

    private static void Write(XmlWriter xml, string subject, JunitCase one)
    {
        xml.WriteStartElement("testcase");
        xml.WriteAttributeString("classname", Clean(subject));
        xml.WriteAttributeString("name", Clean(one.Name));
        xml.WriteAttributeString("time", "0");
        switch (one.Outcome)
        {
            case JunitOutcome.Pass:
                if (one.Message.Length > 0)
                {
                    xml.WriteElementString("system-out", Clean(one.Message));
                }

                break;
            case JunitOutcome.Skipped:
                xml.WriteStartElement("skipped");
                xml.WriteAttributeString("message", Clean(one.Message));
                xml.WriteEndElement();
                break;
            default:
                xml.WriteStartElement(one.Outcome == JunitOutcome.Failure ? "failure" : "error");
                xml.WriteAttributeString("message", Clean(one.Message));
                xml.WriteAttributeString("type", one.Kind);
                xml.WriteString(Clean(one.Details));
                xml.WriteEndElement();
                break;
        }

        xml.WriteEndElement();
    }

    private static void Totals(XmlWriter xml, IReadOnlyList<JunitCase> cases)
    {
        xml.WriteAttributeString("tests", Number(cases.Count));
        xml.WriteAttributeString("failures", Number(cases.Count(one => one.Outcome == JunitOutcome.Failure)));
        xml.WriteAttributeString("errors", Number(cases.Count(one => one.Outcome == JunitOutcome.Error)));
        xml.WriteAttributeString("skipped", Number(cases.Count(one => one.Outcome == JunitOutcome.Skipped)));
        xml.WriteAttributeString("time", "0");
    }

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
