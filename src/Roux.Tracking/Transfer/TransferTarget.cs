using System.Formats.Tar;
using System.IO.Compression;
using ZstdSharp;

namespace Roux.Tracking.Transfer;

/// <summary>Where an export goes: a folder, a <c>.zip</c> or a <c>.tar.zst</c>. Files are written one after the other.</summary>
internal abstract class TransferTarget : IDisposable
{
    private const string Unfinished = ".part";

    /// <summary>Begins a file; it is complete when the stream is closed.</summary>
    public abstract Stream Create(string path);

    /// <summary>Puts it all in its place.</summary>
    public abstract void Complete();

    public abstract void Dispose();

    /// <summary>The target of a name, by its ending.</summary>
    /// <exception cref="TrackingException">There is something already, or it cannot be written.</exception>
    public static TransferTarget Open(string destination)
    {
        var path = Path.GetFullPath(destination);
        if (File.Exists(path) || (Directory.Exists(path) && Directory.EnumerateFileSystemEntries(path).Any()))
        {
            throw new TrackingException($"'{destination}': something is there already; give the name of a new folder, .zip or .tar.zst");
        }

        if (destination.EndsWith(".zip", StringComparison.OrdinalIgnoreCase))
        {
            return new ZipTarget(path);
        }

        return destination.EndsWith(".tar.zst", StringComparison.OrdinalIgnoreCase) ? new TarTarget(path) : new FolderTarget(path);
    }

    private sealed class FolderTarget : TransferTarget
    {
        private readonly string folder;

        public FolderTarget(string folder) => Directory.CreateDirectory(this.folder = folder);

        public override Stream Create(string path)
        {
            var file = Path.Combine(folder, path);
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            return new FileStream(file, FileMode.CreateNew, FileAccess.Write, FileShare.None, 1 << 16);
        }

        public override void Complete()
        {
        }

        public override void Dispose()
        {
        }
    }

    private sealed class ZipTarget : TransferTarget
    {
        private readonly string path;
        private readonly ZipArchive archive;

        public ZipTarget(string path)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            archive = new ZipArchive(new FileStream((this.path = path) + Unfinished, FileMode.Create, FileAccess.Write, FileShare.None, 1 << 16), ZipArchiveMode.Create);
        }

        public override Stream Create(string path) => archive.CreateEntry(path, CompressionLevel.Fastest).Open();

        public override void Complete()
        {
            archive.Dispose();
            File.Move(path + Unfinished, path);
        }

        public override void Dispose()
        {
            archive.Dispose();
            File.Delete(path + Unfinished);
        }
    }

    /// <summary>A tar says the size of a file before its bytes, so each file is written beside it first.</summary>
    private sealed class TarTarget : TransferTarget
    {
        private readonly string path;
        private readonly CompressionStream compression;
        private readonly TarWriter tar;

        public TarTarget(string path)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            compression = new CompressionStream(new FileStream((this.path = path) + Unfinished, FileMode.Create, FileAccess.Write, FileShare.None, 1 << 16), level: 3, leaveOpen: false);
            tar = new TarWriter(compression, TarEntryFormat.Pax, leaveOpen: true);
        }

        public override Stream Create(string path) => new Spooled(this, path, this.path + Unfinished + "-file");

        public override void Complete()
        {
            tar.Dispose();
            compression.Dispose();
            File.Move(path + Unfinished, path);
        }

        public override void Dispose()
        {
            tar.Dispose();
            compression.Dispose();
            File.Delete(path + Unfinished);
        }

        private sealed class Spooled(TarTarget target, string name, string file)
            : FileStream(file, FileMode.Create, FileAccess.ReadWrite, FileShare.None, 1 << 16, FileOptions.DeleteOnClose)
        {
            private bool added;

            protected override void Dispose(bool disposing)
            {
                if (disposing && !added)
                {
                    added = true;
                    Position = 0;
                    target.tar.WriteEntry(new PaxTarEntry(TarEntryType.RegularFile, name) { DataStream = this });
                }

                base.Dispose(disposing);
            }
        }
    }
}
