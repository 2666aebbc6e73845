using Roux.Learning.Data;
using Roux.Tests;
using Shouldly;
using Xunit;

namespace Roux.Learning.Tests.Data;

/// <summary>Roles, tasks and targets of real tables are those that a person would choose.</summary>
public sealed class RealDataTests
{
    [Theory]
    [InlineData("adult", "income", TaskKind.Binary, 32_561, 2)]
    [InlineData("titanic", "survived", TaskKind.Binary, 669, 2)]
    [InlineData("penguins", "species", TaskKind.Multiclass, 258, 3)]
    [InlineData("diamonds", "price", TaskKind.Regression, 40_455, 0)]
    [InlineData("digits", "target", TaskKind.Multiclass, 1_348, 10)]
    [InlineData("sonar", "label", TaskKind.Binary, 156, 2)]
    [InlineData("wine-white", "quality", TaskKind.Regression, 3_674, 0)]
    [InlineData("movie-plots", "genre", TaskKind.Multiclass, 7_738, 10)]
    public void TheTaskIsFound(string set, string target, TaskKind task, int rows, int classes)
    {
        var loaded = Read(set, "train.csv");
        var (y, kept, _) = TargetBuilder.Build(loaded.Table, target);
        y.Task.ShouldBe(task);
        y.Count.ShouldBe(rows);
        kept.ShouldBe(Enumerable.Range(0, rows));
        y.Classes.Length.ShouldBe(classes);
        loaded.Warnings.ShouldBeEmpty();
    }

    [Fact]
    public void ListsOfGenresAreSeveralLabels()
    {
        var (y, _, notes) = TargetBuilder.Build(Read("movie-plots", "train.csv").Table, "genres");
        y.Task.ShouldBe(TaskKind.Multilabel);
        y.Classes.ShouldContain("Science Fiction");
        notes.ShouldHaveSingleItem().ShouldContain("separated by '|'");
    }

    [Fact]
    public void RolesOfMixedTables()
    {
        Roles("adult", "income").ShouldBe("age:Numeric workclass:Categorical fnlwgt:Numeric education:Categorical education_num:Numeric marital_status:Categorical occupation:Categorical relationship:Categorical race:Categorical sex:Categorical capital_gain:Numeric capital_loss:Numeric hours_per_week:Numeric native_country:Categorical income:Target");
        Roles("titanic", "survived").ShouldBe("survived:Target pclass:Numeric sex:Categorical age:Numeric sibsp:Numeric parch:Numeric fare:Numeric embarked:Categorical class:Categorical who:Categorical adult_male:Boolean deck:Categorical embark_town:Categorical alive:Boolean alone:Boolean");
        Roles("diamonds", "price").ShouldBe("carat:Numeric cut:Categorical color:Categorical clarity:Categorical depth:Numeric table:Numeric price:Target x:Numeric y:Numeric z:Numeric");
        Roles("penguins", "species").ShouldBe("species:Target island:Categorical bill_length_mm:Numeric bill_depth_mm:Numeric flipper_length_mm:Numeric body_mass_g:Numeric sex:Categorical");
        Roles("movie-plots", "genre").ShouldBe("title:Text year:Numeric cast:List| plot:Text genres:List| genre:Target");
    }

    [Fact]
    public void TheSampleOfFilmsIsReadAsAPersonWould()
    {
        var loaded = TableReader.Read(Path.Combine(SharedData.Root, "samples/trending-now/movies.csv"), ct: TestContext.Current.CancellationToken);
        loaded.Warnings.ShouldBeEmpty();
        Describe(ColumnRoles.Infer(loaded.Table, "Major Genre")).ShouldBe("Title:Text US Gross:Numeric Worldwide Gross:Numeric US DVD Sales:Numeric Production Budget:Numeric Release Date:Date MPAA Rating:Categorical Running Time min:Numeric Distributor:Categorical Source:Categorical Major Genre:Target Creative Type:Categorical Director:Categorical Rotten Tomatoes Rating:Numeric IMDB Rating:Numeric IMDB Votes:Numeric");
        loaded.Table["Release Date"].Format(0).ShouldBe("1998-06-12");

        var (y, rows, notes) = TargetBuilder.Build(loaded.Table, "Major Genre");
        y.Classes.Length.ShouldBe(12);
        rows.Length.ShouldBe(2_926);
        notes.ShouldBe(["275 rows of 3,201 left out: target 'Major Genre' is missing there"]);
    }

    [Fact]
    public void TestFilesHaveTheRolesOfTheirTrainingFiles()
    {
        foreach (var (set, target) in new[] { ("adult", "income"), ("diamonds", "price"), ("movie-plots", "genre"), ("wine-white", "quality") })
        {
            Describe(ColumnRoles.Infer(Read(set, "test.csv").Table, target)).ShouldBe(Roles(set, target));
        }
    }

    private static LoadedTable Read(string set, string file) =>
        TableReader.Read(SharedData.Path($"data/{set}/{file}"), ct: TestContext.Current.CancellationToken);

    private static string Roles(string set, string target) => Describe(ColumnRoles.Infer(Read(set, "train.csv").Table, target));

    private static string Describe(IReadOnlyList<ColumnSpec> specs) => string.Join(' ', specs.Select(spec => $"{spec.Name}:{spec.Role}{spec.Separator}"));
}
