using System.Globalization;
using Roux.Learning.Data;

namespace Roux.Learning.Existing;

/// <summary>
/// A model behind an HTTP address, asked in batches of JSON: an MLflow scoring server (<c>/invocations</c>, <c>dataframe_split</c>),
/// or anything that takes <c>{"instances": […]}</c> and gives <c>{"predictions": […]}</c>.
/// </summary>
internal sealed class HttpSystem : ExistingSystem
{
    private static readonly string[] SecretWords = ["key", "token", "secret", "pass", "auth", "sig", "code", "credential"];
    private readonly ExistingOptions options;
    private readonly HttpExchange exchange;
    private readonly bool mlflow;
    private readonly string where;

    private HttpSystem(ExistingOptions options, Uri address, HttpExchange exchange, bool mlflow)
    {
        (this.options, this.exchange, this.mlflow) = (options, exchange, mlflow);
        where = address.GetLeftPart(UriPartial.Path);
    }

    public override string Kind => "http";

    public override string Description => string.Create(CultureInfo.InvariantCulture,
        $"{where} ({(mlflow ? "MLflow scoring protocol" : "instances and predictions")}, {(options.Batch == 1 ? "a row" : $"{options.Batch} rows")} a request, {options.Concurrency} at once)");

    public static new HttpSystem Open(ExistingOptions options, TimeProvider clock)
    {
        if (!Uri.TryCreate(options.Source, UriKind.Absolute, out var address) || address.Scheme is not ("http" or "https"))
        {
            throw new DataException($"--existing '{options.Source}': not an http:// or https:// address");
        }

        var names = address.Query.TrimStart('?').Split('&').Select(pair => pair.Split('=')[0]);
        if (address.UserInfo.Length > 0 || names.Any(name => SecretWords.Any(word => name.Contains(word, StringComparison.OrdinalIgnoreCase))))
        {
            throw new DataException($"--existing {address.GetLeftPart(UriPartial.Path).Replace(address.UserInfo + "@", "", StringComparison.Ordinal)}: the address holds a secret, which would be recorded with the run; put it into an environment variable and name that: --existing-header-env Authorization=VARIABLE");
        }

        var mlflow = options.Protocol switch
        {
            null => address.AbsolutePath.EndsWith("/invocations", StringComparison.Ordinal),
            "mlflow" => true,
            "plain" => false,
            _ => throw new DataException($"--existing-protocol '{options.Protocol}': either mlflow or plain"),
        };
        return new HttpSystem(options, address, new HttpExchange(address, options, clock), mlflow);
    }

    public override ExistingAnswers Answer(Table table, TaskKind task, IReadOnlyList<string> classes, CancellationToken cancellation)
    {
        // The rest of the way from file to model is synchronous; there is no context here that a wait could hold up.
        return AnswerAsync(table, task, classes, cancellation).GetAwaiter().GetResult();
    }

    public override void Dispose()
    {
        exchange.Dispose();
        base.Dispose();
    }

    private async Task<ExistingAnswers> AnswerAsync(Table table, TaskKind task, IReadOnlyList<string> classes, CancellationToken cancellation)
    {
        var columns = InputColumns.Of(table, options);
        var raw = new RawAnswer[table.RowCount];
        var starts = Enumerable.Range(0, (table.RowCount + options.Batch - 1) / options.Batch).Select(batch => batch * options.Batch).ToArray();
        var times = new (double Milliseconds, int Rows)[starts.Length];
        var reading = new JsonAnswers(exchange.Name, classes, options.Classes, mlflow);
        var settings = new ParallelOptions { MaxDegreeOfParallelism = options.Concurrency, CancellationToken = cancellation };
        await Parallel.ForEachAsync(Enumerable.Range(0, starts.Length), settings, async (batch, stop) =>
        {
            var rows = Math.Min(options.Batch, table.RowCount - starts[batch]);
            var answer = await exchange.PostAsync(JsonRows.Write(columns, starts[batch], rows, mlflow), stop).ConfigureAwait(false);
            times[batch] = (answer.Milliseconds, rows);
            reading.Read(answer.Body, raw.AsSpan(starts[batch], rows));
        }).ConfigureAwait(false);
        var answers = new AnswerReading(exchange.Name, task, classes, options, row => string.Create(CultureInfo.InvariantCulture, $"row {row + 1}")).Read(raw);
        return answers with { Latency = ExistingLatency.Of(times, options.Batch, options.Concurrency, exchange.Retries, null) };
    }
}
