using System.Globalization;
using System.Text;
using Shouldly;
using Xunit;

namespace Roux.Cli.Tests.Commands;

/// <summary>Annotators through the real command line.</summary>
public sealed class AgreementCommandTests
{
    private static readonly string[] Classes = ["bird", "cat", "dog"];

    [Fact]
    public void A_long_table_gives_agreement_annotators_and_a_consensus_file()
    {
        using var folder = new TemporaryFolder();
        var (labels, _) = Write(folder, 300);
        var result = RouxProcess.Run(folder.Path, "agreement", labels, "--out", "consensus.csv", "--json");
        result.ExitCode.ShouldBe(0, result.Error);
        var json = result.Json;
        json["items"]!.GetValue<int>().ShouldBe(300);
        json["agreement"]!["krippendorff_alpha"]!["nominal"]!["value"]!.GetValue<double>().ShouldBeInRange(0.4, 0.8);
        json["annotators"]!.AsArray().Count.ShouldBe(4);
        json["annotators"]![0]!["accuracy"]!.GetValue<double>().ShouldBe(0.95, 0.06);
        json["annotators"]![0]!["confusion"]!.AsArray().Count.ShouldBe(3);
        var lines = File.ReadAllLines(Path.Combine(folder.Path, "consensus.csv"));
        lines.Length.ShouldBe(301);
        lines[0].ShouldBe("item,consensus,confidence,vote,tied,labels,p_bird,p_cat,p_dog");

        var page = RouxProcess.Run(folder.Path, "agreement", labels);
        page.Output.ShouldContain("Krippendorff's alpha, nominal");
        page.Output.ShouldContain("Most disagreed on");
        page.Output.Split('\n').ShouldAllBe(line => line.Length <= 80);
    }

    [Fact]
    public void Develop_puts_people_beside_candidates()
    {
        using var folder = new TemporaryFolder();
        var (labels, data) = Write(folder, 300);
        var result = RouxProcess.Run(folder.Path, "develop", data, "--target", "kind", "--trials", "0", "--families", "naive-bayes", "--annotations", labels, "--item", "id", "--json");
        result.ExitCode.ShouldBe(0, result.Error);
        var human = result.Json["evidence"]!["human"]!;
        human["metric"]!.GetValue<string>().ShouldBe("macro_f1");
        human["rows"]!.GetValue<int>().ShouldBe(300);
        human["score"]!.GetValue<double>().ShouldBe(0.83, 0.06);
        human["error"]!.GetValue<double>().ShouldBe(0.16, 0.05);
        human["target_is_consensus"]!.GetValue<bool>().ShouldBeFalse();
        human["candidates"]!.AsArray().Single(candidate => candidate!["name"]!.GetValue<string>() == "naive-bayes")!["same_rows"]!.GetValue<double>().ShouldBeInRange(0.4, 1);
        result.Json["findings"]!.AsArray().Select(finding => finding!["check"]!.GetValue<string>()).ShouldContain("human-level");
        File.ReadAllText(result.Json["report"]!.GetValue<string>()).ShouldContain("How well people do it");
    }

    [Fact]
    public void Where_the_target_is_the_vote_people_are_scored_against_each_other()
    {
        using var folder = new TemporaryFolder();
        var text = new StringBuilder("x,ann,bob,cleo,kind\n");
        var random = new Random(5);
        for (var row = 0; row < 200; row++)
        {
            var labels = Enumerable.Range(0, 3).Select(_ => random.NextDouble() < 0.85 ? row % 2 : 1 - row % 2).ToArray();
            text.Append(CultureInfo.InvariantCulture, $"{row % 2 + random.NextDouble():0.000},{string.Join(',', labels.Select(label => Classes[label]))},{Classes[labels.Sum() >= 2 ? 1 : 0]}\n");
        }

        var data = folder.Write("votes.csv", text.ToString());
        var result = RouxProcess.Run(folder.Path, "develop", data, "--target", "kind", "--trials", "0", "--families", "naive-bayes", "--annotators", "ann,bob,cleo", "--json");
        result.ExitCode.ShouldBe(0, result.Error);
        var human = result.Json["evidence"]!["human"]!;
        human["target_is_consensus"]!.GetValue<bool>().ShouldBeTrue();
        human["reference"]!.GetValue<string>().ShouldBe("consensus of the others");
        human["metric"]!.GetValue<string>().ShouldBe("balanced_accuracy"); // people give no order that an area could be made of
        result.Json["test"]!["accuracy"]!.GetValue<double>().ShouldBeLessThan(0.97); // what annotators said is no feature
    }

