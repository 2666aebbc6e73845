using Roux.Tracking.Capture;
using Shouldly;
using Xunit;

namespace Roux.Tracking.Tests.Capture;

public sealed class DataNameTests
{
    [Theory]
    [InlineData("movies.csv", "movies", "movies.csv")]
    [InlineData("/tables/penguins/train.csv", "penguins", "penguins/train.csv")]
    [InlineData("/tables/penguins/Test.csv.gz", "penguins", "penguins/Test.csv.gz")]
    [InlineData("/tables/penguins/penguins-2024.parquet", "penguins-2024", "penguins-2024.parquet")]
    [InlineData("/data/train.csv", "train", "train.csv")]
    [InlineData("/movies/v1.2.csv", "v1.2", "v1.2.csv")]
    public void A_file_that_is_named_after_its_part_is_told_by_its_folder(string path, string about, string name)
    {
        DataName.About(path).ShouldBe(about);
        DataName.OfFile(path).ShouldBe(name);
    }
}
