using Roux.Tests;
using Shouldly;
using Xunit;

namespace Roux.Tracking.Tests;

/// <summary>The C# of the README is this code, and it does what the README says.</summary>
public sealed class ReadmeTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("roux-readme-").FullName;

    [Fact]
    public void The_example_of_the_readme_runs()
    {
        var store = Path.Combine(folder, ".roux");
        var model = Path.Combine(folder, "model.bin");
        File.WriteAllText(model, "weights");
        string id;
        {
            using var tracker = Tracker.Open(store);
            using var run = tracker.Experiment("movies").StartRun("my model");
            run.Log("lr", 0.1);
            for (var step = 0; step < 1000; step++)
            {
                run.LogMetric("loss", 1.0 / (step + 1), step);
            }

            run.LogArtifact(model);
            id = run.Id;
        }

        using var reader = Tracker.OpenReadOnly(store);
        var record = reader.GetRun(id);
        record.Params["lr"].ShouldBe("0.1");
        record.Metrics["loss"].Value.ShouldBe(0.001);
        reader.GetMetric(id, "loss").Count.ShouldBe(1000);
        reader.ListArtifacts(id).ShouldContain(artifact => artifact.Path == "model.bin");
    }

    [Fact]
    public void The_readme_shows_the_code_that_is_tested()
    {
        string[] Code(string text) => [.. text.Split('\n').Select(line => line.Trim()).Where(line => line.Length > 0)];
        var readme = File.ReadAllText(Path.Combine(SharedData.Root, "README.md"));
        var shown = Code(readme.Split("```csharp")[1].Split("```")[0])
            .Select(line => line.Replace("\".roux\"", "store", StringComparison.Ordinal).Replace("\"model.bin\"", "model", StringComparison.Ordinal));
        var tested = string.Join('\n', Code(File.ReadAllText(Path.Combine(SharedData.Root, "tests", "Roux.Tracking.Tests", "ReadmeTests.cs"))));
        tested.ShouldContain(string.Join('\n', shown));
    }

    public void Dispose() => Directory.Delete(folder, recursive: true);
}
