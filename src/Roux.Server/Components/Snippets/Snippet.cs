using Roux.Tracking.Search;

namespace Roux.Server.Components.Snippets;

/// <summary>Writes code that fetches exactly what a chart or a table shows.</summary>
internal static class Snippet
{
    /// <summary>Where the key is taken from: it never stands in the code.</summary>
    private const string KeyVariable = "MLFLOW_TRACKING_TOKEN";

    /// <summary>The code.</summary>
    /// <param name="source">What to fetch.</param>
    /// <param name="language">In which language.</param>
    /// <param name="server">Address of the server, such as <c>http://127.0.0.1:5000</c>.</param>
    /// <param name="needsKey">Whether people log in there.</param>
    public static string Of(ChartSource source, SnippetLanguage language, string server, bool needsKey)
    {
        server = server.TrimEnd('/');
        return language switch
        {
            SnippetLanguage.CSharp => CSharp(source, server, needsKey),
            SnippetLanguage.Python => Python(source, server, needsKey),
            SnippetLanguage.PlainPython => PlainPython(source, server, needsKey),
            _ => Curl(source, server, needsKey),
        };
    }

    private static string CSharp(ChartSource source, string server, bool needsKey)
    {
        var body = source switch
        {
            MetricSource metric => $$"""
                foreach (var run in new[] { {{List(metric.RunIds, Literal.CSharp)}} })
                {
                    foreach (var point in tracker.GetMetric(run, {{Literal.CSharp(metric.Key)}}))
                    {
                        Console.WriteLine($"{run},{point.Step},{point.Timestamp:O},{point.Value}");
                    }
                }
                """,
            ValuesSource values => $$"""
                foreach (var id in new[] { {{List(values.RunIds, Literal.CSharp)}} })
                {
                    var run = tracker.GetRun(id);
                    object?[] row = [run.Id, run.Name, {{List(values.Fields, CSharp)}}];
                    Console.WriteLine(string.Join('\t', row));
                }
                """,
            FileSource file => $"""
                using var file = tracker.OpenArtifact({Literal.CSharp(file.RunId)}, {Literal.CSharp(file.Path)});
                using var reader = new StreamReader(file);
                Console.Write(reader.ReadToEnd());
                """,
            _ => throw new NotSupportedException(),
        };
        return $"""
            // Needs a reference to Roux.Tracking.{(needsKey ? $" The key is taken from the environment: {KeyVariable}." : "")}
            using System;
            using System.Collections.Generic;
            using System.IO;
            using Roux.Tracking;

            using var tracker = Tracker.OpenReadOnly({Literal.CSharp(server)});
            {body}

            """;
    }

    private static string CSharp(ValueField field) => field.Kind switch
    {
        ValueKind.Metric => $"run.Metric({Literal.CSharp(field.Key)})",
        ValueKind.Param => $"run.Params.GetValueOrDefault({Literal.CSharp(field.Key)})",
        _ => $"run.Tags.GetValueOrDefault({Literal.CSharp(field.Key)})",
    };

    private static string Python(ChartSource source, string server, bool needsKey)
    {
        var body = source switch
        {
            MetricSource metric => $"""
                for run in [{List(metric.RunIds, Literal.Python)}]:
                    for point in client.get_metric_history(run, {Literal.Python(metric.Key)}):
                        print(run, point.step, point.timestamp, point.value)
                """,
            ValuesSource values => $"""
                for run_id in [{List(values.RunIds, Literal.Python)}]:
                    run = client.get_run(run_id)
                    data = run.data
                    print(run_id, run.info.run_name, {List(values.Fields, field => $"data.{Group(field)}.get({Literal.Python(field.Key)})")}, sep="\t")
                """,
            FileSource file => $"""
                path = client.download_artifacts({Literal.Python(file.RunId)}, {Literal.Python(file.Path)})
                with open(path, encoding="utf-8") as file:
                    print(file.read(), end="")
                """,
            _ => throw new NotSupportedException(),
        };
        return $"""
            # pip install mlflow-skinny{(needsKey ? $"; the key is taken from the environment: {KeyVariable}" : "")}
            from mlflow import MlflowClient

            client = MlflowClient({Literal.Python(server)})
            {body}

            """;
    }

    private static string PlainPython(ChartSource source, string server, bool needsKey)
    {
        var (path, query) = Request(source);
        var pairs = string.Join(", ", query.Select(pair => $"{Literal.Python(pair.Name)}: {Literal.Python(pair.Value)}"));
        var show = source is FileSource
            ? """    print(answer.read().decode("utf-8"), end="")"""
            : """
                  for row in csv.reader(io.TextIOWrapper(answer, encoding="utf-8", newline="")):
                      print(*row, sep="\t")
              """;
        return $$"""
            {{(source is FileSource ? "" : "import csv\nimport io\n")}}{{(needsKey ? "import os\n" : "")}}import urllib.parse
            import urllib.request

            query = urllib.parse.urlencode({ {{pairs}} })
            request = urllib.request.Request({{Literal.Python(server + path + "?")}} + query)
            {{(needsKey ? $"request.add_header(\"Authorization\", \"Bearer \" + os.environ[\"{KeyVariable}\"])\n" : "")}}with urllib.request.urlopen(request) as answer:
            {{show}}

            """;
    }

    private static string Curl(ChartSource source, string server, bool needsKey)
    {
        var (path, query) = Request(source);
        var lines = new List<string> { "curl --fail --silent --show-error --get" };
        if (needsKey)
        {
            lines.Add($"--header \"Authorization: Bearer ${KeyVariable}\"");
        }

        lines.AddRange(query.Select(pair => "--data-urlencode " + Literal.Shell($"{pair.Name}={pair.Value}")));
        lines.Add(Literal.Shell(server + path));
        return string.Join(" \\\n  ", lines) + "\n";
    }

    /// <summary>The same as a request to the server's own interface, which answers with CSV, or with the file.</summary>
    private static (string Path, IReadOnlyList<(string Name, string Value)> Query) Request(ChartSource source) => source switch
    {
        MetricSource metric => ("/api/roux/v1/metrics/table.csv", [("run_ids", string.Join(',', metric.RunIds)), ("metric_key", metric.Key)]),
        ValuesSource values => ("/api/roux/v1/runs/table.csv",
            [("q", $"run_id IN ({List(values.RunIds, FilterCompletion.Quote)})"), ("cols", string.Join(',', values.Fields.Select(field => FilterCompletion.Write(Of(field)))))]),
        FileSource file => ("/get-artifact", [("run_id", file.RunId), ("path", file.Path)]),
        _ => throw new NotSupportedException(),
    };

    private static Field Of(ValueField field) => new(field.Kind switch { ValueKind.Metric => FieldKind.Metric, ValueKind.Param => FieldKind.Param, _ => FieldKind.Tag }, field.Key);

    private static string Group(ValueField field) => field.Kind switch { ValueKind.Metric => "metrics", ValueKind.Param => "params", _ => "tags" };

    private static string List<T>(IEnumerable<T> items, Func<T, string> write) => string.Join(", ", items.Select(write));
}
