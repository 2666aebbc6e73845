using Roux.Learning.Data;
using Roux.Learning.Features;
using Roux.Learning.Features.Text;
using Shouldly;
using Xunit;

namespace Roux.Learning.Tests.Features;

public sealed class TextFeaturizerTests
{
    private static readonly FeatureForm WordsOnly = FeatureForm.Linear with { Text = TextEncoding.Words };
    private static readonly FeatureForm CharactersOnly = FeatureForm.Linear with { Text = TextEncoding.Characters };

    /// <summary>Values computed apart from this code by the formulas of scikit-learn's TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True).</summary>
    [Fact]
    public void Words_are_weighted_as_scikit_learn_does()
    {
        var (_, x) = Fit(WordsOnly, "The cat sat on the mat, the end.", "The cat the cat", "Dogs and Cats: a story", "");
        x.Names().ShouldBe(((string[])["and", "and cats", "cat", "cat sat", "cat the", "cats", "cats story", "dogs", "dogs and", "end", "mat", "mat the",
            "on", "on the", "sat", "sat on", "story", "the", "the cat", "the end", "the mat"]).Select(term => $"t~\"{term}\""));
        x.At(0, "t~\"cat\"").ShouldBe(0.210856565f, 1e-6);
        x.At(0, "t~\"the\"").ShouldBe(0.442506179f, 1e-6);
        x.At(0, "t~\"the end\"").ShouldBe(0.267444817f, 1e-6);
        x.At(0, "t~\"the cat\"").ShouldBe(0.210856565f, 1e-6);
        x.At(1, "t~\"cat\"").ShouldBe(0.529910884f, 1e-6);
        x.At(1, "t~\"cat the\"").ShouldBe(0.396967713f, 1e-6);
        x.At(2, "t~\"cats story\"").ShouldBe(0.377964473f, 1e-6); // the word between is too short to count
        x.ToDense().AsSpan(3 * x.Columns).ToArray().ShouldAllBe(value => value == 0);
    }

    /// <summary>Values computed apart from this code by the algorithm of scikit-learn's analyzer 'char_wb', ngram_range=(3, 5).</summary>
    [Fact]
    public void Characters_are_taken_within_words_as_scikit_learn_does()
    {
        var (_, x) = Fit(CharactersOnly, "It is it", "A bit");
        x.Names().ShouldBe(((string[])[" a ", " bi", " bit", " bit ", " is", " is ", " it", " it ", "bit", "bit ", "is ", "it "]).Select(term => $"t~'{term}'"));
        x.At(0, "t~' it'").ShouldBe(0.530541223f, 1e-6);
        x.At(0, "t~'it '").ShouldBe(0.37748445f, 1e-6);
        x.At(0, "t~'is '").ShouldBe(0.313346193f, 1e-6);
        x.At(1, "t~'it '").ShouldBe(0.278942545f, 1e-6);
        x.At(1, "t~' bit '").ShouldBe(0.392044015f, 1e-6);
    }

    [Fact]
    public void Terms_are_found_again_in_new_texts_by_either_way_of_counting()
    {
        var table = Tables.Mixed(300, 1);
        IReadOnlyList<ColumnSpec> plot = [new("plot", ColumnType.Text, ColumnRole.Text)];
        var (featurizer, training) = Tables.Fit(table, plot, Tables.Classes(300, 3, 1), FeatureForm.Linear);
        featurizer.Transform(table).ShouldBeSameAs(training);

        // A column that uses few of its many levels is not counted as a whole.
        var text = (TextColumn)table["plot"];
        var padded = new TextColumn("plot", text.Codes, [.. text.Levels, .. Enumerable.Range(0, 5000).Select(i => $"never used {i}")]);
        TextCorpus.Find(padded).ShouldBeNull();
        featurizer.Transform(padded).ShouldBeSameAs(training);
    }

