using System.Globalization;

namespace Roux.Learning.Data.Reading;

/// <summary>How one column of a DuckDB result is fetched: as one of four plain types, whatever it is in the source.</summary>
/// <param name="Name">The column's name in the table.</param>
/// <param name="Source">SQL that yields its value.</param>
/// <param name="Kind">What it is fetched as.</param>
internal sealed record DuckDbPlan(string Name, string Source, DuckDbPlan.Fetched Kind)
{
    public enum Fetched
    {
        Boolean,
        Whole,
        Real,
        Microseconds,
        Text,

        /// <summary>Whole numbers that may be larger than 64 bits.</summary>
        Huge,
        List,
    }

    /// <summary>Whether it is fetched as a number of 64 bits.</summary>
    public bool IsWhole => Kind is Fetched.Whole or Fetched.Boolean;

    /// <summary>Plans for described columns, which are called <c>c0</c>, <c>c1</c>, … in the SQL; structures become one column a field.</summary>
    public static List<DuckDbPlan> Of(IReadOnlyList<(string Name, string Type)> described)
    {
        var plans = new List<DuckDbPlan>();
        for (var i = 0; i < described.Count; i++)
        {
            Add(plans, described[i].Name, string.Create(CultureInfo.InvariantCulture, $"c{i}"), described[i].Type);
        }

        return plans;
    }

    public TypedColumn Make(bool asText) => asText ? new TypedColumn.Strings(Name) : Kind switch
    {
        Fetched.Boolean => new TypedColumn.Numbers(Name, ColumnType.Boolean),
        Fetched.Whole or Fetched.Real => new TypedColumn.Numbers(Name),
        Fetched.Microseconds => new TypedColumn.Dates(Name),
        Fetched.Huge => new TypedColumn.Strings(Name, textual: false),
        _ => new TypedColumn.Strings(Name),
    };

    public string Expression(bool asText) => asText ? $"CAST({Source} AS VARCHAR)" : Kind switch
    {
        Fetched.Boolean or Fetched.Whole => $"CAST({Source} AS BIGINT)",
        Fetched.Real => $"CAST({Source} AS DOUBLE)",
        Fetched.Microseconds => $"CASE WHEN isfinite({Source}) THEN epoch_us({Source}) END",
        Fetched.List => $"array_to_string(CAST({Source} AS VARCHAR[]), '|')",
        _ => $"CAST({Source} AS VARCHAR)",
    };

    private static void Add(List<DuckDbPlan> plans, string name, string source, string type)
    {
        if (type.StartsWith("STRUCT(", StringComparison.Ordinal) && type.EndsWith(')'))
        {
            foreach (var (field, fieldType) in Fields(type["STRUCT(".Length..^1]))
            {
                Add(plans, $"{name}.{field}", $"struct_extract({source}, '{field.Replace("'", "''", StringComparison.Ordinal)}')", fieldType);
            }

            return;
        }

        var bare = type.IndexOf('(', StringComparison.Ordinal) is > 0 and var parenthesis && !type.EndsWith(']') ? type[..parenthesis] : type;
        plans.Add(new DuckDbPlan(name, source, bare switch
        {
            "BOOLEAN" => Fetched.Boolean,
            "TINYINT" or "SMALLINT" or "INTEGER" or "BIGINT" or "UTINYINT" or "USMALLINT" or "UINTEGER" => Fetched.Whole,
            "UBIGINT" or "HUGEINT" or "UHUGEINT" => Fetched.Huge,
            "FLOAT" or "DOUBLE" or "DECIMAL" => Fetched.Real,
            "DATE" or "TIMESTAMP" or "TIMESTAMP_S" or "TIMESTAMP_MS" or "TIMESTAMP_NS" or "TIMESTAMP WITH TIME ZONE" => Fetched.Microseconds,
            _ when type.EndsWith(']') && !type.Contains('(', StringComparison.Ordinal) => Fetched.List,
            _ => Fetched.Text,
        }));
    }

    /// <summary>Splits <c>a INTEGER, "b c" STRUCT(d VARCHAR)</c> into names and types.</summary>
    private static IEnumerable<(string Name, string Type)> Fields(string text)
    {
        var at = 0;
        while (at < text.Length)
        {
            string name;
            if (text[at] == '"')
            {
                var end = at + 1;
                while (end < text.Length && (text[end] != '"' || (end + 1 < text.Length && text[end + 1] == '"')))
                {
                    end += text[end] == '"' ? 2 : 1;
                }

                name = text[(at + 1)..end].Replace("\"\"", "\"", StringComparison.Ordinal);
                at = end + 2;
            }
            else
            {
                var end = text.IndexOf(' ', at);
                name = text[at..end];
                at = end + 1;
            }

            var start = at;
            var depth = 0;
            var quoted = false;
            for (; at < text.Length && (depth > 0 || quoted || text[at] != ','); at++)
            {
                quoted ^= text[at] is '"' or '\'';
                depth += quoted ? 0 : text[at] == '(' ? 1 : text[at] == ')' ? -1 : 0;
            }

            yield return (name, text[start..at].Trim());
            at += 2;
        }
    }
}
