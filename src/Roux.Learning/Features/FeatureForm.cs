using Roux.Learning.Features.Tokens;

namespace Roux.Learning.Features;

/// <summary>The form in which a learner wants its features. Equal forms give equal matrices, so a fold makes each once.</summary>
/// <param name="Categories">How levels become numbers.</param>
/// <param name="KeepMissing"><c>true</c>: missing numbers stay NaN (trees can split on them). <c>false</c>: imputed by the median, with an indicator where any were missing in training.</param>
/// <param name="Scale">What is done to numeric features.</param>
/// <param name="Text">How texts (and nothing else) become numbers.</param>
/// <param name="MaxTextFeatures">Most features kept for one text or list column: the most telling by their dependence on the target in the training rows.</param>
/// <param name="Tokens">Text columns as ids of word pieces, and no other column; <c>null</c>: features as the other parameters say.</param>
public sealed record FeatureForm(
    CategoryEncoding Categories,
    bool KeepMissing,
    Scaling Scale,
    TextEncoding Text = TextEncoding.Words | TextEncoding.Characters,
    int MaxTextFeatures = 30_000,
    TokenForm? Tokens = null)
{
    /// <summary>Text columns as ids of word pieces, and nothing else: for networks that read sequences.</summary>
    public static FeatureForm Sequences(TokenForm tokens) => new(CategoryEncoding.OneHot, KeepMissing: false, Scaling.None, TextEncoding.None, 0, tokens);

    /// <summary>What linear models, support vector machines and neighbours want: one-hot, imputed, standardised.</summary>
    public static FeatureForm Linear { get; } = new(CategoryEncoding.OneHot, KeepMissing: false, Scaling.Standard);

    /// <summary>No features at all: for learners that look at the answers alone.</summary>
    public static FeatureForm Nothing { get; } = new(CategoryEncoding.None, KeepMissing: true, Scaling.None, TextEncoding.None, 0);

    /// <summary>What gradient boosting wants: category codes, missing values kept, the most telling words only.</summary>
    public static FeatureForm Trees { get; } = new(CategoryEncoding.Codes, KeepMissing: true, Scaling.None, TextEncoding.Words, 1_500);
}

/// <summary>How the levels of a categorical column become numbers.</summary>
public enum CategoryEncoding
{
    /// <summary>One 0/1 feature a level; rare levels share one; very many levels are replaced by their target mean.</summary>
    OneHot,

    /// <summary>One feature of integer codes, plus the out-of-fold target mean where there are many levels.</summary>
    Codes,

    /// <summary>The out-of-fold target mean, and the level's frequency: for trees that cannot split on sets of codes.</summary>
    TargetMean,

    /// <summary>No column becomes a feature, of whatever type.</summary>
    None,
}

/// <summary>What is done to numeric features.</summary>
public enum Scaling
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>Mean 0, standard deviation 1 over the training rows.</summary>
    Standard,

    /// <summary>To [0, 1] over the training rows (needed where features must not be negative).</summary>
    MinMax,
}

/// <summary>How texts become numbers.</summary>
[Flags]
public enum TextEncoding
{
    /// <summary>Texts are left out.</summary>
    None = 0,

    /// <summary>TF-IDF of word 1- and 2-grams.</summary>
    Words = 1,

    /// <summary>TF-IDF of character 3- to 5-grams within words.</summary>
    Characters = 2,
}
