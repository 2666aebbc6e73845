using System.Security.Cryptography;
using System.Text;

namespace Roux.Learning.Reports;

/// <summary>The frame of every report: style, policy, navigation and script.</summary>
internal static class HtmlPage
{
    /// <summary>
    /// A complete HTML document, which is well-formed XML but for its first line and its script. It loads nothing, and its content security policy
    /// forbids any script but the one of a fixed hash that makes tables sortable.
    /// </summary>
    /// <param name="title">Of the window.</param>
    /// <param name="header">Above everything.</param>
    /// <param name="sections">The parts.</param>
    /// <param name="footer">Below everything, after who wrote it.</param>
    /// <param name="version">The version of Roux that wrote it; null where it is not known.</param>
    public static Markup Of(string title, Markup header, IReadOnlyList<ReportSection> sections, Markup footer, string? version)
    {
        var script = Markup.Resource("report.js");
        var hash = Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(script.ToString())));
        return Markup.Of($"""
            <!DOCTYPE html>
            <html lang="en">
            <head>
            <meta charset="utf-8"/>
            <meta name="viewport" content="width=device-width, initial-scale=1"/>
            <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-{hash}'; base-uri 'none'; form-action 'none'"/>
            <meta name="referrer" content="no-referrer"/>
            <meta name="color-scheme" content="light dark"/>
            <title>{title}</title>
            <style>
            {Markup.Resource("report.css")}</style>
            </head>
            <body>
            <a class="skip" href="#main">Skip to the report</a>
            <div class="page">
            {header}
            <nav aria-label="Sections of this report"><ol>{sections.Select(section => Markup.Of($"<li><a href=\"#{section.Id}\">{section.ShortTitle}</a></li>"))}</ol></nav>
            <main id="main">
            {sections.Select(Write)}</main>
            <footer>Written by Roux{(version is null ? "" : " " + version)}. {footer}</footer>
            </div>
            <script>{script}</script>
            </body>
            </html>

            """);
    }

    private static Markup Write(ReportSection section) => Markup.Of($"""
        <section id="{section.Id}" aria-labelledby="{section.Id}-title">
        {(section.OwnTitle ? Markup.Empty : Markup.Of($"<h2 id=\"{section.Id}-title\">{section.Title}</h2>"))}
        {section.Body}</section>

        """);
}
