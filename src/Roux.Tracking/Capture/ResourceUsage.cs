namespace Roux.Tracking.Capture;

/// <summary>What a tree of processes has used so far. Null where the system does not tell.</summary>
/// <param name="CpuSeconds">Processor time of all living processes of the tree and of those of their children that have ended.</param>
/// <param name="MemoryBytes">Resident memory of the living ones (pages shared between them count for each).</param>
/// <param name="DiskReadBytes">Bytes fetched from storage.</param>
/// <param name="DiskWriteBytes">Bytes sent to storage.</param>
/// <param name="NetworkReceivedBytes">Bytes received by all interfaces but loopback: of the whole machine or container, for the system keeps no count per process.</param>
/// <param name="NetworkSentBytes">Bytes sent, likewise.</param>
internal sealed record ResourceUsage(double? CpuSeconds, long? MemoryBytes, long? DiskReadBytes, long? DiskWriteBytes, long? NetworkReceivedBytes, long? NetworkSentBytes);

/// <summary>Reads the use of resources by a tree of processes.</summary>
internal interface IResourceReader
{
    /// <summary>The use up to now.</summary>
    ResourceUsage Read();

    /// <summary>Largest resident memory that a single process of the tree has had, in bytes, or null.</summary>
    long? PeakMemoryBytes();
}
