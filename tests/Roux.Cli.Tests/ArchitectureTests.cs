using System.Xml.Linq;
using Shouldly;
using Xunit;

namespace Roux.Cli.Tests;

/// <summary>Dependencies point one way, between projects and between the folders of the learning project.</summary>
public sealed class ArchitectureTests
{
    private static readonly string Source = Path.Combine(Roux.Tests.SharedData.Root, "src");

    /// <summary>Projects from the ground up: each may refer to those before it.</summary>
    private static readonly Dictionary<string, string[]> Allowed = new()
    {
        ["Roux.Tracking"] = [],
        ["Roux.Tuning"] = [],
        ["Roux.Learning"] = ["Roux.Tracking", "Roux.Tuning"],
        ["Roux.Debugging"] = ["Roux.Learning", "Roux.Tracking", "Roux.Tuning"],
        ["Roux.Torch"] = ["Roux.Debugging", "Roux.Learning", "Roux.Tracking", "Roux.Tuning"],
        ["Roux.Server"] = ["Roux.Learning", "Roux.Tracking", "Roux.Tuning"],
        ["Roux.Cli"] = ["Roux.Debugging", "Roux.Torch", "Roux.Learning", "Roux.Server", "Roux.Tracking", "Roux.Tuning"],
    };

    /// <summary>Folders of Roux.Learning in the order of the way of the data.</summary>
    private static readonly string[] Way = ["Data", "Features", "Learners", "Existing", "Evaluation", "Explanations", "AutoML", "Gates", "Studies", "Reports"];

    [Fact]
    public void Projects_refer_downwards_only()
    {
        var projects = Directory.GetFiles(Source, "*.csproj", SearchOption.AllDirectories);
        projects.Length.ShouldBe(Allowed.Count);
        foreach (var project in projects)
        {
            var name = Path.GetFileNameWithoutExtension(project);
            var references = XDocument.Load(project).Descendants("ProjectReference").Select(reference => Path.GetFileNameWithoutExtension((string)reference.Attribute("Include")!));
            references.ShouldBeSubsetOf(Allowed[name], $"{name} refers upwards");
        }
    }

    [Fact]
    public void Folders_of_the_learning_project_look_back_along_the_way_of_the_data_only()
    {
        var wrong = new List<string>();
        foreach (var file in Directory.GetFiles(Path.Combine(Source, "Roux.Learning"), "*.cs", SearchOption.AllDirectories))
        {
            var folder = Path.GetRelativePath(Path.Combine(Source, "Roux.Learning"), file).Split(Path.DirectorySeparatorChar)[0];
            var place = Array.IndexOf(Way, folder);
            if (place < 0)
            {
                continue; // Pipelines joins features and learners and is read by both: the one place where the way turns.
            }

            wrong.AddRange(File.ReadLines(file)
                .Where(line => line.StartsWith("using Roux.Learning.", StringComparison.Ordinal))
                .Select(line => line["using Roux.Learning.".Length..].TrimEnd(';').Split('.')[0])
                .Where(used => Array.IndexOf(Way, used) > place)
                .Select(used => $"{folder}/{Path.GetFileName(file)} uses {used}"));
        }

        wrong.ShouldBeEmpty();
    }

    [Fact]
    public void Runs_registry_and_services_know_no_database()
    {
        var wrong = new[] { "Runs", "Registry", "Service", "Metrics", "Query", "Accounts", "Transfer" }
            .Select(folder => Path.Combine(Source, "Roux.Tracking", folder)).Where(Directory.Exists)
            .SelectMany(folder => Directory.GetFiles(folder, "*.cs", SearchOption.AllDirectories))
            .Where(file => !file.Contains(Path.Combine("Transfer", "Mlflow"), StringComparison.Ordinal)) // reads databases of others
            .Where(file => File.ReadLines(file).Any(line => line is "using Roux.Tracking.Sqlite;" or "using Roux.Tracking.Postgres;" or "using Npgsql;"))
            .Select(file => Path.GetRelativePath(Source, file));
        wrong.ShouldBeEmpty();
    }
}
