using System.Text;

namespace Roux.Learning.Data.Reading;

/// <summary>The words that stand for a missing value.</summary>
internal sealed class MissingWords
{
    private readonly HashSet<string>.AlternateLookup<ReadOnlySpan<byte>> words;
    private readonly int longest;

    public MissingWords(ReadOptions options)
    {
        var set = new HashSet<string>(options.Missing.Select(word => word.Trim()), Utf8Comparer.Instance);
        words = set.GetAlternateLookup<ReadOnlySpan<byte>>();
        longest = set.Count == 0 ? 0 : set.Max(Encoding.UTF8.GetByteCount);
        InText = options.MissingInText;
        HoldNumbers = set.Any(word => NumberParser.Parse(word, out _) != NumberForm.None);
    }

    private MissingWords()
    {
        words = new HashSet<string>(Utf8Comparer.Instance).GetAlternateLookup<ReadOnlySpan<byte>>();
    }

    /// <summary>For sources that know their own missing values: no word stands for one.</summary>
    public static MissingWords None { get; } = new();

    /// <summary>Whether the words hold in columns of text, too.</summary>
    public bool InText { get; }

    /// <summary>Whether some of the words are numbers, such as -999.</summary>
    public bool HoldNumbers { get; }

    /// <summary>Whether a text without blanks around it stands for a missing value.</summary>
    public bool Contains(ReadOnlySpan<byte> text) => text.IsEmpty || (text.Length <= longest && words.Contains(text));
}
