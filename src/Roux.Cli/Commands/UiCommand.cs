using System.CommandLine;
using System.ComponentModel;
using System.Diagnostics;

namespace Roux.Cli.Commands;

/// <summary><c>roux ui</c>: serves the store and opens its pages in the browser.</summary>
internal static class UiCommand
{
    private static readonly Option<bool> NoBrowser = new("--no-browser") { Description = "Only say where to look." };

    public static Command Create()
    {
        var command = new Command("ui", "Look at the store in the browser.") { NoBrowser };
        ServeCommand.AddOptions(command);
        command.SetAction((call, stop) => ServeCommand.Serving.RunAsync(call, address => Show(address, call.GetValue(NoBrowser)), stop));
        return command;
    }

    private static void Show(string address, bool onlySay)
    {
        if (onlySay)
        {
            Console.Error.WriteLine($"Open {address} in a browser.");
            return;
        }

        try
        {
            using var opened = OperatingSystem.IsWindows() || OperatingSystem.IsMacOS()
                ? Process.Start(new ProcessStartInfo(address) { UseShellExecute = true })
                : Process.Start(new ProcessStartInfo("xdg-open", [address]) { RedirectStandardOutput = true, RedirectStandardError = true });
        }
        catch (Win32Exception)
        {
            Console.Error.WriteLine($"No browser could be opened here; open {address} in one.");
        }
    }
}
