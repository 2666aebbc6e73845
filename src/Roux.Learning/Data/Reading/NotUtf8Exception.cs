namespace Roux.Learning.Data.Reading;

/// <summary>A text file turned out not to be UTF-8: it is read again as Latin-1.</summary>
internal sealed class NotUtf8Exception : Exception;
