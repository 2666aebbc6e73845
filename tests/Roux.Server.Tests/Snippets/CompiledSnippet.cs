using System.Reflection;
using Shouldly;

namespace Roux.Server.Tests.Snippets;

/// <summary>C# compiled by the SDK's own compiler against what the tests themselves run on, and run in this process.</summary>
internal static class CompiledSnippet
{
    private static readonly Lock Running = new();

    /// <summary>Lines that the program writes.</summary>
    public static string[] Run(string code)
    {
        var folder = Directory.CreateTempSubdirectory("roux-snippet-");
        try
        {
            var source = Path.Combine(folder.FullName, "snippet.cs");
            var target = Path.Combine(folder.FullName, "snippet.dll");
            File.WriteAllText(source, code);
            var runtime = Path.GetDirectoryName(typeof(object).Assembly.Location)!;
            var references = Directory.GetFiles(runtime, "System.*.dll").Append(Path.Combine(runtime, "netstandard.dll")).Append(typeof(Tracking.Tracker).Assembly.Location)
                .Where(file => !Path.GetFileName(file).Contains("Native", StringComparison.Ordinal)).Select(file => "-r:" + file);
            string[] arguments = [Compiler(runtime), "-nologo", "-nullable+", "-langversion:latest", "-warnaserror+", "-warn:4", "-nostdlib+", $"-out:{target}", .. references, source];
            SnippetTests.ProcessAsync(Environment.ProcessPath is { } host && Path.GetFileNameWithoutExtension(host) == "dotnet" ? host : "dotnet", arguments).GetAwaiter().GetResult();
            return Output(Assembly.Load(File.ReadAllBytes(target)));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static string[] Output(Assembly program)
    {
        lock (Running)
        {
            var usual = Console.Out;
            using var writer = new StringWriter();
            Console.SetOut(TextWriter.Synchronized(writer));
            try
            {
                var main = program.EntryPoint.ShouldNotBeNull();
                main.Invoke(null, main.GetParameters().Length == 0 ? null : [Array.Empty<string>()]);
            }
            finally
            {
                Console.SetOut(usual);
            }

            return writer.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        }
    }

    private static string Compiler(string runtime)
    {
        // ROOT/shared/Microsoft.NETCore.App/VERSION
        var sdks = Path.Combine(Path.GetFullPath(Path.Combine(runtime, "..", "..", "..")), "sdk");
        return Directory.GetDirectories(sdks).Select(sdk => Path.Combine(sdk, "Roslyn", "bincore", "csc.dll")).Where(File.Exists).OrderDescending(StringComparer.Ordinal).First();
    }
}
