using System.Globalization;
using System.IO.Compression;
using System.Net;
using System.Text;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;
using Microsoft.Extensions.Logging;
using Roux.Server.Api;
using Roux.Server.Components.Hosting;
using Roux.Server.Components.RunDetails;
using Roux.Server.Components.Widgets;
using Roux.Tracking;
using Roux.Tracking.Service;

namespace Roux.Server.Reports;

/// <summary>A report as files that need nothing else: one HTML file, or Markdown with its pictures. Charts are SVG as one reader sees them now; there is no script.</summary>
internal sealed class ReportExport(BlockReader reader, IServiceProvider services, ILoggerFactory loggers)
{
    private const string Policy = "default-src 'none'; style-src 'unsafe-inline'; img-src data:";

    /// <summary>One HTML file.</summary>
    public async Task<string> HtmlAsync(Report report, ReportVersion text, Reach reach)
    {
        var html = new StringBuilder(1 << 14);
        html.Append("<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"><meta name=\"robots\" content=\"noindex\">")
            .Append($"<meta http-equiv=\"Content-Security-Policy\" content=\"{Policy}\"><title>{Text(text.Title)}</title><style>{EmbeddedAssets.Text("report-file.txt")}</style></head><body><main>")
            .Append($"<header><h1>{Text(text.Title)}</h1><p class=\"muted\">{Text(Byline(report, text))}</p></header>");
        await using var renderer = new HtmlRenderer(services, loggers);
        foreach (var block in BlockJson.Parse(text.Content))
        {
            html.Append("<section>");
            if (block.Kind == BlockKind.Markdown)
            {
                html.Append("<div class=\"prose\">").Append(SafeMarkdown.ToHtml(block.Text)).Append("</div>");
            }
            else
            {
                var heading = Heading(block);
                if (heading.Length > 0 && block.Kind != BlockKind.Plot)
                {
                    html.Append($"<h2>{Text(heading)}</h2>");
                }

                html.Append(await PictureAsync(renderer, Read(block, reach), heading).ConfigureAwait(false));
                html.Append(block.Frozen is { } frozen ? $"<p class=\"muted\">As of {Text(Format.Moment(frozen.At))}, by {Text(frozen.By)}</p>" : "");
            }

            html.Append("</section>");
        }

        return html.Append("</main></body></html>\n").ToString();
    }

    /// <summary>A zip of <c>report.md</c> with its pictures and the data of its tables and charts.</summary>
    public async Task<byte[]> ZipAsync(Report report, ReportVersion text, Reach reach)
    {
        using var target = new MemoryStream();
        using (var zip = new ZipArchive(target, ZipArchiveMode.Create, leaveOpen: true))
        {
            var markdown = new StringBuilder($"# {MarkdownCell(text.Title)}\n\n{MarkdownCell(Byline(report, text))}\n");
            await using var renderer = new HtmlRenderer(services, loggers);
            var number = 0;
            foreach (var block in BlockJson.Parse(text.Content))
            {
                if (block.Kind == BlockKind.Markdown)
                {
                    markdown.Append(CultureInfo.InvariantCulture, $"\n{block.Text.Trim()}\n");
                    continue;
                }

                var (heading, picture) = (Heading(block), Read(block, reach));
                markdown.Append(heading.Length > 0 ? $"\n## {MarkdownCell(heading)}\n" : "");
                if (picture is TablePicture table)
                {
                    markdown.Append('\n').Append(Table(table));
                }
                else if (Svg(await PictureAsync(renderer, picture, heading).ConfigureAwait(false)) is { } svg)
                {
                    var name = string.Create(CultureInfo.InvariantCulture, $"pictures/{++number:00}.svg");
                    Add(zip, name, svg);
                    Add(zip, name.Replace("pictures/", "data/", StringComparison.Ordinal).Replace(".svg", ".csv", StringComparison.Ordinal), Csv(picture));
                    markdown.Append(CultureInfo.InvariantCulture, $"\n![{MarkdownCell(heading)}]({name})\n");
                }

                markdown.Append(picture.Note is { } note ? $"\n{note}\n" : "").Append(block.Frozen is { } frozen ? $"\nAs of {Format.Moment(frozen.At)}, by {MarkdownCell(frozen.By)}\n" : "");
            }

            Add(zip, "report.md", markdown.ToString());
        }

        return target.ToArray();
    }

