using System.Diagnostics;
using System.Net.NetworkInformation;

namespace Roux.Tracking.Capture;

/// <summary>Reads one process by what .NET offers on every system; disk use is not among it.</summary>
/// <param name="process">The process measured.</param>
internal sealed class PortableResourceReader(int process) : IResourceReader
{
    private double? _cpu;

    /// <inheritdoc/>
    public ResourceUsage Read()
    {
        long? memory = null;
        try
        {
            using var target = Process.GetProcessById(process);
            _cpu = target.TotalProcessorTime.TotalSeconds;
            memory = target.WorkingSet64;
        }
        catch (Exception error) when (error is ArgumentException or InvalidOperationException or System.ComponentModel.Win32Exception or NotSupportedException)
        {
            // It has ended: its processor time stays what it was.
        }

        var network = Network();
        return new ResourceUsage(_cpu, memory, null, null, network?.Received, network?.Sent);
    }

    /// <inheritdoc/>
    public long? PeakMemoryBytes()
    {
        try
        {
            using var target = Process.GetProcessById(process);
            return target.PeakWorkingSet64 is > 0 and var peak ? peak : null;
        }
        catch (Exception error) when (error is ArgumentException or InvalidOperationException or System.ComponentModel.Win32Exception or NotSupportedException)
        {
            return null;
        }
    }

    private static (long Received, long Sent)? Network()
    {
        try
        {
            long received = 0, sent = 0;
            foreach (var card in NetworkInterface.GetAllNetworkInterfaces())
            {
                if (card.NetworkInterfaceType != NetworkInterfaceType.Loopback)
                {
                    var statistics = card.GetIPStatistics();
                    received += statistics.BytesReceived;
                    sent += statistics.BytesSent;
                }
            }

            return (received, sent);
        }
        catch (Exception error) when (error is NetworkInformationException or PlatformNotSupportedException)
        {
            return null;
        }
    }
}
