using Shouldly;
using Xunit;

namespace Roux.Tuning.Tests.Samplers;

public sealed class SamplerTests
{
    private static readonly SearchSpace Conditional = new(
        new FloatParameter("lr", 1e-4, 0.1, Log: true),
        new IntParameter("layers", 1, 5),
        new IntParameter("units", 8, 512, Log: true),
        new CategoricalParameter("booster", ["tree", "linear", "dart"]),
        new OrdinalParameter("size", ["small", "medium", "large"]),
        new IntParameter("depth", 1, 15) { When = new Dictionary<string, IReadOnlyList<string>> { ["booster"] = ["tree", "dart"] } },
        new FloatParameter("drop", 0, 0.5, Step: 0.1) { When = new Dictionary<string, IReadOnlyList<string>> { ["booster"] = ["dart"], ["depth"] = ["1", "2", "3", "4", "5", "6", "7", "8"] } });

    public static TheoryData<string> Names => [.. Sampler.Names];

    private static double Objective(Configuration x) => Math.Pow(Math.Log10(x.Float("lr", 0)) + 2.5, 2) + 0.1 * Math.Abs(x.Int("layers", 0) - 3)
        + (x.Choice("booster", "") switch { "tree" => 0.3 + 0.02 * Math.Abs(x.Int("depth", 0) - 6), "dart" => 0.5, _ => 0.8 }) + 0.1 * Math.Abs(Math.Log2(x.Int("units", 0)) - 6);

    [Theory]
    [MemberData(nameof(Names))]
    public void Every_sampler_stays_in_the_space_and_repeats_itself_from_a_seed(string name)
    {
        string[] Run(long seed)
        {
            var study = new Study(Conditional, new StudyOptions { Sampler = Sampler.Of(name), Seed = seed, Trials = 45 });
            var told = new List<string>();
            for (var i = 0; i < 15; i++)
            {
                Trial[] asked = [study.Ask(), study.Ask(), study.Ask()]; // three at once, told in another order
                foreach (var trial in asked.Reverse())
                {
                    Conditional.Check(trial.Configuration);
                    told.Add(trial.Configuration.ToString());
                    _ = i % 5 == 4 ? study.Fail(trial.Number) : study.Tell(trial.Number, Objective(trial.Configuration));
                }
            }

            return [.. told];
        }

        Run(7).ShouldBe(Run(7));
        Run(7).ShouldNotBe(Run(8));
    }

    [Theory]
    [InlineData("auto", 60, 0.02)]
    [InlineData("gp", 60, 0.02)]
    [InlineData("turbo", 60, 0.05)]
    [InlineData("tpe", 150, 0.1)]
    [InlineData("forest", 120, 0.15)]
    [InlineData("cmaes", 300, 0.02)]
    [InlineData("de", 300, 0.1)]
    public void A_bowl_is_found(string name, int trials, double gap)
    {
        var space = new SearchSpace(new FloatParameter("x", -5, 5), new FloatParameter("y", -5, 5), new IntParameter("n", 0, 10));
        double[] ends = [.. Enumerable.Range(0, 3).Select(seed =>
        {
            var study = new Study(space, new StudyOptions { Sampler = Sampler.Of(name), Seed = seed, Trials = trials, Directions = [Direction.Maximize] });
            for (var i = 0; i < trials; i++)
            {
                var trial = study.Ask();
                var c = trial.Configuration;
                study.Tell(trial.Number, -(Math.Pow(c.Float("x", 0) - 1.3, 2) + Math.Pow(c.Float("y", 0) + 2.1, 2) + Math.Abs(c.Int("n", 0) - 7)));
            }

            return study.Best!.Value;
        }).Order()];
        ends[1].ShouldBeGreaterThan(-gap, $"{name}: {string.Join(", ", ends)}");
    }

