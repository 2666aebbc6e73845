using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using Roux.Tuning.Numerics;

namespace Roux.Tuning.Benchmarks.Live;

/// <summary>
/// Learning curves of random configurations of a live problem in a file of JSON lines, so that samplers can be compared over many seeds without
/// training anything. A file that has begun is gone on with.
/// </summary>
internal sealed class CurveTable
{
    private CurveTable(LiveProblem problem, List<Configuration> configurations, List<double[]> curves, double seconds) =>
        (Problem, Configurations, Curves, Seconds) = (problem, configurations, curves, seconds);

    public LiveProblem Problem { get; }

    /// <summary>Evaluated, drawn evenly over the space.</summary>
    public IReadOnlyList<Configuration> Configurations { get; }

    /// <summary>The loss after each step, a curve a configuration.</summary>
    public IReadOnlyList<double[]> Curves { get; }

    /// <summary>Mean time of a whole training.</summary>
    public double Seconds { get; }

    /// <summary>The table of a problem as far as it goes; <c>null</c> where there is none.</summary>
    public static CurveTable? Read(string folder, LiveProblem problem)
    {
        var path = PathOf(folder, problem);
        if (!File.Exists(path))
        {
            return null;
        }

        var (configurations, curves, seconds) = (new List<Configuration>(), new List<double[]>(), 0.0);
        foreach (var line in File.ReadLines(path).Where(line => line.EndsWith('}')))
        {
            var row = JsonNode.Parse(line)!.AsObject();
            configurations.Add(Configuration.FromJson(row["params"]!.AsObject()));
            curves.Add([.. row["curve"]!.AsArray().Select(value => value!.GetValue<double>())]);
            seconds += row["seconds"]!.GetValue<double>();
        }

        return configurations.Count < 10 ? null : new CurveTable(problem, configurations, curves, seconds / configurations.Count);
    }

    /// <summary>Evaluates configurations until the file holds so many, or the time is up.</summary>
    public static void Write(string folder, LiveProblem problem, int count, TimeSpan most)
    {
        Directory.CreateDirectory(folder);
        var path = PathOf(folder, problem);
        var done = File.Exists(path) ? File.ReadLines(path).Count() : 0;
        var (space, watch, first) = (new UnitSpace(problem.Space), Stopwatch.StartNew(), done);
        using var file = new StreamWriter(path, append: true) { AutoFlush = true };
        for (; done < count && watch.Elapsed < most; done++)
        {
            var configuration = space.Decode(space.Draw(new Rng(1, done)));
            var begun = watch.Elapsed;
            var curve = problem.Curve(configuration, seed: 0);
            file.WriteLine(new JsonObject
            {
                ["params"] = configuration.ToJson(), ["seconds"] = Math.Round((watch.Elapsed - begun).TotalSeconds, 4), ["curve"] = new JsonArray([.. curve.Select(value => JsonValue.Create(Math.Round(value, 7)))]),
            }.ToJsonString());
        }

        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{problem.Name,-20} {done} configurations, {(done > first ? watch.Elapsed.TotalSeconds / (done - first) : 0):0.000} s each"));
    }

    private static string PathOf(string folder, LiveProblem problem) => Path.Combine(folder, problem.Name + ".jsonl");
}
