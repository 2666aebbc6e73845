using System.Globalization;
using System.Text;
using Roux.Tracking.Search;

namespace Roux.Tracking.Storage;

/// <summary>
/// Compiles a search to one SELECT of run keys. Names and values are bound as parameters, never written into the text. Conditions on
/// params, tags and metrics become joins, so that the database may begin with whichever index is the most selective.
/// </summary>
internal sealed class SearchCompiler
{
    private const string StatusText =
        "CASE r.status WHEN 1 THEN 'RUNNING' WHEN 2 THEN 'SCHEDULED' WHEN 3 THEN 'FINISHED' WHEN 4 THEN 'FAILED' ELSE 'KILLED' END";

    private readonly StoreSession session;
    private readonly KeyNames keys;
    private readonly StringBuilder joins = new();
    private readonly List<string> conditions = [];
    private readonly List<string> order = [];
    private readonly ConditionSql sql;
    private readonly Dictionary<Field, string> joined = [];
    private bool impossible;

    private SearchCompiler(StoreSession session, KeyNames keys)
    {
        this.session = session;
        this.keys = keys;
        sql = new ConditionSql(session.Dialect);
    }

    /// <summary>The statement; <c>null</c> where no run can fit.</summary>
    public static CompiledSearch? Compile(StoreSession session, KeyNames keys, RunSearch search)
    {
        var compiler = Conditions(session, keys, search);
        foreach (var key in search.Order)
        {
            compiler.Add(key);
        }

        return compiler.impossible ? null : compiler.Finish(search.Query);
    }

    /// <summary>A SELECT of the number of runs that a search finds; <c>null</c> where no run can fit.</summary>
    public static CompiledSearch? CompileCount(StoreSession session, KeyNames keys, RunSearch search)
    {
        var compiler = Conditions(session, keys, search);
        return compiler.impossible ? null : new CompiledSearch(compiler.Select("count(*)").ToString(), compiler.sql.Parameters);
    }

    /// <summary>
    /// A SELECT of the groups of the runs that a search finds: value of a field, number of runs, start of the latest, then for each metric the number of runs that
    /// have a number, mean, mean of squares, minimum and maximum; the largest groups first.
    /// </summary>
    public static CompiledSearch? CompileGroups(StoreSession session, KeyNames keys, RunSearch search, Field by, IReadOnlyList<Field> metrics)
    {
        var compiler = Conditions(session, keys, search);
        if (compiler.impossible)
        {
            return null;
        }

        var value = by.Kind == FieldKind.Attribute ? AttributeExpression(by.Key) : compiler.Optional(by) is { } group ? group + ".value" : "CAST(NULL AS TEXT)";
        var columns = new StringBuilder($"{value}, count(*), max(r.started)");
        foreach (var metric in metrics)
        {
            var expression = compiler.Optional(metric) is { } alias ? alias + ".value" : "CAST(NULL AS DOUBLE PRECISION)";
            columns.Append(CultureInfo.InvariantCulture, $", count({expression}), avg({expression}), avg({expression} * {expression}), min({expression}), max({expression})");
        }

        var text = compiler.Select(columns.ToString());
        text.Append(CultureInfo.InvariantCulture, $"\nGROUP BY {value}\nORDER BY count(*) DESC, {value}\nLIMIT {compiler.sql.Bind((long)search.Query.MaxResults)}");
        return new CompiledSearch(text.ToString(), compiler.sql.Parameters);
    }

    private static SearchCompiler Conditions(StoreSession session, KeyNames keys, RunSearch search)
    {
        var compiler = new SearchCompiler(session, keys);
        if (search.OnlyDeleted)
        {
            compiler.conditions.Add("r.deleted IS NOT NULL");
        }
        else if (!search.Query.IncludeDeleted)
        {
            compiler.conditions.Add("r.deleted IS NULL");
        }

        if ((search.ExperimentKeys ?? (search.Query.Experiments is { } names ? ExperimentKeys(session, names) : null)) is { } experiments)
        {
            compiler.impossible |= experiments.Count == 0;
            compiler.conditions.Add($"r.experiment IN ({string.Join(',', experiments)})");
        }

        foreach (var condition in search.Filter.Conditions)
        {
            compiler.Add(condition);
        }

        return compiler;
    }

    /// <summary>Keys of experiments by their names or ids.</summary>
    /// <exception cref="TrackingException">There is no such experiment.</exception>
    public static List<long> ExperimentKeys(StoreSession session, IReadOnlyList<string> experiments) => experiments.Select(text =>
        session.Number("SELECT id FROM experiments WHERE name = $text ORDER BY name LIMIT 1", ("$text", text))
        ?? session.Number("SELECT id FROM experiments WHERE CAST(id AS TEXT) = $text", ("$text", text))
        ?? throw new TrackingException($"'{text}': no such experiment; there are: {string.Join(", ", session.Rows("SELECT name FROM experiments ORDER BY name LIMIT 20", row => row.Text(0)))}")).ToList();

