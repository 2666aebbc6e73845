namespace Roux.Learning.Features.Tokens;

/// <summary>Texts as ids of word pieces, for networks that read sequences. Where a form has one, text columns become ids and no other column becomes a feature.</summary>
/// <param name="MaxTokens">Features per text column, so the most ids kept of a text with the two that mark its beginning and end: at least 3. The rest of a longer text is cut off.</param>
/// <param name="VocabularySize">Most pieces of a vocabulary that is learned from the training texts. One vocabulary serves all text columns.</param>
/// <param name="Folder">A folder in the layout of Hugging Face whose <c>vocab.txt</c> is taken instead; <c>null</c>: learn one. It is read when the features are fitted and never again: a pipeline stores its vocabulary.</param>
public sealed record TokenForm(int MaxTokens = 128, int VocabularySize = 8_000, string? Folder = null);
