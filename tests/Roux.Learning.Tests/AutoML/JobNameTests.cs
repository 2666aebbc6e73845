using Roux.Learning.AutoML;
using Shouldly;
using Xunit;

namespace Roux.Learning.Tests.AutoML;

public sealed class JobNameTests
{
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
