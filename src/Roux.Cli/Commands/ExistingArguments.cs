using System.CommandLine;
using Roux.Learning.Existing;

namespace Roux.Cli.Commands;

/// <summary>The options that name the system that answers now.</summary>
internal sealed class ExistingArguments
{
    private readonly Option<string?> existing = new("--existing") { Description = "System to beat: CSV of its predictions, .onnx file, or http:// address.", HelpName = "SOURCE" };
    private readonly Option<string?> key = new("--key") { Description = "Column that names a row, to join predictions by; never a feature.", HelpName = "COL" };
    private readonly Option<string?> column = new("--existing-column") { Description = "Column of the CSV, or output of the ONNX model, with the answers.", HelpName = "NAME" };
    private readonly Option<string?> fallback = new("--existing-default") { Description = "What to score rows as that it has no answer for (default: refuse).", HelpName = "ANSWER" };
    private readonly Option<string[]> inputs = new("--existing-inputs") { Description = "Columns sent to the model, in its order (comma list).", HelpName = "A,B,…" };
    private readonly Option<string[]> classes = new("--existing-classes") { Description = "Classes in the order of its numbers (comma list).", HelpName = "A,B,…" };
    private readonly Option<string?> protocol = new("--existing-protocol") { Description = "mlflow or plain (default: by the address).", HelpName = "NAME" };
    private readonly Option<int> batch = new("--existing-batch") { Description = "Rows per request.", HelpName = "N", DefaultValueFactory = _ => 256 };
    private readonly Option<string> timeout = new("--existing-timeout") { Description = "Time for one request.", HelpName = "TIME", DefaultValueFactory = _ => "30s" };
    private readonly Option<int> concurrency = new("--existing-concurrency") { Description = "Requests under way at once.", HelpName = "N", DefaultValueFactory = _ => 2 };
    private readonly Option<string[]> headers = new("--existing-header-env") { Description = "Header with the environment variable of its value (may be repeated).", HelpName = "NAME=ENVVAR" };

    public void AddTo(Command command)
    {
        foreach (var option in new Option[] { existing, key, column, fallback, inputs, classes, protocol, batch, timeout, concurrency, headers })
        {
            command.Options.Add(option);
        }
    }

    /// <summary>What was asked for; <c>null</c> where no system was named.</summary>
    public ExistingOptions? Read(ParseResult call)
    {
        if (call.GetValue(existing) is not { } source)
        {
            var idle = new Option[] { key, column, fallback, inputs, classes, protocol, headers }.FirstOrDefault(option => call.GetResult(option) is not null);
            return idle is null ? null : throw new UsageException($"{idle.Name}: belongs to --existing SOURCE, which is not given");
        }

        return new ExistingOptions
        {
            Source = source,
            KeyColumn = call.GetValue(key),
            Column = call.GetValue(column),
            Default = call.GetValue(fallback),
            Inputs = List(call.GetValue(inputs)),
            Classes = List(call.GetValue(classes)),
            Protocol = call.GetValue(protocol),
            Batch = Within("--existing-batch", call.GetValue(batch), 100_000),
            Timeout = Duration.Parse("--existing-timeout", call.GetValue(timeout)!),
            Concurrency = Within("--existing-concurrency", call.GetValue(concurrency), 64),
            Headers = [.. (call.GetValue(headers) ?? []).Select(Header)],
        };
    }

    private static string[] List(string[]? given) => [.. (given ?? []).SelectMany(list => list.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))];

    private static int Within(string option, int value, int most) => value >= 1 && value <= most ? value : throw new UsageException($"{option} {value}: a whole number from 1 to {most}");

    private static (string Header, string Variable) Header(string pair)
    {
        var cut = pair.IndexOf('=', StringComparison.Ordinal);
        var variable = cut < 0 ? "" : pair[(cut + 1)..];

        // What does not look like a variable may be the secret itself, given by mistake: it is not repeated.
        return cut > 0 && variable.Length > 0 && variable.All(c => char.IsAsciiLetterOrDigit(c) || c == '_') ? (pair[..cut], variable)
            : throw new UsageException("--existing-header-env: give NAME=ENVVAR, the header and the environment variable that holds its value, such as Authorization=SCORING_TOKEN");
    }
}
