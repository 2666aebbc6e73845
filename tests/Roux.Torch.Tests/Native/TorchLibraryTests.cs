using Roux.Torch.Native;
using Shouldly;
using TorchSharp;
using Xunit;

namespace Roux.Torch.Tests.Native;

public sealed class TorchLibraryTests
{
    private static readonly string Original = Path.Combine(
        (AppContext.GetData("NATIVE_DLL_SEARCH_DIRECTORIES") as string ?? "").Split(Path.PathSeparator).First(folder => File.Exists(Path.Combine(folder, MendedLibrary.FileName))),
        MendedLibrary.FileName);

    [Fact]
    public void A_network_learns_here()
    {
        TorchLibrary.Unavailable.ShouldBeNull();
        TorchLibrary.Version.ShouldStartWith("2.");
        using var scope = torch.NewDisposeScope();
        using var layer = torch.nn.Linear(3, 1);
        using var optimizer = torch.optim.SGD(layer.parameters(), 0.1);
        var x = torch.tensor(new float[] { 1, 0, 0, 0, 1, 0, 0, 0, 1, 1, 1, 1 }).reshape(4, 3);
        var y = torch.tensor(new float[] { 1, 2, 3, 6 }).reshape(4, 1);
        var first = float.NaN;
        var last = float.NaN;
        for (var step = 0; step < 500; step++)
        {
            optimizer.zero_grad();
            var loss = torch.nn.functional.mse_loss(layer.forward(x), y);
            loss.backward();
            optimizer.step();
            last = loss.item<float>();
            first = step == 0 ? last : first;
        }

        last.ShouldBeLessThan(0.001f);
        first.ShouldBeGreaterThan(1);
    }

    [Fact]
    public void The_library_as_it_came_is_not_changed_and_the_copy_is_mended_in_three_places()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "the mended copy is made on Linux only");
        var original = File.ReadAllBytes(Original);
        var mended = (byte[])original.Clone();
        ElfMend.Apply(mended);
        var changed = Enumerable.Range(0, original.Length).Where(i => original[i] != mended[i]).ToArray();
        changed.Length.ShouldBeInRange(10, 28 + 4 + 4);
        Contains(original, "\0GLIBCXX_3.4.32\0").ShouldBeTrue();
        Contains(mended, "\0GLIBCXX_3.4.32\0").ShouldBeFalse();
        Should.Throw<InvalidDataException>(() => ElfMend.Apply(mended)).Message.ShouldContain("does not occur once");
        File.ReadAllBytes(Original).ShouldBe(original);
    }

    [Fact]
    public void Other_files_are_refused()
    {
        Should.Throw<InvalidDataException>(() => ElfMend.Apply("MZ, a program of another system, long enough to have a header and more than that"u8.ToArray())).Message.ShouldContain("ELF");
        Assert.SkipUnless(OperatingSystem.IsLinux(), "the mended copy is made on Linux only");
        foreach (var length in (int[])[0, 63, 64, 500, 100_000, 250_000])
        {
            var cut = File.ReadAllBytes(Original)[..length];
            Should.Throw<InvalidDataException>(() => ElfMend.Apply(cut));
        }
    }

    [Fact]
    public void Hashes_of_versions_are_those_of_the_linker() // readelf -V of any library prints them
    {
        ElfMend.Hash("GLIBC_2.2.5").ShouldBe(0x09691a75u);
        ElfMend.Hash("GLIBCXX_3.4").ShouldBe(0x08922974u);
    }

    [Fact]
    public void Threads_can_be_set()
    {
        TorchLibrary.Threads = 1;
        TorchLibrary.Threads.ShouldBe(1);
        Should.Throw<ArgumentOutOfRangeException>(() => TorchLibrary.Threads = 0);
    }

    private static bool Contains(byte[] bytes, string text) => bytes.AsSpan().IndexOf(System.Text.Encoding.ASCII.GetBytes(text)) >= 0;
}
