namespace Roux.Tracking.Search;

/// <summary>Kinds of tokens of the filter language.</summary>
internal enum TokenKind
{
    /// <summary>A bare word, dots included: <c>metrics.acc</c>, <c>AND</c>.</summary>
    Word,

    /// <summary>In single quotes.</summary>
    Text,

    /// <summary>In double quotes: a text, or a key after a dot.</summary>
    DoubleQuoted,

    /// <summary>In back quotes: a key.</summary>
    BackQuoted,

    Number,
    Operator,
    Open,
    Close,
    Comma,
    End,
}

/// <summary>A token: its kind, its content without quotes, its text as written, and where that begins.</summary>
internal readonly record struct Token(TokenKind Kind, string Content, string Written, int Start)
{
    public bool IsWord(string word) => Kind == TokenKind.Word && Content.Equals(word, StringComparison.OrdinalIgnoreCase);
}