    [Fact]
    public void Terms_of_a_single_text_are_dropped_when_there_are_many_texts()
    {
        var texts = Enumerable.Range(0, 200).Select(row => $"common{row % 3} unique{row}").ToArray();
        Fit(WordsOnly, texts).X.Names().ShouldBe(["t~\"common0\"", "t~\"common1\"", "t~\"common2\""]);
        Fit(WordsOnly, texts[..50]).X.Columns.ShouldBe(3 + 50 + 50);
    }

    [Fact]
    public void The_most_telling_words_are_kept_where_few_may_be()
    {
        var random = new Random(5);
        var labels = Enumerable.Range(0, 600).Select(_ => random.Next(3)).ToArray();
        var texts = labels.Select(label => random.Next(4) == 0 ? $"mark{label}" : $"w{random.Next(3)}").ToArray();
        var few = FeatureForm.Trees with { MaxTextFeatures = 3 };
        Chosen(Target.Classification(labels, ["a", "b", "c"])).ShouldBe(["t~\"mark0\"", "t~\"mark1\"", "t~\"mark2\""], ignoreOrder: true);
        var indicators = new bool[1800];
        for (var row = 0; row < 600; row++)
        {
            indicators[row * 3 + labels[row]] = true;
        }

        Chosen(Target.Multilabel(indicators, ["a", "b", "c"])).ShouldBe(["t~\"mark0\"", "t~\"mark1\"", "t~\"mark2\""], ignoreOrder: true);
        Chosen(Target.Regression([.. labels.Select(label => label == 1 ? 5.0 : 0)])).ShouldContain("t~\"mark1\"");
        Chosen(Target.Regression([.. labels.Select(label => label == 1 ? 5.0 : 0)])).ShouldNotContain("t~\"w1\"");

        string[] Chosen(Target y) => [.. Tables.Fit(TextColumn.From("t", texts), ColumnRole.Text, few, y).Training.Names().Take(3)];
    }

    /// <summary>By hand: titles have 2 words, plots 8, so that a title's row has norm sqrt(2 / 8).</summary>
    [Fact]
    public void Short_texts_weigh_less_beside_long_ones()
    {
        var table = new Table("films", [TextColumn.From("title", ["red star", "blue moon"]), TextColumn.From("plot", ["aa bb cc dd ee ff gg hh", "aa bb cc ii jj kk ll mm"])]);
        IReadOnlyList<ColumnSpec> both = [new("title", ColumnType.Text, ColumnRole.Text), new("plot", ColumnType.Text, ColumnRole.Text)];
        var (featurizer, x) = Tables.Fit(table, both, Tables.Classes(2, 2, 1), WordsOnly);
        Norm(x, "title").ShouldBe(0.5, 1e-6);
        Norm(x, "plot").ShouldBe(1, 1e-6);
        Norm(Tables.SaveAndLoad(featurizer).Transform(table), "title").ShouldBe(0.5, 1e-6);
        var (_, alone) = Tables.Fit(table, [both[0]], Tables.Classes(2, 2, 1), WordsOnly);
        Norm(alone, "title").ShouldBe(1, 1e-6);

        static double Norm(FeatureMatrix x, string source) =>
            Math.Sqrt(x.Features.Where(feature => feature.Source == source).Sum(feature => Math.Pow(x.At(0, feature.Name), 2)));
    }

    [Fact]
    public void Trees_also_see_how_long_a_text_is()
    {
        var (featurizer, x) = Fit(FeatureForm.Trees, "a bc def", "", "bc");
        x.At(0, "t@words").ShouldBe(3);
        x.At(0, "t@characters").ShouldBe(8);
        x.At(1, "t@words").ShouldBe(0);
        featurizer.Transform(TextColumn.From("t", [null])).At(0, "t@words").ShouldBe(float.NaN);
    }

