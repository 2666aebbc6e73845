using Roux.Learning.Data;
using Roux.Learning.Evaluation;
using Roux.Learning.Pipelines;

namespace Roux.Learning.AutoML;

/// <summary>Fits candidates on all development rows and measures what they cost.</summary>
internal sealed class CostMeter
{
    private const int MostRows = 1000;
    private readonly Func<CandidateResult, Pipeline> fit;
    private readonly IModelMeter meter;
    private readonly Table rows;
    private readonly int seed;
    private readonly Action<string> note;

    /// <param name="fit">Fits a candidate on all development rows.</param>
    /// <param name="meter">Measures in a process of its own; <c>null</c> for measuring in this one.</param>
    /// <param name="rows">Rows to measure with, such as <see cref="Sample"/>.</param>
    /// <param name="options">Seed, and what a core draws.</param>
    /// <param name="note">Is told where a measurement failed.</param>
    public CostMeter(Func<CandidateResult, Pipeline> fit, IModelMeter? meter, Table rows, DevelopOptions options, Action<string> note)
    {
        (this.fit, this.rows, this.note, seed, Rates) = (fit, rows, note, options.Seed, options.Rates);
        this.meter = meter ?? new LatencyProbe();
    }

    /// <summary>Rows to measure with: some of the final ones, with the columns that features are made of.</summary>
    public static Table Sample(DevelopInputs inputs, int seed)
    {
        var source = inputs.Test.RowCount > 0 ? inputs.Test : inputs.Development;
        var order = Enumerable.Range(0, source.RowCount).ToArray();
        new Random(seed).Shuffle(order);
        return new Table(source.Name, [.. inputs.FeatureColumns.Select(column => source[column.Name])]).Take(order.AsSpan(0, Math.Min(MostRows, order.Length)));
    }

    /// <summary>What things cost in money.</summary>
    public Rates? Rates { get; }

    /// <summary>Watts of one busy core.</summary>
    public double WattsPerCore => Rates?.WattsPerCore ?? Energy.DefaultWattsPerCore;

    /// <summary>Fits a candidate.</summary>
    public FittedCandidate Fit(CandidateResult result)
    {
        var (pipeline, cost) = FitMeter.Measure(() => fit(result), WattsPerCore);
        return new FittedCandidate(result, pipeline, cost, SizeOf(pipeline), null);
    }

    /// <summary>Measures what using a fitted candidate costs; as it was where that fails.</summary>
    public FittedCandidate Measure(FittedCandidate fitted, double seconds, CancellationToken stop)
    {
        var probe = new ProbeOptions { Seconds = seconds, Rows = rows.RowCount, Seed = seed };
        try
        {
            return fitted with { Measured = meter.Measure(fitted.Pipeline, rows, probe, stop) };
        }
        catch (MeterException e)
        {
            note($"{fitted.Result.Name} could not be measured in a process of its own, so it was in this one: {e.Message}");
            return fitted with { Measured = new LatencyProbe().Measure(fitted.Pipeline, rows, probe, stop) };
        }
    }

    private static long SizeOf(Pipeline pipeline)
    {
        var folder = Directory.CreateTempSubdirectory("roux-size-");
        try
        {
            var path = Path.Combine(folder.FullName, "model.roux");
            pipeline.Save(path);
            return new FileInfo(path).Length;
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
