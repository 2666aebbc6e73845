using System.Formats.Tar;
using System.IO.Compression;
using Roux.Tracking.Artifacts;
using ZstdSharp;

namespace Roux.Tracking.Transfer;

/// <summary>An export to read, trusted in nothing: names are checked, links refused, and what unpacks to far more than it is, too.</summary>
internal abstract class TransferSource : IDisposable
{
    private const int MostLarger = 200;
    private const long AlwaysAllowed = 1L << 30;
    private const int SymbolicLink = 0xA000;
    private const int KindOfFile = 0xF000;

    /// <summary>Opens a file; <c>null</c> where there is none.</summary>
    public abstract Stream? Open(string path);

    public abstract void Dispose();

    /// <summary>The source of a name.</summary>
    /// <param name="source">A folder, a <c>.zip</c> or a <c>.tar.zst</c>.</param>
    /// <param name="mostBytes">What it may unpack to; <c>null</c>: 200 times its size and 1 GiB.</param>
    /// <exception cref="TrackingException">It is none of these, or hostile.</exception>
    public static TransferSource Open(string source, long? mostBytes)
    {
        var path = Path.GetFullPath(source);
        if (Directory.Exists(path))
        {
            return new FolderSource(path);
        }

        if (!File.Exists(path))
        {
            throw new TrackingException($"'{source}': no such export; give a folder, .zip or .tar.zst that 'roux export' wrote");
        }

        var limit = mostBytes ?? (new FileInfo(path).Length * MostLarger) + AlwaysAllowed;
        try
        {
            return source.EndsWith(".zip", StringComparison.OrdinalIgnoreCase) ? new ZipSource(path, limit)
                : source.EndsWith(".tar.zst", StringComparison.OrdinalIgnoreCase) ? UnpackedSource.Unpack(path, limit)
                : throw new TrackingException($"'{source}': give a folder, .zip or .tar.zst that 'roux export' wrote");
        }
        catch (Exception exception) when (exception is InvalidDataException or ZstdException or EndOfStreamException or FormatException)
        {
            throw new TrackingException($"'{source}': the archive is damaged: {exception.Message}", exception);
        }
    }

    private static string Checked(string name)
    {
        try
        {
            return ArtifactPath.Check(name) is var path && path == name ? path : throw Hostile(name, "is no plain relative path");
        }
        catch (TrackingException)
        {
            throw Hostile(name, "leads out of it, or is no path");
        }
    }

    private static TrackingException Hostile(string name, string reason) => new($"the archive is refused: the name '{(name.Length > 100 ? name[..100] + "…" : name)}' in it {reason}");

    private static TrackingException TooMuch(long limit) =>
        new($"the archive is refused: it unpacks to more than {limit / (1 << 20)} MiB; if that is as it should be, allow it with --max-size");

    private class FolderSource(string folder) : TransferSource
    {
        public override Stream? Open(string path)
        {
            var file = ArtifactPath.Under(folder, path);
            return File.Exists(file) ? new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 16) : null;
        }

        public override void Dispose()
        {
        }
    }

    private sealed class ZipSource : TransferSource
    {
        private readonly ZipArchive archive;

        public ZipSource(string file, long limit)
        {
            archive = ZipFile.OpenRead(file);
            var names = new HashSet<string>(StringComparer.Ordinal);
            var total = 0L;
            foreach (var entry in archive.Entries)
            {
                Checked(entry.FullName);
                if (((entry.ExternalAttributes >> 16) & KindOfFile) == SymbolicLink)
                {
                    throw Hostile(entry.FullName, "is a link");
                }

                if (!names.Add(entry.FullName))
                {
                    throw Hostile(entry.FullName, "is there twice");
                }

                total += entry.Length;
                if (total > limit)
                {
                    throw TooMuch(limit);
                }
            }
        }

        public override Stream? Open(string path) => archive.GetEntry(path)?.Open();

        public override void Dispose() => archive.Dispose();
    }

    private sealed class UnpackedSource(DirectoryInfo folder) : FolderSource(folder.FullName)
    {
        public static UnpackedSource Unpack(string file, long limit)
        {
            var folder = Directory.CreateTempSubdirectory("roux-import-");
            try
            {
                using var tar = new TarReader(new DecompressionStream(File.OpenRead(file), leaveOpen: false));
                var total = 0L;
                while (tar.GetNextEntry() is { } entry)
                {
                    if (entry.EntryType is not (TarEntryType.RegularFile or TarEntryType.V7RegularFile))
                    {
                        throw Hostile(entry.Name, $"is a {entry.EntryType}, not a file");
                    }

                    total += entry.Length;
                    if (total > limit)
                    {
                        throw TooMuch(limit);
                    }

                    var target = Path.Combine(folder.FullName, Checked(entry.Name));
                    Directory.CreateDirectory(Path.GetDirectoryName(target)!);
                    using var output = new FileStream(target, FileMode.CreateNew, FileAccess.Write);
                    entry.DataStream?.CopyTo(output);
                }

                return new UnpackedSource(folder);
            }
            catch (Exception exception)
            {
                folder.Delete(recursive: true);
                throw exception is IOException ? new TrackingException($"cannot unpack '{Path.GetFileName(file)}': {exception.Message}", exception) : exception;
            }
        }

        public override void Dispose()
        {
            folder.Delete(recursive: true);
            base.Dispose();
        }
    }
}
