using System.Text.RegularExpressions;
using Npgsql;
using NpgsqlTypes;

namespace Roux.Tracking.Postgres;

/// <summary>A statement as PostgreSQL takes it: <c>$name</c> became <c>$1</c>. Shared by all connections.</summary>
internal sealed partial class Statement
{
    private readonly int[] places;

    /// <summary>Types seen so far, for values that are NULL: one and the same prepared statement serves both.</summary>
    private readonly NpgsqlDbType[] types;

    /// <param name="sql">With <c>$name</c> parameters.</param>
    /// <param name="parameters">Its parameters, in the order that every call gives them.</param>
    public Statement(string sql, ReadOnlySpan<(string Name, object? Value)> parameters)
    {
        var names = new List<string>();
        Sql = Parameter().Replace(sql, match =>
        {
            var place = names.IndexOf(match.Value);
            if (place < 0)
            {
                place = names.Count;
                names.Add(match.Value);
            }

            return string.Create(System.Globalization.CultureInfo.InvariantCulture, $"${place + 1}");
        });
        places = new int[names.Count];
        types = new NpgsqlDbType[names.Count];
        for (var place = 0; place < places.Length; place++)
        {
            types[place] = NpgsqlDbType.Unknown;
            places[place] = -1;
            for (var index = 0; index < parameters.Length; index++)
            {
                if (parameters[index].Name == names[place])
                {
                    places[place] = index;
                }
            }

            if (places[place] < 0)
            {
                throw new ArgumentException($"the statement has a parameter {names[place]} that is not given", nameof(parameters));
            }
        }
    }

    public string Sql { get; }

    public NpgsqlBatchCommand Bind(ReadOnlySpan<(string Name, object? Value)> parameters)
    {
        var command = new NpgsqlBatchCommand(Sql);
        for (var place = 0; place < places.Length; place++)
        {
            var value = parameters[places[place]].Value;
            if (value is null)
            {
                var known = types[place];
                command.Parameters.Add(known == NpgsqlDbType.Unknown ? new NpgsqlParameter { Value = DBNull.Value } : new NpgsqlParameter { Value = DBNull.Value, NpgsqlDbType = known });
                continue;
            }

            var (type, bound) = Convert(value, parameters[places[place]].Name);
            types[place] = type;
            command.Parameters.Add(new NpgsqlParameter { Value = bound, NpgsqlDbType = type });
        }

        return command;
    }

    private static (NpgsqlDbType Type, object Value) Convert(object value, string name) => value switch
    {
        string text => (NpgsqlDbType.Text, PostgresText.Write(text)),
        long => (NpgsqlDbType.Bigint, value),
        int number => (NpgsqlDbType.Bigint, (long)number),
        double => (NpgsqlDbType.Double, value),
        byte[] => (NpgsqlDbType.Bytea, value),
        long[] => (NpgsqlDbType.Bigint | NpgsqlDbType.Array, value),
        string[] texts => (NpgsqlDbType.Text | NpgsqlDbType.Array, Array.ConvertAll(texts, PostgresText.Write)),
        double?[] => (NpgsqlDbType.Double | NpgsqlDbType.Array, value),
        byte[][] => (NpgsqlDbType.Bytea | NpgsqlDbType.Array, value),
        _ => throw new ArgumentException($"{name}: {value.GetType().Name} has no form in the database", nameof(value)),
    };

    [GeneratedRegex(@"\$[A-Za-z_]\w*", RegexOptions.CultureInvariant)]
    private static partial Regex Parameter();
}
