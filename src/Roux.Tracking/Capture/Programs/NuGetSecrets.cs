using System.Xml;
using System.Xml.Linq;

namespace Roux.Tracking.Capture.Programs;

/// <summary>Takes credentials out of a <c>nuget.config</c>.</summary>
internal static class NuGetSecrets
{
    /// <summary>The file without credentials, API keys and certificates.</summary>
    /// <param name="xml">A <c>nuget.config</c>.</param>
    /// <returns>Null where it holds none.</returns>
    public static string? Remove(string xml)
    {
        try
        {
            using var reader = XmlReader.Create(new StringReader(xml), new XmlReaderSettings { DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null });
            var document = XDocument.Load(reader, LoadOptions.PreserveWhitespace);
            var secrets = document.Descendants().Where(e => e.Name.LocalName.ToLowerInvariant() is "packagesourcecredentials" or "apikeys" or "clientcertificates").ToList();
            secrets.ForEach(e => e.RemoveNodes());
            return secrets.Count > 0 ? document.ToString(SaveOptions.DisableFormatting) : null;
        }
        catch (XmlException)
        {
            // What cannot be read cannot be searched either.
            return "";
        }
    }
}