    [Fact]
    public void Wrong_annotations_are_told_before_anything_is_fitted()
    {
        using var folder = new TemporaryFolder();
        var (labels, data) = Write(folder, 60);
        string Error(params string[] more)
        {
            var result = RouxProcess.Run(folder.Path, ["develop", data, "--target", "kind", "--trials", "0", "--families", "naive-bayes", .. more]);
            result.ExitCode.ShouldBe(2, result.Error);
            return result.Error;
        }

        Error("--annotations", labels, "--item", "idd").ShouldContain("did you mean 'id'");
        Error("--annotations", labels).ShouldContain("name the data's key column with --item");
        var changed = File.ReadAllText(labels);
        Error("--item", "id", "--annotations", folder.Write("a.csv", changed.Replace("p7,", "p_7,", StringComparison.Ordinal))).ShouldContain("1 of 60 items are not in column 'id' of the data: 'p_7'");
        Error("--item", "id", "--annotations", folder.Write("b.csv", changed + "p1,ann,brid\n")).ShouldContain("labels item 'p1' twice");
        Error("--item", "id", "--annotations", folder.Write("c.csv", changed + "p1,zoe,brid\n")).ShouldContain("did you mean 'bird'?");
        Error("--item", "id").ShouldContain("give --annotations FILE");
    }

    [Fact]
    public void Wrong_calls_end_with_2()
    {
        using var folder = new TemporaryFolder();
        var table = folder.Write("wide.csv", "id,ann,bob\n1,x,x\n2,x,y\n3,y,y\n");
        RouxProcess.Run(folder.Path, "agreement", table, "--annotators", "ann,bbo").Error.ShouldContain("did you mean 'bob'?");
        RouxProcess.Run(folder.Path, "agreement", table, "--annotators", "ann,bob", "--scale", "rank").Error.ShouldContain("nominal, ordinal, interval");
        RouxProcess.Run(folder.Path, "agreement", table, "--annotators", "ann").ExitCode.ShouldBe(2);
        RouxProcess.Run(folder.Path, "agreement", table, "--annotators", "ann,bob", "--item", "id").ExitCode.ShouldBe(0);
    }

    /// <summary>Annotations as a long table, and data that they are of.</summary>
    private static (string Labels, string Data) Write(TemporaryFolder folder, int rows)
    {
        var random = new Random(3);
        var labels = new StringBuilder("item,annotator,label\n");
        var data = new StringBuilder("id,x,y,kind\n");
        (string Name, double Accuracy)[] people = [("ann", 0.95), ("bob", 0.85), ("cleo", 0.8), ("dan", 0.75)];
        for (var row = 0; row < rows; row++)
        {
            var truth = random.Next(3);
            data.Append(CultureInfo.InvariantCulture, $"p{row},{truth + 0.8 * (random.NextDouble() + random.NextDouble() - 1):0.000},{random.NextDouble() - truth:0.000},{Classes[truth]}\n");
            foreach (var (name, accuracy) in people)
            {
                var label = random.NextDouble() < accuracy ? truth : (truth + random.Next(1, 3)) % 3;
                labels.Append(CultureInfo.InvariantCulture, $"p{row},{name},{Classes[label]}\n");
            }
        }

        return (folder.Write("labels.csv", labels.ToString()), folder.Write("data.csv", data.ToString()));
    }
}
