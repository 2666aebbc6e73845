using System.Globalization;
using System.Text.Json.Nodes;
using Roux.Cli.Measuring;
using Roux.Learning.Data;
using Roux.Learning.Evaluation;
using Roux.Learning.Gates;
using Roux.Learning.Learners;
using Roux.Learning.Pipelines;
using Roux.Tracking;

namespace Roux.Cli.Gates;

/// <summary>Judges the rules that need models to be run, with the models' own files and the data that the rules name.</summary>
/// <param name="seed">Decides resamples and the rows that are timed.</param>
/// <param name="localCopy">A path to the files of a version.</param>
internal sealed class GateModels(int seed, Func<ModelVersionRecord, string> localCopy) : IGateModels
{
    private const int TimedRows = 1000;

    private readonly Dictionary<string, Pipeline> pipelines = new(StringComparer.Ordinal);
    private readonly Dictionary<(string Path, string? Sql), LoadedTable> tables = [];

    public Judgement Compare(ChampionDataRule rule, ModelVersionRecord version, ModelVersionRecord champion, CancellationToken cancellation) => Guarded(() =>
    {
        var data = Read(rule.Data, rule.Sql, cancellation);
        var numbers = new JsonObject { ["data_digest"] = "sha256:" + data.Digest, ["champion_version"] = champion.Version };
        if (rule.DataDigest is { } expected && expected != data.Digest)
        {
            return Judgement.Unknown($"'{rule.Data}' is not the data that the rule names: its digest is sha256:{data.Digest}", numbers);
        }

        if (new[] { version, champion }.FirstOrDefault(model => LearnedFrom(model, data.Digest)) is { } learned)
        {
            return Judgement.Unknown(string.Create(CultureInfo.InvariantCulture, $"{learned.Name}/{learned.Version} was trained on '{rule.Data}'; name data that neither model has seen"), numbers);
        }

        var judgement = ChampionComparison.Of(Load(version), Load(champion), data.Table, rule, seed, cancellation).Judge(rule);
        foreach (var (name, value) in judgement.Numbers!)
        {
            numbers[name] = value?.DeepClone();
        }

        return judgement with { Numbers = numbers };
    });

    public Judgement Time(LatencyRule rule, ModelVersionRecord version, CancellationToken cancellation) => Guarded(() =>
    {
        var data = Read(rule.Data!, null, cancellation);
        var pipeline = Load(version);
        if (data.Table.RowCount == 0)
        {
            return Judgement.Unknown($"'{rule.Data}' has no rows to measure with");
        }

        var rows = RowSample.Draw(data.Table, pipeline, TimedRows, seed, []);
        var measured = WorkerMeter.Measure(FileOf(version), rows, new ProbeOptions { Seconds = rule.Seconds, Rows = TimedRows, Seed = seed }, cancellation);
        var time = rule.Percentile switch { 50 => measured.P50Microseconds, 99 => measured.P99Microseconds, _ => measured.P95Microseconds };
        var numbers = new JsonObject { ["microseconds"] = time, ["at_most_microseconds"] = rule.AtMostMicroseconds, ["percentile"] = rule.Percentile, ["predictions"] = measured.Predictions, ["settled"] = measured.Settled };
        return Judgement.Of(time <= rule.AtMostMicroseconds, string.Create(CultureInfo.InvariantCulture,
            $"p{rule.Percentile} is {LatencyRule.Text(time)} over {measured.Predictions:N0} predictions on one thread{(measured.Settled ? "" : "; times had not settled: the machine is busy")}"), numbers);
    });

    private static Judgement Guarded(Func<Judgement> judge)
    {
        try
        {
            return judge();
        }
        catch (Exception exception) when (exception is DataException or UsageException or MeterException or LearnerException or ArgumentException or IOException or UnauthorizedAccessException)
        {
            return Judgement.Unknown(exception.Message);
        }
    }

    // A split of the file into training and test rows is not recorded row by row: a file that was read in training counts as learned from.
    private static bool LearnedFrom(ModelVersionRecord version, string digest) =>
        version.Lineage?.Data.Any(data => data.Context is "training" or "all" or "train" && data.Digest.EndsWith(digest, StringComparison.Ordinal)) == true;

    private string FileOf(ModelVersionRecord version)
    {
        var place = localCopy(version);
        if (File.Exists(place))
        {
            return place;
        }

        string[] files = Directory.GetFiles(place, "*.roux");
        return files is [var file] ? file : throw new DataException($"{version.Name}/{version.Version.ToString(CultureInfo.InvariantCulture)} is no Roux model file, which is what can be run here");
    }

    private Pipeline Load(ModelVersionRecord version)
    {
        var path = FileOf(version);
        if (!pipelines.TryGetValue(path, out var pipeline))
        {
            pipelines.Add(path, pipeline = Commands.PredictCommand.Open(path));
        }

        return pipeline;
    }

    private LoadedTable Read(string path, string? sql, CancellationToken cancellation)
    {
        if (!tables.TryGetValue((path, sql), out var table))
        {
            tables.Add((path, sql), table = TableReader.Read(path, new ReadOptions { Sql = sql }, cancellation));
        }

        return table;
    }
}
