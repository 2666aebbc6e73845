using Roux.Learning.Data;
using Roux.Learning.Features;
using Roux.Learning.Features.Tokens;
using Shouldly;
using Xunit;

namespace Roux.Learning.Tests.Features;

public sealed class TokenFeaturizerTests : IDisposable
{
    private static readonly string[] Vocabulary =
        ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "the", "caf", "##e", "film", "##s", "$", "!", "-", "_", "\u96E8", "Film", "caf\u00E9", "\u00E9", "e"];

    private readonly string folder = Directory.CreateTempSubdirectory("roux-vocab").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Theory]
    [InlineData("The films", "the film ##s")]
    [InlineData("  the\tFILM\r\n\u00A0films ", "the film film ##s")]
    [InlineData("Caf\u00C9s the Caf\u0065\u0301", "caf ##e ##s the caf ##e")]
    [InlineData("film-films!_$the", "film - film ##s ! _ $ the")]
    [InlineData("film\u96E8films", "film \u96E8 film ##s")]
    [InlineData("fi\u200Blm \u0000the\uFFFD", "film the")]
    [InlineData("filmed the", "[UNK] the")]
    [InlineData("[SEP]", "[UNK] [UNK] [UNK]")]
    [InlineData("", "")]
    public void A_text_becomes_the_pieces_that_BERT_would_make_of_it(string text, string pieces)
    {
        var (featurizer, _) = Tables.Fit(Column(text), ColumnRole.Text, FeatureForm.Sequences(new TokenForm(16, Folder: Folder())));
        Pieces(featurizer.Transform(Column(text)), 0).ShouldBe($"[CLS] {pieces} [SEP]".Replace("  ", " ", StringComparison.Ordinal));
    }

    [Fact]
    public void Cased_vocabularies_keep_capitals_and_accents()
    {
        var form = FeatureForm.Sequences(new TokenForm(16, Folder: Folder("""{"do_lower_case": false, "tokenizer_class": "BertTokenizer", "cls_token": {"content": "[CLS]"}}""")));
        var (featurizer, _) = Tables.Fit(Column("Film caf\u00E9"), ColumnRole.Text, form);
        Pieces(featurizer.Transform(Column("Film caf\u00E9")), 0).ShouldBe("[CLS] Film caf\u00E9 [SEP]");
    }

    [Fact]
    public void Long_texts_are_cut_and_missing_ones_have_a_beginning_and_an_end()
    {
        var column = TextColumn.From("plot", ["the the the the the the", null]);
        var (featurizer, x) = Tables.Fit(column, ColumnRole.Text, FeatureForm.Sequences(new TokenForm(5, Folder: Folder())));
        Pieces(x, 0).ShouldBe("[CLS] the the the [SEP]");
        Pieces(x, 1).ShouldBe("[CLS] [SEP]");
        x.Features[4].ShouldBe(new Feature("plot@4", "plot", FeatureKind.Token, Vocabulary.Length));
        featurizer.Transform(Column(new string('x', 1_000_000))).ToDense()[..3].ShouldBe([3, 2, 4]);
    }

    [Theory]
    [InlineData(null, "no vocab.txt")]
    [InlineData("[UNK]\n[CLS]\nthe\n", "'[SEP]'")]
    [InlineData("[UNK]\n[CLS]\n[SEP]\nthe\nthe\n", "cannot be read")]
    public void What_is_wrong_with_a_folder_is_said(string? vocabulary, string message)
    {
        if (vocabulary is not null)
        {
            File.WriteAllText(Path.Combine(folder, "vocab.txt"), vocabulary);
        }

        Should.Throw<DataException>(() => Tables.Fit(Column("the"), ColumnRole.Text, FeatureForm.Sequences(new TokenForm(5, Folder: folder)))).Message.ShouldContain(message);
    }

    [Fact]
    public void A_learned_vocabulary_has_frequent_words_whole_and_spells_the_others()
    {
        string[] texts = [.. Enumerable.Range(0, 50).Select(i => $"the detective number {i} was detecting the lower lowest low")];
        var column = TextColumn.From("plot", texts);
        var form = FeatureForm.Sequences(new TokenForm(16, 80));
        var (featurizer, x) = Tables.Fit(column, ColumnRole.Text, form);
        x.Features[0].Levels.ShouldBe(80);
        Tables.Fit(column, ColumnRole.Text, form).Training.ToDense().ShouldBe(x.ToDense());
        var tokens = featurizer.Transform(Column("the detective slower q")).ToDense();
        tokens[0].ShouldBe(3);
        tokens.Count(id => id == 2).ShouldBe(1); // q was never seen
        tokens.Count(id => id > 0).ShouldBeInRange(6, 12);
    }

    private static TextColumn Column(string text) => TextColumn.From("plot", [text]);

    private static string Pieces(FeatureMatrix x, int row) =>
        string.Join(' ', x.ToDense().AsSpan(row * x.Columns, x.Columns).ToArray().Where(id => id > 0).Select(id => Vocabulary[(int)id - 1]));

    private string Folder(string? settings = null)
    {
        File.WriteAllLines(Path.Combine(folder, "vocab.txt"), Vocabulary);
        if (settings is not null)
        {
            File.WriteAllText(Path.Combine(folder, "tokenizer_config.json"), settings);
        }

        return folder;
    }
}
