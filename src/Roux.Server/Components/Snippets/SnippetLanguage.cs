namespace Roux.Server.Components.Snippets;

/// <summary>Languages that a snippet is written in.</summary>
public enum SnippetLanguage
{
    /// <summary>C# with Roux.Tracking.</summary>
    CSharp,

    /// <summary>Python with MLflow's client.</summary>
    Python,

    /// <summary>Python with nothing but its own library.</summary>
    PlainPython,

    /// <summary>curl in a POSIX shell.</summary>
    Curl,
}
