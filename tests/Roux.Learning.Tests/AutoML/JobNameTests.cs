using Roux.Learning.AutoML;
using Shouldly;
using Xunit;

namespace Roux.Learning.Tests.AutoML;

public sealed class JobNameTests
{
    [Theory]
    [InlineData("movies.csv", "movies")]
    [InlineData("/tables/penguins/train.csv", "penguins")]
    [InlineData("/tables/penguins/Train.csv.gz", "penguins")]
    [InlineData("/tables/penguins/penguins-2024.parquet", "penguins-2024")]
    [InlineData("/data/train.csv", "train")]
    [InlineData("/movies/v1.2.csv", "v1.2")]
    public void A_job_is_named_after_what_its_data_is_about(string path, string name) => JobName.Data(path).ShouldBe(name);

    [Fact]
    public void What_the_user_says_goes_first()
    {
        var options = new DevelopOptions { DataPath = "/tables/penguins/train.csv", Target = "Species" };
        JobName.Experiment(options).ShouldBe("penguins/Species");
        JobName.Model(options).ShouldBe("penguins-species");
        JobName.Experiment(options with { Experiment = "birds" }).ShouldBe("birds");
        JobName.Model(options with { ModelName = "bird" }).ShouldBe("bird");
    }
}