    private BlockPicture Read(ReportBlock block, Reach reach)
    {
        try
        {
            return reader.Read(block, reach);
        }
        catch (TrackingException exception)
        {
            return new NoPicture { Note = exception.Message };
        }
    }

    private static Task<string> PictureAsync(HtmlRenderer renderer, BlockPicture picture, string heading) => renderer.Dispatcher.InvokeAsync(async () =>
    {
        var output = await renderer.RenderComponentAsync<PictureRoot>(ParameterView.FromDictionary(new Dictionary<string, object?> { [nameof(PictureRoot.Picture)] = picture, [nameof(PictureRoot.Title)] = heading }));
        return output.ToHtmlString();
    });

    /// <summary>The drawing in some HTML, with its styles inside.</summary>
    private static string? Svg(string html)
    {
        var start = html.IndexOf("<svg role=\"img\"", StringComparison.Ordinal);
        var end = start < 0 ? -1 : html.IndexOf("</svg>", start, StringComparison.Ordinal);
        return end < 0 ? null : "<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"plot\"" + html[(start + 4)..html.IndexOf('>', start)] + $"><style>{EmbeddedAssets.Text("report-file.txt")}</style><rect class=\"ground\" width=\"100%\" height=\"100%\"/>"
            + html[(html.IndexOf('>', start) + 1)..end] + "</svg>\n";
    }

    private static string Table(TablePicture table)
    {
        var text = new StringBuilder();
        text.Append("| ").AppendJoin(" | ", table.Columns.Select(column => MarkdownCell(column.Title))).Append(" |\n|").AppendJoin('|', table.Columns.Select(column => column.IsNumber ? "---:" : "---")).Append("|\n");
        foreach (var (_, cells) in table.Rows)
        {
            text.Append("| ").AppendJoin(" | ", cells.Select(MarkdownCell)).Append(" |\n");
        }

        return text.Append(CultureInfo.InvariantCulture, $"\n{table.Count()}\n").ToString();
    }

    private static string Csv(BlockPicture picture)
    {
        var rows = picture switch
        {
            LinesPicture lines => lines.Lines.SelectMany(line => line.Curve.X.Zip(line.Curve.Y, (x, y) => new object?[] { line.Name, x, y })),
            PlotPicture plot => plot.Data.Series.SelectMany(series => series.Y.Select((y, index) => new object?[] { series.Name, index < series.X.Length ? series.X[index] : index < plot.Data.Labels.Count ? plot.Data.Labels[index] : (double)index, y })),
            _ => [],
        };
        return "series,x,y\r\n" + string.Concat(rows.Select(row => string.Join(',', row.Select(TableRoutes.Cell)) + "\r\n"));
    }

    private static void Add(ZipArchive zip, string name, string content)
    {
        using var writer = new StreamWriter(zip.CreateEntry(name).Open(), new UTF8Encoding(false));
        writer.Write(content);
    }

    private static string Heading(ReportBlock block) => block.Title.Length > 0 ? block.Title : block.Series.Count > 0 ? block.Series[0].Metric : "";

    private static string Byline(Report report, ReportVersion text) => $"{text.SavedBy}, {Format.Moment(text.Saved)}, version {text.Version.ToString(CultureInfo.InvariantCulture)} of {report.Id}";

    /// <summary>A text that somebody named, in one line and without a meaning in Markdown.</summary>
    private static string MarkdownCell(string text) => string.Concat(text.ReplaceLineEndings(" ").Select(letter => letter is '|' or '\\' or '`' or '*' or '_' or '[' or ']' or '<' or '>' or '#' ? $"\\{letter}" : letter.ToString()));

    private static string Text(string text) => WebUtility.HtmlEncode(text);
}
