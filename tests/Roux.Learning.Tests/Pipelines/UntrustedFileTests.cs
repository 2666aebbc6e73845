using System.Diagnostics;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Roux.Learning.Pipelines;
using Roux.Learning.Tests.Features;
using Shouldly;
using Xunit;

namespace Roux.Learning.Tests.Pipelines;

/// <summary>A model file comes from anywhere: whatever is in it, loading gives a pipeline or says in one exception why not.</summary>
public sealed class UntrustedFileTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("roux-pipeline").FullName;
    private readonly string path;
    private readonly byte[] good;

    public UntrustedFileTests()
    {
        path = Path.Combine(folder, "model");
        PipelineTests.Ensemble(60).Save(path);
        good = File.ReadAllBytes(path);
    }

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void Flipped_bits_are_found()
    {
        var random = new Random(1);
        var refused = 0;
        for (var trial = 0; trial < 200; trial++)
        {
            var bytes = (byte[])good.Clone();
            for (var flips = random.Next(1, 4); flips > 0; flips--)
            {
                bytes[random.Next(bytes.Length)] ^= (byte)(1 << random.Next(8));
            }

            refused += Loads(bytes) ? 0 : 1;
        }

        refused.ShouldBeGreaterThan(160); // the rest hit bytes of the archive that mean nothing, such as dates
    }

    [Fact]
    public void Files_cut_short_are_refused()
    {
        var random = new Random(2);
        for (var trial = 0; trial < 100; trial++)
        {
            Loads(good[..random.Next(good.Length)]).ShouldBeFalse();
        }
    }

    [Fact]
    public void Overwritten_stretches_are_refused_without_a_crash()
    {
        var random = new Random(3);
        for (var trial = 0; trial < 100; trial++)
        {
            var bytes = (byte[])good.Clone();
            random.NextBytes(bytes.AsSpan(random.Next(bytes.Length - 40), 40));
            Loads(bytes);
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("hello")]
    [InlineData("PK\u0003\u0004")]
    public void Other_files_are_refused(string text) => Loads(Encoding.Latin1.GetBytes(text)).ShouldBeFalse();

    [Fact]
    public void A_file_that_is_not_there_is_another_matter() =>
        Should.Throw<FileNotFoundException>(() => Pipeline.Load(Path.Combine(folder, "none")));

    [Fact]
    public void A_newer_version_says_so() =>
        Refusal(entries => Edit(entries, "manifest.json", json => json["version"] = 99)).ShouldContain("newer Roux");

    [Fact]
    public void An_entry_that_was_changed_is_named() =>
        Refusal(entries => entries["pipeline.json"] = [.. entries["pipeline.json"], (byte)' '], resign: false).ShouldContain("pipeline.json");

    [Theory]
    [InlineData("kind", "\"no-such-model\"", "no-such-model")]
    [InlineData("weight", "-1", "weights")]
    [InlineData("weight", "\"x\"", "weight")]
    [InlineData("featurizer", "7", "featurizers/7")]
    [InlineData("targetTransform", "\"1\"", "targetTransform")]
    public void Wrong_members_are_refused(string field, string value, string said) =>
        Refusal(entries => Edit(entries, "pipeline.json", json => json["members"]![0]![field] = JsonNode.Parse(value))).ShouldContain(said);

    [Theory]
    [InlineData("task", "\"Regression\"")]
    [InlineData("task", "\"3\"")]
    [InlineData("classes", "[\"c0\", \"c1\", \"c2\", \"c3\"]")]
    [InlineData("classes", "[1, 2, 3]")]
    [InlineData("members", "[]")]
    [InlineData("columns", "{}")]
    [InlineData("name", "null")]
    public void Wrong_pipelines_are_refused(string field, string value) =>
        Refusal(entries => Edit(entries, "pipeline.json", json => json[field] = JsonNode.Parse(value))).ShouldNotBeEmpty();

    [Fact]
    public void Every_part_is_needed()
    {
        foreach (var name in Entries().Keys)
        {
            Refusal(entries => entries.Remove(name), resign: false).ShouldNotBeEmpty(name);
            if (!name.EndsWith("/cover.npy", StringComparison.Ordinal)) // files of earlier versions have none
            {
                Refusal(entries => entries.Remove(name)).ShouldNotBeEmpty(name);
            }
        }
    }

    [Fact]
    public void Every_array_must_have_its_length()
    {
        // A forest may have more leaves than its nodes name.
        foreach (var name in Entries().Keys.Where(name => name.EndsWith(".npy", StringComparison.Ordinal) && !name.EndsWith("leaves.npy", StringComparison.Ordinal)))
        {
            Loads(With(entries => entries[name] = Npy("<f8", 77, new byte[616]))).ShouldBeFalse(name);
            Loads(With(entries => entries[name] = Npy("<f8", 2_000_000_000, new byte[24]))).ShouldBeFalse(name);
        }
    }

    [Fact]
    [Trait("Speed", "slow")]
    public void Every_field_of_a_featurizer_is_checked()
    {
        var checkedFields = 0;
        foreach (var value in (string[])["null", "-5", "\"x\"", "[[]]"])
        {
            var columns = JsonNode.Parse(Entries()["featurizers/0/featurizer.json"])!["columns"]!.AsArray();
            for (var i = 0; i < columns.Count; i++)
            {
                foreach (var field in columns[i]!.AsObject().Select(pair => pair.Key))
                {
                    var before = columns[i]![field]?.ToJsonString();
                    if (before == value || (value == "null" && field is "impute"))
                    {
                        continue;
                    }

                    checkedFields++;
                    Loads(With(entries => Edit(entries, "featurizers/0/featurizer.json", json => json["columns"]![i]![field] = JsonNode.Parse(value))))
                        .ShouldBe(field is "impute" && value is "-5" && columns[i]!["kind"]!.GetValue<string>() == "numeric", $"{field} = {value}"); // any number can stand in for a missing one
                }
            }
        }

        checkedFields.ShouldBeGreaterThan(100);
    }

    [Fact]
    public void A_bomb_is_not_unpacked()
    {
        // An archive of a few hundred kilobytes that claims 4.5 gigabytes in all.
        var bytes = With(entries => { }, zip =>
        {
            for (var i = 0; i < 3; i++)
            {
                using var stream = zip.CreateEntry($"bomb{i}", CompressionLevel.Fastest).Open();
                stream.Write(new byte[1000]);
            }
        });
        var lies = bytes.AsSpan();
        for (var i = lies.IndexOf("PK\u0001\u0002"u8); i < lies.Length - 46; i++)
        {
            if (lies[i..].StartsWith("PK\u0001\u0002"u8) && lies.Slice(i + 46, 4).SequenceEqual("bomb"u8))
            {
                BitConverter.TryWriteBytes(lies.Slice(i + 24, 4), 1_500_000_000);
            }
        }

        Loads(bytes).ShouldBeFalse();
        Message(bytes).ShouldContain("unpack");
    }

    [Fact]
    public void An_entry_that_claims_the_impossible_is_refused_before_memory_is_taken()
    {
        var bytes = (byte[])good.Clone();
        var span = bytes.AsSpan();
        for (var i = 0; i < span.Length - 46; i++)
        {
            if (span[i..].StartsWith("PK\u0001\u0002"u8) && span.Slice(i + 46, 8).SequenceEqual("manifest"u8))
            {
                BitConverter.TryWriteBytes(span.Slice(i + 24, 4), 1_900_000_000);
            }
        }

        var before = GC.GetTotalAllocatedBytes();
        Message(bytes).ShouldContain("manifest.json");
        (GC.GetTotalAllocatedBytes() - before).ShouldBeLessThan(50_000_000);
    }

    private Dictionary<string, byte[]> Entries()
    {
        using var zip = new ZipArchive(new MemoryStream(good));
        return zip.Entries.ToDictionary(entry => entry.FullName, entry =>
        {
            using var stream = entry.Open();
            var bytes = new byte[entry.Length];
            stream.ReadExactly(bytes);
            return bytes;
        });
    }

    private byte[] With(Action<Dictionary<string, byte[]>> change, Action<ZipArchive>? add = null, bool resign = true)
    {
        var entries = Entries();
        change(entries);
        if (resign && entries.ContainsKey("manifest.json"))
        {
            Edit(entries, "manifest.json", json => json["sha256"] = new JsonObject(entries.Where(pair => pair.Key != "manifest.json")
                .Select(pair => KeyValuePair.Create(pair.Key, (JsonNode?)Convert.ToHexStringLower(SHA256.HashData(pair.Value))))));
        }

        using var stream = new MemoryStream();
        using (var zip = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (var (name, bytes) in entries)
            {
                using var entry = zip.CreateEntry(name).Open();
                entry.Write(bytes);
            }

            add?.Invoke(zip);
        }

        return stream.ToArray();
    }

    private string Refusal(Action<Dictionary<string, byte[]>> change, bool resign = true) => Message(With(change, null, resign));

    private string Message(byte[] bytes)
    {
        File.WriteAllBytes(path, bytes);
        return Should.Throw<InvalidDataException>(() => Pipeline.Load(path)).Message;
    }

    /// <summary>Whether the file loads; anything but a pipeline or an <see cref="InvalidDataException"/> fails the test, and so does hanging.</summary>
    private bool Loads(byte[] bytes)
    {
        File.WriteAllBytes(path, bytes);
        var watch = Stopwatch.StartNew();
        try
        {
            Pipeline.Load(path).Predict(Tables.Mixed(2, 1));
            return true;
        }
        catch (InvalidDataException)
        {
            return false;
        }
        finally
        {
            watch.Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(60));
        }
    }

    private static void Edit(Dictionary<string, byte[]> entries, string name, Action<JsonObject> change)
    {
        var json = JsonNode.Parse(entries[name])!.AsObject();
        change(json);
        entries[name] = Encoding.UTF8.GetBytes(json.ToJsonString());
    }

    private static byte[] Npy(string type, int length, byte[] data)
    {
        var header = $"{{'descr': '{type}', 'fortran_order': False, 'shape': ({length},), }}\n";
        return [0x93, .. "NUMPY"u8, 1, 0, (byte)header.Length, 0, .. Encoding.ASCII.GetBytes(header), .. data];
    }
}
