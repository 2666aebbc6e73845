using System.Text;

namespace Roux.Server.Components.Evaluations;

/// <summary>Values of some rows, to look at beside what was said of them.</summary>
/// <param name="Columns">Names of the columns.</param>
/// <param name="Rows">Values by what names the row.</param>
public sealed record ExampleRows(IReadOnlyList<string> Columns, IReadOnlyDictionary<string, string[]> Rows)
{
    private const int MostColumns = 12;
    private const int MostRows = 20_000;

    public static ExampleRows None { get; } = new([], new Dictionary<string, string[]>());

    /// <summary>Values of a row; empty texts for one that is not stored.</summary>
    public string Value(string row, int column) => Rows.TryGetValue(row, out var values) && column < values.Length ? values[column] : "";

    /// <summary>Reads them: a first column that names the row, then the values.</summary>
    internal static ExampleRows Read(TextReader reader)
    {
        using var records = RecordsOf(reader).GetEnumerator();
        if (!records.MoveNext())
        {
            return None;
        }

        string[] columns = [.. records.Current.Skip(1).Take(MostColumns)];
        var rows = new Dictionary<string, string[]>(StringComparer.Ordinal);
        while (rows.Count < MostRows && records.MoveNext())
        {
            rows.TryAdd(records.Current[0], [.. records.Current.Skip(1).Take(MostColumns)]);
        }

        return new ExampleRows(columns, rows);
    }

    /// <summary>Records as RFC 4180 has them.</summary>
    private static IEnumerable<List<string>> RecordsOf(TextReader reader)
    {
        var record = new List<string>();
        var field = new StringBuilder();
        var quoted = false;
        for (var letter = reader.Read(); letter >= 0; letter = reader.Read())
        {
            if (quoted)
            {
                if (letter != '"')
                {
                    field.Append((char)letter);
                }
                else if (reader.Peek() == '"')
                {
                    field.Append((char)reader.Read());
                }
                else
                {
                    quoted = false;
                }
            }
            else if (letter == '"' && field.Length == 0)
            {
                quoted = true;
            }
            else if (letter is ',' or '\n')
            {
                record.Add(field.ToString());
                field.Clear();
                if (letter == '\n')
                {
                    yield return record;
                    record = [];
                }
            }
            else if (letter != '\r')
            {
                field.Append((char)letter);
            }
        }

        if (field.Length > 0 || record.Count > 0)
        {
            record.Add(field.ToString());
            yield return record;
        }
    }
}
