using System.Buffers.Binary;
using System.Text;

namespace Roux.Torch.Native;

/// <summary>
/// Takes from a shared library (ELF, 64 bit, little-endian) its need of <c>GLIBCXX_3.4.32</c>, which Debian 12's and Ubuntu 22.04's libstdc++ lack.
/// </summary>
/// <remarks>
/// Exactly one symbol of TorchSharp's library asks for that version: <c>std::ios_base_library_init()</c>, which GCC 13 calls so that the standard
/// streams exist. <c>std::ios_base::Init::Init()</c> of <c>GLIBCXX_3.4</c> does the same and never touches its object. So the name of the
/// symbol, the name of the version and the version's hash (System V ABI, symbol versioning) are overwritten; nothing moves.
/// </remarks>
internal static class ElfMend
{
    private const string NewSymbol = "_ZSt21ios_base_library_initv";
    private const string OldSymbol = "_ZNSt8ios_base4InitC1Ev";
    private const string NewVersion = "GLIBCXX_3.4.32";
    private const string OldVersion = "GLIBCXX_3.4";

    private const int StringTable = 5, StringTableSize = 10, VersionNeeds = 0x6ffffffe, VersionNeedCount = 0x6fffffff;

    /// <summary>The symbol that a new enough libstdc++ offers.</summary>
    public static string NeededSymbol => NewSymbol;

    /// <summary>Mends a library in memory.</summary>
    /// <param name="library">The whole file; changed only when all parts were found as expected.</param>
    /// <exception cref="InvalidDataException">The file is not such a library, or is not built as expected.</exception>
    public static void Apply(Span<byte> library)
    {
        try
        {
            var segments = Segments(library);
            var strings = library.Slice(segments.Offset(segments.Tag(StringTable)), checked((int)segments.Tag(StringTableSize)));
            var symbolAt = Place(strings, NewSymbol);
            var versionAt = Place(strings, NewVersion);
            var hashAt = HashPlace(library, segments, versionAt);
            Overwrite(strings[symbolAt..], NewSymbol.Length, OldSymbol);
            Overwrite(strings[versionAt..], NewVersion.Length, OldVersion);
            BinaryPrimitives.WriteUInt32LittleEndian(library[hashAt..], Hash(OldVersion));
        }
        catch (Exception e) when (e is ArgumentOutOfRangeException or IndexOutOfRangeException or OverflowException)
        {
            throw new InvalidDataException("the library is cut off or damaged", e);
        }
    }

    /// <summary>The hash of a version's name (System V ABI, figure 5-13).</summary>
    public static uint Hash(string name)
    {
        uint hash = 0;
        foreach (var letter in name)
        {
            hash = (hash << 4) + letter;
            var high = hash & 0xf0000000;
            hash = (hash ^ (high >> 24)) & ~high;
        }

        return hash;
    }

    private static Dynamics Segments(ReadOnlySpan<byte> library)
    {
        if (library.Length < 64 || !library[..4].SequenceEqual("\x7f"u8 + "ELF"u8) || library[4] != 2 || library[5] != 1)
        {
            throw new InvalidDataException("not a 64-bit little-endian ELF library");
        }

        var dynamics = new Dynamics();
        var table = checked((int)BinaryPrimitives.ReadInt64LittleEndian(library[32..]));
        var size = BinaryPrimitives.ReadUInt16LittleEndian(library[54..]);
        var count = BinaryPrimitives.ReadUInt16LittleEndian(library[56..]);
        for (var i = 0; i < count; i++)
        {
            var header = library[(table + i * size)..];
            var kind = BinaryPrimitives.ReadInt32LittleEndian(header);
            var offset = BinaryPrimitives.ReadInt64LittleEndian(header[8..]);
            var address = BinaryPrimitives.ReadInt64LittleEndian(header[16..]);
            var length = BinaryPrimitives.ReadInt64LittleEndian(header[32..]);
            if (kind == 1)
            {
                dynamics.Loaded.Add((address, length, offset));
            }
            else if (kind == 2)
            {
                for (var entry = library.Slice(checked((int)offset), checked((int)length)); entry.Length >= 16; entry = entry[16..])
                {
                    dynamics.Tags.TryAdd(BinaryPrimitives.ReadInt64LittleEndian(entry), BinaryPrimitives.ReadInt64LittleEndian(entry[8..]));
                }
            }
        }

        return dynamics;
    }

    /// <summary>Where a name lies among the strings; it must be there once, whole.</summary>
    private static int Place(ReadOnlySpan<byte> strings, string name)
    {
        var pattern = Encoding.ASCII.GetBytes($"\0{name}\0");
        var at = strings.IndexOf(pattern);
        return at >= 0 && strings[(at + 1)..].IndexOf(pattern) < 0
            ? at + 1
            : throw new InvalidDataException($"'{name}' does not occur once among its strings");
    }

    /// <summary>Where the hash of the version lies whose name is at that place among the strings.</summary>
    private static int HashPlace(ReadOnlySpan<byte> library, Dynamics dynamics, int nameAt)
    {
        var places = new List<int>();
        var need = dynamics.Offset(dynamics.Tag(VersionNeeds));
        for (var i = dynamics.Tag(VersionNeedCount); i > 0; i--)
        {
            var auxiliary = need + BinaryPrimitives.ReadInt32LittleEndian(library[(need + 8)..]);
            for (var j = BinaryPrimitives.ReadUInt16LittleEndian(library[(need + 2)..]); j > 0; j--)
            {
                if (BinaryPrimitives.ReadInt32LittleEndian(library[(auxiliary + 8)..]) == nameAt)
                {
                    places.Add(auxiliary);
                }

                auxiliary += BinaryPrimitives.ReadInt32LittleEndian(library[(auxiliary + 12)..]);
            }

            need += BinaryPrimitives.ReadInt32LittleEndian(library[(need + 12)..]);
        }

        return places is [var place] && BinaryPrimitives.ReadUInt32LittleEndian(library[place..]) == Hash(NewVersion)
            ? place
            : throw new InvalidDataException($"version {NewVersion} is not needed once");
    }

    private static void Overwrite(Span<byte> place, int length, string name)
    {
        place[..length].Clear();
        Encoding.ASCII.GetBytes(name, place);
    }

    private sealed class Dynamics
    {
        public List<(long Address, long Length, long Offset)> Loaded { get; } = [];

        public Dictionary<long, long> Tags { get; } = [];

        public long Tag(long tag) => Tags.TryGetValue(tag, out var value) ? value : throw new InvalidDataException($"it has no dynamic entry {tag}");

        public int Offset(long address)
        {
            foreach (var segment in Loaded)
            {
                if (address >= segment.Address && address < segment.Address + segment.Length)
                {
                    return checked((int)(address - segment.Address + segment.Offset));
                }
            }

            throw new InvalidDataException("an address lies outside of its segments");
        }
    }
}
