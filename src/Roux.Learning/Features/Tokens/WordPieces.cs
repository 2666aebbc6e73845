using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.ML.Tokenizers;
using Roux.Learning.Data;
using Roux.Learning.Pipelines;

namespace Roux.Learning.Features.Tokens;

/// <summary>A vocabulary of word pieces and how texts are cut into them (WordPiece; Wu et al. 2016, as in Devlin et al. 2018). Immutable; safe to use from many threads.</summary>
internal sealed class WordPieces
{
    /// <summary>The special pieces of a learned vocabulary, in the order of their ids.</summary>
    private static readonly string[] Special = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"];

    /// <summary>Texts beyond so many characters in all are left out of learning a vocabulary.</summary>
    private const long MaxLearnedCharacters = 100_000_000;

    private const long MaxFileBytes = 64_000_000;
    private readonly string[] pieces;
    private readonly Casing casing;
    private readonly WordPieceTokenizer tokenizer;
    private readonly int begin;
    private readonly int end;

    /// <exception cref="InvalidDataException">A piece occurs twice or a special piece is missing.</exception>
    private WordPieces(string[] pieces, Casing casing)
    {
        (this.pieces, this.casing) = (pieces, casing);
        begin = Find(casing.Begin);
        end = Find(casing.End);
        Find(casing.Unknown);
        var text = string.Join('\n', pieces);
        try
        {
            using var stream = new MemoryStream(Encoding.UTF8.GetBytes(text));
            tokenizer = WordPieceTokenizer.Create(stream, new WordPieceOptions { UnknownToken = casing.Unknown, MaxInputCharsPerWord = WordPieceLearning.MaxWordLength });
        }
        catch (ArgumentException e)
        {
            throw new InvalidDataException($"the vocabulary is not one of word pieces: {e.Message}", e);
        }
    }

    /// <summary>Number of pieces; ids are below.</summary>
    public int Count => pieces.Length;

    /// <summary>Learns a vocabulary from the texts of some columns.</summary>
    /// <param name="columns">Training rows.</param>
    /// <param name="size">Most pieces.</param>
    /// <param name="cancellation">Asks to stop.</param>
    public static WordPieces Learn(IEnumerable<TextColumn> columns, int size, CancellationToken cancellation)
    {
        var casing = Casing.Uncased;
        var words = new Dictionary<string, long>(StringComparer.Ordinal);
        var lookup = words.GetAlternateLookup<ReadOnlySpan<char>>();
        var characters = 0L;
        foreach (var column in columns)
        {
            var rows = new long[column.Levels.Length];
            foreach (var code in column.Codes)
            {
                _ = code >= 0 ? rows[code]++ : 0;
            }

            for (var level = 0; level < rows.Length && characters < MaxLearnedCharacters; level++)
            {
                if (rows[level] == 0)
                {
                    continue;
                }

                cancellation.ThrowIfCancellationRequested();
                characters += column.Levels[level].Length;
                var text = casing.Words(column.Levels[level]).AsSpan();
                foreach (var range in text.Split(' '))
                {
                    if (!text[range].IsEmpty)
                    {
                        lookup[text[range]] = lookup.TryGetValue(text[range], out var count) ? count + rows[level] : rows[level];
                    }
                }
            }
        }

        return new WordPieces(WordPieceLearning.Learn(words, Special, size, cancellation), casing);
    }

    /// <summary>Reads <c>vocab.txt</c> and, where it is there, <c>tokenizer_config.json</c> of a folder in the layout of Hugging Face.</summary>
    /// <exception cref="DataException">There is no such file, or it is not what it should be.</exception>
    public static WordPieces OfFolder(string folder)
    {
        var path = Path.Combine(folder, "vocab.txt");
        if (!File.Exists(path))
        {
            throw new DataException(Directory.Exists(folder)
                ? $"'{folder}' has no vocab.txt: the transformer reads folders of BERT or DistilBERT with a WordPiece vocabulary (vocab.txt, config.json, model.safetensors)"
                : $"'{folder}': there is no such folder; give one with vocab.txt, config.json and model.safetensors");
        }

        try
        {
            var settings = Path.Combine(folder, "tokenizer_config.json");
            var casing = File.Exists(settings) ? Casing.OfTokenizerConfig(JsonNode.Parse(Text(settings))) : Casing.Uncased;
            return new WordPieces(Lines(Text(path)), casing);
        }
        catch (Exception e) when (e is InvalidDataException or JsonException or IOException or UnauthorizedAccessException)
        {
            throw new DataException($"'{folder}': its vocabulary cannot be read: {e.Message}", e);
        }
    }

    /// <summary>The ids of a text, between those of the beginning and the end, cut off after <paramref name="most"/> in all.</summary>
    public int[] Encode(string text, int most)
    {
        // No piece of a readable text takes so many characters: what lies beyond is cut off anyhow, and need not be looked at.
        var longest = 2L * WordPieceLearning.MaxWordLength * most;
        var words = casing.Words(text.Length > longest ? Cut(text, (int)longest) : text);
        return [begin, .. tokenizer.EncodeToIds(words, most - 2, out _, out _), end];
    }

    /// <summary>Writes <c>vocab.txt</c>, and the rest into the JSON.</summary>
    public void Write(JsonObject json, ArchiveWriter archive)
    {
        archive.WriteText("vocab.txt", string.Join('\n', pieces) + "\n");
        json["casing"] = casing.ToJson();
    }

    /// <summary>Reads what <see cref="Write"/> wrote.</summary>
    /// <exception cref="InvalidDataException">It is no vocabulary.</exception>
    public static WordPieces Read(JsonNode json, ArchiveReader archive) => new(Lines(archive.ReadText("vocab.txt")), Casing.Read(json.Field("casing")));

    private static string Cut(string text, int length) => text[..(char.IsHighSurrogate(text[length - 1]) ? length - 1 : length)];

    private static string Text(string path) => new FileInfo(path).Length <= MaxFileBytes
        ? File.ReadAllText(path)
        : throw new InvalidDataException($"{Path.GetFileName(path)} has more than {MaxFileBytes} bytes");

    private static string[] Lines(string text)
    {
        var lines = text.Split('\n');
        for (var i = 0; i < lines.Length; i++)
        {
            lines[i] = lines[i].TrimEnd('\r');
        }

        return lines[^1].Length == 0 ? lines[..^1] : lines;
    }

    private int Find(string piece) => Array.IndexOf(pieces, piece) is >= 0 and var id ? id : throw new InvalidDataException($"the vocabulary has no piece '{piece}'");
}
