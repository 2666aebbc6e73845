using Npgsql;
using Roux.Tracking.Storage;

namespace Roux.Tracking.Postgres;

/// <summary>The present row of a reader. A connection reads one statement at a time: before another one runs, the rest is taken into memory.</summary>
internal sealed class PostgresRow(NpgsqlDataReader reader) : StoreRow
{
    private Queue<object[]>? rest;
    private object[]? values;

    /// <summary>Whether the connection is still busy with these rows.</summary>
    public bool IsLive => rest is null;

    public bool Next()
    {
        if (rest is null)
        {
            return reader.Read();
        }

        return rest.TryDequeue(out values);
    }

    /// <summary>Frees the connection.</summary>
    public void TakeRest()
    {
        values = Copy();
        var rows = new Queue<object[]>();
        while (reader.Read())
        {
            rows.Enqueue(Copy());
        }

        rest = rows;
        reader.Dispose();
    }

    public override bool IsNull(int column) => values is null ? reader.IsDBNull(column) : values[column] is DBNull;

    public override long Int64(int column) => values is null ? reader.GetInt64(column) : Convert.ToInt64(values[column], System.Globalization.CultureInfo.InvariantCulture);

    public override double Double(int column) => values is null ? reader.GetDouble(column) : Convert.ToDouble(values[column], System.Globalization.CultureInfo.InvariantCulture);

    public override string Text(int column) => PostgresText.Read(values is null ? reader.GetString(column) : (string)values[column]);

    public override ReadOnlySpan<byte> Blob(int column) => values is null ? reader.GetFieldValue<byte[]>(column) : (byte[])values[column];

    private object[] Copy()
    {
        var copy = new object[reader.FieldCount];
        reader.GetValues(copy);
        return copy;
    }
}
