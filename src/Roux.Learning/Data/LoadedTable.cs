namespace Roux.Learning.Data;

/// <summary>A table and where it came from.</summary>
/// <param name="Table">The table.</param>
/// <param name="Digest">SHA-256, in lower-case hexadecimal: of the file's bytes as they lie on disk, or of the rows (<see cref="TableDigest"/>) for a query.</param>
/// <param name="Bytes">Size of the file.</param>
/// <param name="Warnings">What was noticed while reading, one line each.</param>
public sealed record LoadedTable(Table Table, string Digest, long Bytes, IReadOnlyList<string> Warnings);
