using Roux.Tracking.Sqlite;

namespace Roux.Tracking.Backup;

/// <summary>The tables of a store of some version: those that the migrations make, which are the same in every database.</summary>
internal static class StoreTables
{
    /// <summary>All tables, each after those that it refers to.</summary>
    public static IReadOnlyList<TableShape> At(int version)
    {
        using var session = new SqliteSession(":memory:", SQLitePCL.raw.SQLITE_OPEN_READWRITE, TimeSpan.Zero);
        Migrations.Apply(session, "the tables", TimeSpan.Zero, version);
        var columns = session.Rows(
            """
            SELECT m.name, c.name, c.type, c.pk FROM sqlite_master m JOIN pragma_table_info(m.name) c
            WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite%' ORDER BY m.name, c.cid
            """,
            row => (Table: row.Text(0), Column: new ColumnShape(row.Text(1), KindOf(row.Text(2))), Place: row.Int64(3)));
        var references = session.Rows(
            """SELECT m.name, f."table" FROM sqlite_master m JOIN pragma_foreign_key_list(m.name) f WHERE m.type = 'table'""",
            row => (Table: row.Text(0), Other: row.Text(1))).ToLookup(row => row.Table, row => row.Other);
        var tables = columns.GroupBy(row => row.Table).ToDictionary(
            table => table.Key,
            table => new TableShape(table.Key, [.. table.Select(row => row.Column)], [.. table.Where(row => row.Place > 0).OrderBy(row => row.Place).Select(row => row.Column.Name)]));
        var ordered = new List<TableShape>();
        foreach (var name in tables.Keys.Order(StringComparer.Ordinal))
        {
            Add(name);
        }

        return ordered;

        void Add(string name)
        {
            if (tables.Remove(name, out var table))
            {
                foreach (var other in references[name].Order(StringComparer.Ordinal))
                {
                    Add(other);
                }

                ordered.Add(table);
            }
        }
    }

    private static ColumnKind KindOf(string type) => type switch
    {
        "INTEGER" => ColumnKind.Whole,
        "REAL" => ColumnKind.Real,
        "TEXT" => ColumnKind.Text,
        "BLOB" => ColumnKind.Bytes,
        _ => throw new InvalidOperationException($"a column of the type '{type}' has no form in a backup"),
    };
}
