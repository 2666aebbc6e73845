using System.Net;
using System.Net.Http.Headers;

namespace Roux.Tracking.Remote;

/// <summary>A file as the body of a request: as long as it was when it was opened, however much is appended meanwhile, in bounded memory.</summary>
internal sealed class FileContent : HttpContent
{
    private const int BufferSize = 1 << 18;
    private readonly string file;
    private readonly long length;

    public FileContent(string file)
    {
        this.file = file;
        length = new FileInfo(file).Length;
        Headers.ContentType = new MediaTypeHeaderValue("application/octet-stream");
    }

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        await using var source = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0, useAsync: false);
        var buffer = new byte[(int)Math.Clamp(length, 1, BufferSize)];
        for (var left = length; left > 0;)
        {
            var read = await source.ReadAsync(buffer.AsMemory(0, (int)Math.Min(left, buffer.Length)), cancellationToken).ConfigureAwait(false);
            if (read == 0)
            {
                throw new IOException($"{file} became shorter while it was sent");
            }

            await stream.WriteAsync(buffer.AsMemory(0, read), cancellationToken).ConfigureAwait(false);
            left -= read;
        }
    }

    protected override bool TryComputeLength(out long length)
    {
        length = this.length;
        return true;
    }
}
