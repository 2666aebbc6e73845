using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Roux.Tracking.Service;

namespace Roux.Server.Components.RunDetails;

/// <summary>What is shown of a file: never more than a page's worth of it, whatever its size.</summary>
/// <param name="Kind">How it is shown.</param>
/// <param name="Size">Size of the file in bytes.</param>
/// <param name="Text">Its text, or the beginning or end of that.</param>
/// <param name="Rows">Its rows, for tables; the first holds the names.</param>
internal sealed record ArtifactPreview(PreviewKind Kind, long Size, string? Text = null, IReadOnlyList<IReadOnlyList<string>>? Rows = null)
{
    private const int MostText = 256 << 10;
    private const int MostRows = 200;
    private const int MostColumns = 100;

    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Reads a preview.</summary>
    public static async Task<ArtifactPreview> OfAsync(ArtifactService artifacts, ArtifactAddress address, CancellationToken cancellation)
    {
        using var file = await artifacts.OpenAsync(address, cancellation).ConfigureAwait(false);
        var extension = Path.GetExtension(file.Name).ToLowerInvariant();
        if (extension is ".png" or ".jpg" or ".jpeg" or ".gif" or ".webp")
        {
            return new ArtifactPreview(PreviewKind.Image, file.Length);
        }

        if (extension is ".html" or ".htm" or ".svg")
        {
            return new ArtifactPreview(PreviewKind.Page, file.Length);
        }

        var bytes = new byte[(int)Math.Min(file.Length, MostText)];
        var read = await file.Content.ReadAtLeastAsync(bytes, bytes.Length, throwOnEndOfStream: false, cancellation).ConfigureAwait(false);
        var start = bytes.AsSpan(0, read);
        if (start.Contains((byte)0))
        {
            return new ArtifactPreview(PreviewKind.Binary, file.Length);
        }

        var text = Encoding.UTF8.GetString(start);
        return extension switch
        {
            ".csv" or ".tsv" => new ArtifactPreview(PreviewKind.Table, file.Length, Rows: TableRows(text, extension == ".tsv" ? '\t' : ',')),
            ".json" when file.Length <= MostText && TryIndent(text) is { } indented => new ArtifactPreview(PreviewKind.Text, file.Length, indented),
            ".md" => new ArtifactPreview(PreviewKind.Markdown, file.Length, text),
            ".diff" or ".patch" => new ArtifactPreview(PreviewKind.Diff, file.Length, text),
            _ => new ArtifactPreview(PreviewKind.Text, file.Length, text),
        };
    }

    /// <summary>The end of a text file; <c>null</c> where there is none.</summary>
    public static async Task<ArtifactPreview?> TailAsync(ArtifactService artifacts, ArtifactAddress address, int most, CancellationToken cancellation)
    {
        try
        {
            using var file = await artifacts.OpenAsync(address, cancellation).ConfigureAwait(false);
            var skipped = Math.Max(0, file.Length - most);
            if (file.Content.CanSeek)
            {
                file.Content.Seek(skipped, SeekOrigin.Begin);
            }
            else
            {
                var waste = new byte[1 << 16];
                for (var left = skipped; left > 0;)
                {
                    var dropped = await file.Content.ReadAsync(waste.AsMemory(0, (int)Math.Min(left, waste.Length)), cancellation).ConfigureAwait(false);
                    left = dropped == 0 ? 0 : left - dropped;
                }
            }

            var bytes = new byte[(int)(file.Length - skipped)];
            var read = await file.Content.ReadAtLeastAsync(bytes, bytes.Length, throwOnEndOfStream: false, cancellation).ConfigureAwait(false);
            return new ArtifactPreview(PreviewKind.Text, file.Length, Encoding.UTF8.GetString(bytes, 0, read));
        }
        catch (ServiceException missing) when (missing.Error == ServiceError.ResourceDoesNotExist)
        {
            return null;
        }
    }

    private static string? TryIndent(string text)
    {
        try
        {
            return JsonNode.Parse(text, documentOptions: new JsonDocumentOptions { MaxDepth = 64 })?.ToJsonString(Indented);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>Rows as RFC 4180 has them, leniently.</summary>
    private static List<IReadOnlyList<string>> TableRows(string text, char separator)
    {
        var rows = new List<IReadOnlyList<string>>();
        var row = new List<string>();
        var cell = new StringBuilder();
        var quoted = false;
        for (var at = 0; at < text.Length && rows.Count <= MostRows; at++)
        {
            var letter = text[at];
            if (quoted)
            {
                if (letter != '"')
                {
                    cell.Append(letter);
                }
                else if (at + 1 < text.Length && text[at + 1] == '"')
                {
                    cell.Append('"');
                    at++;
                }
                else
                {
                    quoted = false;
                }
            }
            else if (letter == '"' && cell.Length == 0)
            {
                quoted = true;
            }
            else if (letter == separator)
            {
                End(row, cell);
            }
            else if (letter == '\n')
            {
                End(row, cell);
                rows.Add(row);
                row = [];
            }
            else if (letter != '\r')
            {
                cell.Append(letter);
            }
        }

        if ((cell.Length > 0 || row.Count > 0) && rows.Count <= MostRows)
        {
            End(row, cell);
            rows.Add(row);
        }

        return rows;

        static void End(List<string> row, StringBuilder cell)
        {
            if (row.Count < MostColumns)
            {
                row.Add(cell.ToString());
            }

            cell.Clear();
        }
    }
}

/// <summary>How a file is shown.</summary>
internal enum PreviewKind
{
    /// <summary>As it is.</summary>
    Text,

    /// <summary>As a picture.</summary>
    Image,

    /// <summary>As a page in a frame that may run nothing.</summary>
    Page,

    /// <summary>As rows and columns.</summary>
    Table,

    /// <summary>As formatted text.</summary>
    Markdown,

    /// <summary>As lines added and removed.</summary>
    Diff,

    /// <summary>Not at all.</summary>
    Binary,
}