    [Fact]
    public void Half_the_features_are_for_words_and_characters_take_what_is_left()
    {
        var table = Tables.Mixed(400, 1);
        var (_, x) = Tables.Fit(table, [new("plot", ColumnType.Text, ColumnRole.Text)], Tables.Classes(400, 2, 1), FeatureForm.Linear with { MaxTextFeatures = 100 });
        x.Names().Count(name => name.StartsWith("plot~\"", StringComparison.Ordinal)).ShouldBe(50);
        x.Names().Count(name => name.StartsWith("plot~'", StringComparison.Ordinal)).ShouldBe(50);
    }

    [Fact]
    public void Huge_texts_are_hashed()
    {
        // Over 20 million characters in all. Most of them are one word a row, so that the test is quick.
        var filler = new string('x', 150_000);
        var texts = Enumerable.Range(0, 140).Select(row => $"{(row % 2 == 0 ? "even" : "odd")} {filler}{row} w{row % 5} w{row % 5}").ToArray();
        var column = TextColumn.From("t", texts);
        var (featurizer, x) = Tables.Fit(column, ColumnRole.Text, FeatureForm.Linear);
        x.Names().ShouldAllBe(name => name.StartsWith("t~#", StringComparison.Ordinal) || name == "(none)");
        x.IsSparse.ShouldBeFalse();
        var even = $"t~#{Ngrams.Hash("even") & 0xfffff}";
        x.At(0, even).ShouldNotBe(0);
        x.At(1, even).ShouldBe(0);
        Math.Sign(x.At(0, even)).ShouldBe((long)Ngrams.Hash("even") < 0 ? -1 : 1);
        var loaded = Tables.SaveAndLoad(featurizer);
        loaded.Transform(column.Take([3, 4, 5]).Rename("t")).ShouldBeSameAs(x.Take([3, 4, 5]));
        var (_, unsigned) = Tables.Fit(column, ColumnRole.Text, Tables.MinMax);
        unsigned.ToDense().ShouldAllBe(value => value >= 0);
        unsigned.At(0, even).ShouldBe(Math.Abs(x.At(0, even)));
    }

    [Fact]
    public void Letters_of_any_script_make_words()
    {
        Words("Élan NAÏVE straße, Ελλάδα.  война_и 2001 हिन्दी a 😀").ShouldBe(
            ["élan", "élan naïve", "naïve", "naïve straße", "straße", "straße ελλάδα", "ελλάδα", "ελλάδα война_и", "война_и", "война_и 2001", "2001", "2001 हिन्दी", "हिन्दी", "हिन्दी 😀", "😀"], ignoreOrder: true);

        static string[] Words(string text) => [.. Fit(WordsOnly, text).X.Names().Select(name => name[3..^1])];
    }

    [Fact]
    public void Equal_strings_may_be_levels_of_their_own_and_of_none()
    {
        var column = new TextColumn("t", [0, 1, -1, 1], ["same words", "same words", "unused"]);
        var (_, x) = Tables.Fit(column, ColumnRole.Text, WordsOnly);
        x.Names().ShouldBe(["t~\"same\"", "t~\"same words\"", "t~\"words\"", "t=(missing)"]);
        x.At(2, "t=(missing)").ShouldBe(1);
        x.At(0, "t~\"words\"").ShouldBe(x.At(1, "t~\"words\""));
    }

    [Fact]
    public void The_hash_of_a_term_is_that_of_its_text()
    {
        foreach (var words in (bool[])[true, false])
        {
            var levels = (string[])["The quick-brown fox; jumps!", "ÀÉ î  x yy z ww", " lead and trail "];
            var counts = TermCounts.Count(levels, [0, 1, 2], words, 1, CancellationToken.None);
            counts.Terms.ShouldBeGreaterThan(10);
            for (var id = 0; id < counts.Terms; id++)
            {
                Ngrams.Hash(counts.Term(id)).ShouldBe(counts.Hashes[id], counts.Term(id));
            }
        }
    }

    private static (FittedFeaturizer Featurizer, FeatureMatrix X) Fit(FeatureForm form, params string[] texts) =>
        Tables.Fit(TextColumn.From("t", texts), ColumnRole.Text, form);
}
