using System.Text;
using Roux.Tracking.Capture;
using Shouldly;
using Xunit;

namespace Roux.Tracking.Tests.Capture;

[Collection("console")]
public class OutputTests
{
    [Fact]
    public void What_is_printed_goes_to_the_console_and_to_the_log()
    {
        using var folder = new TemporaryFolder();
        var path = folder.At("output.log");
        var (before, beforeError) = (Console.Out, Console.Error);
        var seen = new StringWriter { NewLine = "\n" };
        Console.SetOut(seen);
        try
        {
            using var log = new OutputLog(() => new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.ReadWrite), _ => Assert.Fail("no warning"));
            using (new ConsoleTee(log))
            {
                Console.WriteLine("epoch {0}", 1);
                Console.Write('é');
                Console.Write("😀\n");
                Console.Error.WriteLine("warned");
                // Streamed: it is there before anything is closed.
                using var reader = new StreamReader(new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite));
                reader.ReadToEnd().ShouldBe("epoch 1\né😀\nwarned" + Console.Error.NewLine);
            }

            Console.WriteLine("after");
            seen.ToString().ShouldBe("epoch 1\né😀\nafter\n");
        }
        finally
        {
            Console.SetOut(before);
            Console.SetError(beforeError);
        }

        File.ReadAllText(path).ShouldNotContain("after");
    }

    [Fact]
    public void A_silent_program_leaves_no_artifact()
    {
        var opened = false;
        using (var log = new OutputLog(() => { opened = true; return new MemoryStream(); }, _ => { }))
        {
            log.Write([]);
        }

        opened.ShouldBeFalse();
    }

    [Fact]
    public void A_full_disk_is_one_warning_and_printing_goes_on()
    {
        var warnings = new List<string>();
        using var log = new OutputLog(() => throw new IOException("No space left on device"), warnings.Add);
        log.Write("a"u8);
        log.Write("b"u8);
        warnings.ShouldBe(["output: output.log ends early: No space left on device"]);
    }

    [Fact]
    public void The_log_ends_at_its_limit()
    {
        var warnings = new List<string>();
        var stream = new MemoryStream();
        using var log = new OutputLog(() => stream, warnings.Add, largest: 5);
        log.Write("abc"u8);
        log.Write("defg"u8);
        log.Write("h"u8);
        Encoding.UTF8.GetString(stream.ToArray()).ShouldBe("abcde");
        warnings.Count.ShouldBe(1);
    }
}

[CollectionDefinition("console", DisableParallelization = true)]
public class ConsoleCollection;
