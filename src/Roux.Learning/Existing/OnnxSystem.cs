using System.Globalization;
using Microsoft.ML.OnnxRuntime;
using Roux.Learning.Data;

namespace Roux.Learning.Existing;

/// <summary>A model in an ONNX file, run on the processor. Its native library is loaded when one is opened, and not before.</summary>
internal sealed class OnnxSystem : ExistingSystem
{
    private const int WarmUps = 5;
    private const int SingleRows = 200;
    private readonly ExistingOptions options;
    private readonly InferenceSession session;
    private readonly TimeProvider clock;

    private OnnxSystem(ExistingOptions options, InferenceSession session, TimeProvider clock) => (this.options, this.session, this.clock) = (options, session, clock);

    public override string Kind => "onnx";

    public override string Description => $"{Path.GetFileName(options.Source)} (ONNX{(session.ModelMetadata.ProducerName is { Length: > 0 and < 60 } producer ? $", made by {producer}" : "")})";

    private string Source => $"--existing {options.Source}";

    public static new OnnxSystem Open(ExistingOptions options, TimeProvider clock)
    {
        try
        {
            using var settings = new SessionOptions { LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL };
            return new OnnxSystem(options, new InferenceSession(options.Source, settings), clock);
        }
        catch (OnnxRuntimeException e)
        {
            throw new DataException($"--existing {options.Source}: not a usable ONNX model: {HttpExchange.FirstLine(e.Message)}");
        }
    }

    public override ExistingAnswers Answer(Table table, TaskKind task, IReadOnlyList<string> classes, CancellationToken cancellation)
    {
        var inputs = OnnxInputs.Match(session, table, options);
        var outputs = OnnxOutputs.Choose(session, task, classes, options);
        var batch = Math.Min(inputs.FixedBatch ?? options.Batch, table.RowCount);
        var raw = new RawAnswer[table.RowCount];
        for (var i = 0; i < WarmUps; i++)
        {
            Run(inputs, outputs, 0, batch, raw);
        }

        var times = new List<(double, int)>();
        for (var start = 0; start < table.RowCount; start += batch)
        {
            cancellation.ThrowIfCancellationRequested();
            var rows = Math.Min(batch, table.RowCount - start);
            times.Add((Run(inputs, outputs, start, rows, raw), rows));
        }

        var single = inputs.FixedBatch is > 1 ? null : Single(inputs, outputs, table.RowCount, raw, cancellation);
        var answers = new AnswerReading(Source, task, classes, options, row => string.Create(CultureInfo.InvariantCulture, $"row {row + 1}")).Read(raw);
        return answers with { Latency = ExistingLatency.Of(times, batch, 1, 0, single) };
    }

    public override void Dispose()
    {
        session.Dispose();
        base.Dispose();
    }

    /// <summary>One row at a time, as a service would ask.</summary>
    private List<double> Single(OnnxInputs inputs, OnnxOutputs outputs, int rows, RawAnswer[] raw, CancellationToken cancellation)
    {
        var times = new List<double>();
        var scratch = new RawAnswer[raw.Length];
        for (var row = 0; row < Math.Min(rows, SingleRows + WarmUps); row++)
        {
            cancellation.ThrowIfCancellationRequested();
            var milliseconds = Run(inputs, outputs, row, 1, scratch);
            if (row >= WarmUps || rows <= WarmUps)
            {
                times.Add(milliseconds);
            }
        }

        return times;
    }

    /// <summary>Answers some rows; the time covers what a caller would wait for: making the tensors, the model, reading its answer.</summary>
    private double Run(OnnxInputs inputs, OnnxOutputs outputs, int start, int rows, RawAnswer[] raw)
    {
        var started = clock.GetTimestamp();
        var given = inputs.Tensors(start, rows);
        try
        {
            using var run = new RunOptions();
            using var results = session.Run(run, given, outputs.Names);
            outputs.Read([.. results], raw.AsSpan(start, rows));
        }
        catch (OnnxRuntimeException e)
        {
            throw new DataException($"{Source}: the model failed: {HttpExchange.FirstLine(e.Message)}. It wants {inputs.Wanted}");
        }
        finally
        {
            foreach (var value in given.Values)
            {
                value.Dispose();
            }
        }

        return clock.GetElapsedTime(started).TotalMilliseconds;
    }
}