    private CompiledSearch Finish(RunQuery query)
    {
        order.AddRange(["r.started DESC", "r.id DESC"]);
        var text = Select("r.id");
        text.Append("\nORDER BY ").AppendJoin(", ", order);
        text.Append("\nLIMIT ").Append(sql.Bind((long)query.MaxResults)).Append(" OFFSET ").Append(sql.Bind((long)query.Offset));
        return new CompiledSearch(text.ToString(), sql.Parameters);
    }

    private StringBuilder Select(string columns)
    {
        var text = new StringBuilder("SELECT ").Append(columns).Append(" FROM runs r").Append(joins);
        return conditions.Count == 0 ? text : text.Append("\nWHERE ").AppendJoin("\n  AND ", conditions);
    }

    private void Add(Condition condition)
    {
        switch (condition.Field.Kind)
        {
            case FieldKind.Dataset:
                AddDataset(condition);
                break;
            case FieldKind.Attribute:
                var expression = AttributeExpression(condition.Field.Key);
                conditions.Add(condition.Field.IsNumeric ? sql.NumberTest(expression, condition, nanIsNull: false) : sql.TextTest(expression, condition));
                break;
            default:
                AddKeyed(condition);
                break;
        }
    }

    private void AddKeyed(Condition condition)
    {
        var field = condition.Field;
        var key = keys.Find(session, field.Key);
        if (condition.Comparator == Comparator.IsNull)
        {
            if (key is not null)
            {
                conditions.Add($"NOT EXISTS (SELECT 1 FROM {TableOf(field)} n WHERE n.run = r.id AND n.key = {sql.Bind(key)})");
            }

            return;
        }

        if (key is null)
        {
            impossible = true;
            return;
        }

        if (!joined.TryGetValue(field, out var alias))
        {
            alias = Alias();
            joined.Add(field, alias);
            joins.Append(CultureInfo.InvariantCulture, $"\nJOIN {TableOf(field)} {alias} ON {alias}.run = r.id AND {alias}.key = {sql.Bind(key)}");
        }

        if (condition.Comparator != Comparator.IsNotNull)
        {
            conditions.Add(field.Kind == FieldKind.Metric ? sql.NumberTest(alias + ".value", condition, nanIsNull: true) : sql.LongTextTest(alias + ".value", condition));
        }
    }

    private void AddDataset(Condition condition)
    {
        const string Datasets = "SELECT x.run FROM run_datasets x JOIN datasets d ON d.id = x.dataset";
        var expression = condition.Field.Key == "context" ? "x.context" : "d." + condition.Field.Key;
        conditions.Add(condition.Comparator switch
        {
            Comparator.IsNull => $"r.id NOT IN ({Datasets})",
            Comparator.IsNotNull => $"r.id IN ({Datasets})",
            _ => $"r.id IN ({Datasets} WHERE {sql.TextTest(expression, condition)})",
        });
    }

    private void Add(OrderKey key)
    {
        var direction = key.Descending ? "DESC" : "ASC";
        if (key.Field.Kind == FieldKind.Attribute)
        {
            var expression = AttributeExpression(key.Field.Key);
            order.AddRange([$"{expression} IS NULL", $"{expression} {direction}"]);
            return;
        }

        if (Optional(key.Field) is not { } alias)
        {
            return;
        }

        // Missing last, NaN (stored as NULL) before it, whatever the direction.
        order.AddRange([$"{alias}.run IS NULL", $"{alias}.value IS NULL", $"{alias}.value {direction}"]);
    }

    /// <summary>Joins a field that runs need not have; <c>null</c> where none has it.</summary>
    private string? Optional(Field field)
    {
        if (joined.TryGetValue(field, out var known))
        {
            return known;
        }

        if (keys.Find(session, field.Key) is not { } id)
        {
            return null;
        }

        var alias = Alias();
        joined.Add(field, alias);
        joins.Append(CultureInfo.InvariantCulture, $"\nLEFT JOIN {TableOf(field)} {alias} ON {alias}.run = r.id AND {alias}.key = {sql.Bind(id)}");
        return alias;
    }

    private static string AttributeExpression(string name) => name switch
    {
        "run_id" => "r.run_id",
        "run_name" => "r.name",
        "status" => StatusText,
        "start_time" => "r.started",
        "end_time" => "r.ended",
        "experiment_id" => "CAST(r.experiment AS TEXT)",
        "experiment_name" => "(SELECT name FROM experiments WHERE id = r.experiment)",
        "parent_run_id" => "(SELECT p.run_id FROM runs p WHERE p.id = r.parent)",
        _ => throw new InvalidOperationException($"attribute {name} has no column"),
    };

    private static string TableOf(Field field) => field.Kind switch
    {
        FieldKind.Metric => "latest_metrics",
        FieldKind.Param => "params",
        _ => "tags",
    };

    private string Alias() => string.Create(CultureInfo.InvariantCulture, $"j{joined.Count}");
}

/// <summary>A statement and the values of its parameters.</summary>
internal sealed record CompiledSearch(string Sql, (string Name, object? Value)[] Parameters);
