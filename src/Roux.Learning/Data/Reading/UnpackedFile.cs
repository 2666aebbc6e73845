namespace Roux.Learning.Data.Reading;

/// <summary>A file that libraries can open by path: the file itself, or a temporary copy of what it holds compressed.</summary>
internal sealed class UnpackedFile : IDisposable
{
    private readonly bool temporary;

    public UnpackedFile(SourceFile file, CancellationToken cancellation)
    {
        Path = file.Path;
        if (file.Compression == Compression.None)
        {
            return;
        }

        Path = System.IO.Path.GetTempFileName();
        temporary = true;
        try
        {
            using var raw = SourceFile.OpenRaw(file.Path);
            using var plain = file.OpenPlain(raw);
            using var copy = File.Create(Path);
            var buffer = new byte[1 << 17];
            int read;
            while ((read = plain.Read(buffer)) > 0)
            {
                cancellation.ThrowIfCancellationRequested();
                copy.Write(buffer.AsSpan(0, read));
            }
        }
        catch
        {
            File.Delete(Path);
            throw;
        }
    }

    public string Path { get; }

    public void Dispose()
    {
        if (temporary)
        {
            File.Delete(Path);
        }
    }
}
