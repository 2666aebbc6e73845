using System.Runtime.CompilerServices;
using Xunit;

namespace Roux.Tests;

/// <summary>Finds the folder of shared data sets and golden values that lies beside the checkout, and skips plainly where it is missing.</summary>
internal static class SharedData
{
    /// <summary>Root of the checkout, found from the place of this source file.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>Path of a file under <c>../shared</c>; the calling test is skipped when it is not there.</summary>
    public static string Path(string relative)
    {
        var path = System.IO.Path.GetFullPath(System.IO.Path.Combine(Root, "..", "shared", relative));
        if (!File.Exists(path) && !Directory.Exists(path))
        {
            Assert.Skip($"../shared/{relative} is not beside this checkout; this test compares with reference values kept there");
        }

        return path;
    }

    private static string FindRoot([CallerFilePath] string here = "")
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(System.IO.Path.Combine(folder.FullName, "Roux.slnx")))
            {
                return folder.FullName;
            }
        }

        return System.IO.Path.GetFullPath(System.IO.Path.Combine(here, "..", "..", ".."));
    }
}