    [Fact]
    public void Auto_does_much_better_than_random_under_conditions_and_with_noise()
    {
        double Median(string name) => Enumerable.Range(0, 5).Select(seed =>
        {
            var study = new Study(Conditional, new StudyOptions { Sampler = Sampler.Of(name), Seed = seed });
            var noise = new Random(seed);
            for (var i = 0; i < 50; i++)
            {
                var trial = study.Ask();
                study.Tell(trial.Number, Objective(trial.Configuration) + 0.02 * (noise.NextDouble() - 0.5));
            }

            return Objective(study.Best!.Configuration);
        }).Order().ElementAt(2) - 0.3;

        Median("auto").ShouldBeLessThan(0.5 * Median("random"));
    }

    [Fact]
    public void A_grid_is_walked_through_once_before_anything_repeats()
    {
        var space = new SearchSpace(new CategoricalParameter("a", ["x", "y"]), new IntParameter("b", 1, 3), new FloatParameter("c", 0, 1));
        var study = new Study(space, new StudyOptions { Sampler = new GridSampler(4) });
        string[] seen = [.. Enumerable.Range(0, 24).Select(_ => study.Ask().Configuration.ToString())];
        seen.Distinct().Count().ShouldBe(24);
        study.Trials.Select(trial => trial.Configuration.Float("c", -1)).Distinct().Order().ShouldBe([0, 1 / 3.0, 2 / 3.0, 1], 1e-9);
    }

    [Fact]
    public void A_Latin_hypercube_has_a_point_in_every_slice()
    {
        var study = new Study(new SearchSpace(new FloatParameter("a", 0, 1), new FloatParameter("b", 0, 1)), new StudyOptions { Sampler = new LatinHypercubeSampler(), Trials = 25 });
        for (var i = 0; i < 25; i++)
        {
            study.Ask();
        }

        foreach (var name in (string[])["a", "b"])
        {
            study.Trials.Select(trial => (int)(trial.Configuration.Float(name, 0) * 25)).Order().ShouldBe(Enumerable.Range(0, 25));
        }
    }

    [Fact]
    public void A_finite_space_is_not_tried_twice_while_anything_is_left()
    {
        var space = new SearchSpace(new IntParameter("a", 1, 5), new CategoricalParameter("b", ["x", "y", "z"]));
        var study = new Study(space);
        for (var i = 0; i < 14; i++)
        {
            var trial = study.Ask();
            study.Tell(trial.Number, trial.Configuration.Int("a", 0) + (trial.Configuration.Choice("b", "") == "y" ? 0 : 2));
        }

        study.Best!.Value.ShouldBe(1);
        study.Trials.Select(trial => trial.Configuration.ToString()).Distinct().Count().ShouldBeGreaterThan(12);
    }

    [Fact]
    public void Several_objectives_spread_along_the_front_and_constraints_are_kept()
    {
        foreach (var name in (string[])["auto", "nsga2", "tpe"])
        {
            var study = new Study(new SearchSpace(new FloatParameter("x", 0, 1), new FloatParameter("y", 0, 1), new FloatParameter("z", 0, 1)),
                new StudyOptions { Directions = [Direction.Minimize, Direction.Maximize], Sampler = Sampler.Of(name), Seed = 3 });
            for (var i = 0; i < 80; i++)
            {
                var trial = study.Ask();
                var (x, y, z) = (trial.Configuration.Float("x", 0), trial.Configuration.Float("y", 0), trial.Configuration.Float("z", 0));
                var far = (y - 0.5) * (y - 0.5) + (z - 0.5) * (z - 0.5);
                study.Tell(trial.Number, [x + far, Math.Sqrt(x) - far], [x - 0.9]);
            }

            var front = study.ParetoFront;
            front.ShouldAllBe(trial => trial.Constraints[0] <= 0);
            var volume = Pareto.Hypervolume([.. front.Select(trial => (double[])[trial.Values[0], -trial.Values[1]])], [1, 0]);
            volume.ShouldBeGreaterThan(0.5, name); // the whole front up to x = 0.9 has 0.664
        }
    }
}
