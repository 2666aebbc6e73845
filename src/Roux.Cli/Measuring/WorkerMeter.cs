using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Roux.Cli.Programs;
using Roux.Learning.Data;
using Roux.Learning.Evaluation;
using Roux.Learning.Pipelines;

namespace Roux.Cli.Measuring;

/// <summary>
/// Measures a model in a process of its own: this program again with a hidden verb, which gets the rows on standard input and answers
/// with one JSON document. So memory is that of the model, and nothing else competes with it in the process.
/// </summary>
internal sealed class WorkerMeter : IModelMeter
{
    /// <summary>The hidden verb.</summary>
    public const string Verb = "measure-model";

    /// <summary>Beyond the seconds asked for: for starting, warming up, a row that takes very long.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    public bool OwnProcess => true;

    public ModelMeasurement Measure(Pipeline pipeline, Table rows, ProbeOptions options, CancellationToken ct)
    {
        var folder = Directory.CreateTempSubdirectory("roux-measure-");
        try
        {
            var path = Path.Combine(folder.FullName, "model.roux");
            pipeline.Save(path);
            return Measure(path, rows, options, ct);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    /// <summary>Measures a model file.</summary>
    /// <exception cref="MeterException">The worker could not be started, died, or found the file no good.</exception>
    public static ModelMeasurement Measure(string modelPath, Table rows, ProbeOptions options, CancellationToken ct)
    {
        var request = new JsonObject
        {
            ["seconds"] = options.Seconds, ["rows"] = options.Rows, ["batch_rows"] = options.BatchRows, ["seed"] = options.Seed, ["table"] = RowsJson.Write(rows),
        }.ToJsonString();
        using var worker = Start(modelPath);
        using var cancelled = ct.Register(() => Kill(worker));
        var (output, error) = (worker.StandardOutput.ReadToEndAsync(CancellationToken.None), worker.StandardError.ReadToEndAsync(CancellationToken.None));
        try
        {
            worker.StandardInput.Write(request);
            worker.StandardInput.Close();
        }
        catch (IOException)
        {
            // It ended before it had read everything; its exit code and last words say why.
        }

        if (!worker.WaitForExit(Patience + TimeSpan.FromSeconds(options.Seconds * 1.5)))
        {
            Kill(worker);
            throw new MeterException($"measuring took over {(Patience + TimeSpan.FromSeconds(options.Seconds * 1.5)).TotalSeconds.ToString("0", CultureInfo.InvariantCulture)} s and was stopped");
        }

        worker.WaitForExit();
        ct.ThrowIfCancellationRequested();
        return Read(worker.ExitCode, output.Result, error.Result);
    }

    private static ModelMeasurement Read(int exitCode, string output, string error)
    {
        JsonNode? answer;
        try
        {
            answer = output.Length == 0 ? null : JsonNode.Parse(output);
        }
        catch (JsonException)
        {
            answer = null;
        }

        if (answer?["error"]?.GetValue<string>() is { } reason)
        {
            throw new MeterException(reason);
        }

        if (exitCode != 0 || answer is null)
        {
            var outcome = ProgramOutcome.Of(exitCode, error);
            throw new MeterException($"the process that measures the model {(outcome.Reason is { } why ? $"did not finish: {why}" : "gave no answer")}");
        }

        try
        {
            return ModelMeasurement.FromJson(answer);
        }
        catch (InvalidDataException e)
        {
            throw new MeterException($"the process that measures the model gave an answer that cannot be read: {Terminal.Cut(output.Trim(), 200)}", e);
        }
    }

    private static Process Start(string modelPath)
    {
        // 'dotnet roux.dll' and a launcher of its own are both this program.
        var host = Environment.ProcessPath ?? "dotnet";
        var start = new ProcessStartInfo(host) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        if (Path.GetFileNameWithoutExtension(host).Equals("dotnet", StringComparison.OrdinalIgnoreCase))
        {
            start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, "roux.dll"));
        }

        // One thread: what libraries and loops take for the number of processors. The compiler is then not to wait longer than usual.
        start.Environment["DOTNET_PROCESSOR_COUNT"] = "1";
        start.Environment["DOTNET_TC_DelaySingleProcMultiplier"] = "1";
        var process = new Process { StartInfo = start };
        try
        {
            start.ArgumentList.Add(Verb);
            start.ArgumentList.Add(Path.GetFullPath(modelPath));
            start.ArgumentList.Add("--started");
            start.ArgumentList.Add(Stopwatch.GetTimestamp().ToString(CultureInfo.InvariantCulture));
            process.Start();
            return process;
        }
        catch (Win32Exception e)
        {
            process.Dispose();
            throw new MeterException($"'{host}' could not be started to measure the model: {e.Message}", e);
        }
    }

    private static void Kill(Process process)
    {
        try
        {
            process.Kill(entireProcessTree: true);
        }
        catch (Exception e) when (e is InvalidOperationException or Win32Exception)
        {
            // It has ended.
        }
    }
}
