using System.IO.Compression;
using Microsoft.AspNetCore.Http;

namespace Roux.Server.Security;

/// <summary>Reads bodies that clients sent compressed by gzip, up to the size that they may have and the ratio that honest data has.</summary>
internal static class RequestDecompression
{
    /// <summary>Puts the plain body in place of the compressed one.</summary>
    /// <exception cref="BadHttpRequestException">It is compressed by anything else.</exception>
    public static void Apply(HttpContext http, long mostBytes)
    {
        var encoding = http.Request.Headers.ContentEncoding;
        if (encoding.Count == 0 || (encoding.Count == 1 && (encoding == "" || encoding == "identity")))
        {
            return;
        }

        if (encoding.Count > 1 || !string.Equals(encoding, "gzip", StringComparison.OrdinalIgnoreCase))
        {
            throw new BadHttpRequestException("Unsupported content encoding", StatusCodes.Status415UnsupportedMediaType);
        }

        var source = new Counted(http.Request.Body);
        http.Request.Body = new Inflated(new GZipStream(source, CompressionMode.Decompress), source, mostBytes);
        http.Request.Headers.ContentLength = null;
        http.Request.Headers.Remove("Content-Encoding");
    }

    /// <summary>A stream that is read forward only.</summary>
    private abstract class Forward : Stream
    {
        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException("reads are asynchronous");

        public abstract override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default);

        public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) => ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }

    /// <summary>What came over the network.</summary>
    private sealed class Counted(Stream inner) : Forward
    {
        public long Bytes { get; private set; }

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            var read = await inner.ReadAsync(buffer, cancellationToken).ConfigureAwait(false);
            Bytes += read;
            return read;
        }
    }

    /// <summary>What it becomes.</summary>
    private sealed class Inflated(GZipStream inner, Counted source, long mostBytes) : Forward
    {
        // JSON of metrics shrinks to a tenth or so, and short bodies may shrink more: what gives more than this is made to.
        private const int MostRatio = 200;
        private const int Unsuspicious = 1 << 20;

        private long bytes;

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            int read;
            try
            {
                read = await inner.ReadAsync(buffer, cancellationToken).ConfigureAwait(false);
            }
            catch (InvalidDataException exception)
            {
                throw new BadHttpRequestException("The body is no gzip data", StatusCodes.Status400BadRequest, exception);
            }

            bytes += read;
            return bytes > mostBytes || (bytes > Unsuspicious && bytes > source.Bytes * MostRatio)
                ? throw new BadHttpRequestException("The body grows too large", StatusCodes.Status413PayloadTooLarge)
                : read;
        }

        protected override void Dispose(bool disposing)
        {
            inner.Dispose();
            base.Dispose(disposing);
        }
    }
}
