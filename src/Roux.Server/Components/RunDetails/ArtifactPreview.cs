using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Roux.Learning.Data;
using Roux.Tracking;
using Roux.Tracking.Notebooks;
using Roux.Tracking.Service;

namespace Roux.Server.Components.RunDetails;

/// <summary>What is shown of a file: never more than a page's worth of it, whatever its size.</summary>
/// <param name="Kind">How it is shown.</param>
/// <param name="Size">Size of the file in bytes.</param>
/// <param name="Text">Its text, or the beginning or end of that.</param>
/// <param name="Notebook">Its cells, for notebooks.</param>
internal sealed record ArtifactPreview(PreviewKind Kind, long Size, string? Text = null, Notebook? Notebook = null)
{
    private const int MostText = 256 << 10;
    private const int LargestNotebook = 16 << 20;

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

        if (TablePeek.IsTable(file.Name))
        {
            return new ArtifactPreview(PreviewKind.Table, file.Length);
        }

        if (extension == ".ipynb" && file.Length <= LargestNotebook && await TryNotebookAsync(artifacts, address, cancellation).ConfigureAwait(false) is { } notebook)
        {
            return new ArtifactPreview(PreviewKind.Notebook, file.Length, Notebook: notebook);
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

    /// <summary>A notebook.</summary>
    /// <param name="artifacts">Where it is.</param>
    /// <param name="address">Which.</param>
    /// <param name="largest">Bytes at most.</param>
    /// <param name="cancellation">Stops the reading.</param>
    /// <exception cref="TrackingException">It is none, or larger.</exception>
    public static async Task<Notebook> NotebookAsync(ArtifactService artifacts, ArtifactAddress address, int largest, CancellationToken cancellation)
    {
        using var file = await artifacts.OpenAsync(address, cancellation).ConfigureAwait(false);
        if (file.Length > largest)
        {
            throw ServiceException.Invalid($"{file.Name}: notebooks of up to {largest >> 20} MiB are shown");
        }

        var bytes = new byte[(int)file.Length];
        var read = await file.Content.ReadAtLeastAsync(bytes, bytes.Length, throwOnEndOfStream: false, cancellation).ConfigureAwait(false);
        return Notebook.Parse(bytes.AsSpan(0, read), file.Name);
    }

    private static async Task<Notebook?> TryNotebookAsync(ArtifactService artifacts, ArtifactAddress address, CancellationToken cancellation)
    {
        try
        {
            return await NotebookAsync(artifacts, address, LargestNotebook, cancellation).ConfigureAwait(false);
        }
        catch (TrackingException)
        {
            // Shown as the text that it is.
            return null;
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

    /// <summary>As cells with their results.</summary>
    Notebook,

    /// <summary>As formatted text.</summary>
    Markdown,

    /// <summary>As lines added and removed.</summary>
    Diff,

    /// <summary>Not at all.</summary>
    Binary,
}
