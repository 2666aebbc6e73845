using System.IO.Compression;
using Roux.Learning.Learners;
using Roux.Learning.Pipelines;

namespace Roux.Learning.Tests.Learners.Boosting;

/// <summary>Writes a model to an archive in memory and reads it back.</summary>
internal static class Stored
{
    public static Model RoundTrip(Model model) => Read(model.Kind, Write(model));

    public static byte[] Write(Model model)
    {
        using var stream = new MemoryStream();
        using (var zip = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true))
        {
            model.Write(new ArchiveWriter(zip, "model/"));
        }

        return stream.ToArray();
    }

    public static Model Read(string kind, byte[] archive)
    {
        using var zip = new ZipArchive(new MemoryStream(archive), ZipArchiveMode.Read);
        return ModelCatalog.Read(kind, new ArchiveReader(zip, "model/"));
    }
}
