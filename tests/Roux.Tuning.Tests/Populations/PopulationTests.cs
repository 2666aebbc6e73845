using Roux.Tuning.Numerics;
using Shouldly;
using Xunit;

namespace Roux.Tuning.Tests.Populations;

public sealed class PopulationTests
{
    private static readonly SearchSpace Rate = new(new FloatParameter("rate", 1e-3, 1, Log: true));

    [Theory]
    [InlineData(Exploration.Perturb)]
    [InlineData(Exploration.Bandit)]
    public void It_beats_the_best_fixed_rate_of_random_search_at_equal_compute(Exploration exploration)
    {
        var (wins, seeds) = (0, 10);
        for (var seed = 0; seed < seeds; seed++)
        {
            var population = new Population(Rate, new PopulationOptions { Members = 10, Steps = 60, Interval = 3, Exploration = exploration, Seed = seed });
            Train(population);
            var study = new Study(Rate, new StudyOptions { Sampler = new RandomSampler(), Seed = seed });
            var best = Enumerable.Range(0, 10).Min(_ => Descend(1e4, study.Ask().Configuration, 60));
            wins += population.Best!.Value < best ? 1 : 0;
        }

        wins.ShouldBeGreaterThanOrEqualTo(8);
    }

    [Fact]
    public void The_schedule_of_the_best_goes_back_to_a_beginning_and_falls()
    {
        var population = new Population(Rate, new PopulationOptions { Members = 10, Steps = 60, Interval = 3, Seed = 1 });
        Train(population);
        var schedule = population.ScheduleOf(population.Best!.Number);
        schedule[0].From.ShouldBe(0);
        schedule[^1].To.ShouldBe(60);
        schedule.Zip(schedule.Skip(1)).ShouldAllBe(pair => pair.First.To == pair.Second.From);
        var variance = 1e4;
        foreach (var part in schedule)
        {
            variance = Descend(variance, part.Configuration, (int)(part.To - part.From));
            part.Value.ShouldBe(variance, 1e-9 * variance); // the schedule alone gives the same weights
        }

        schedule[^1].Configuration.Float("rate", 0).ShouldBeLessThan(0.5 * schedule[0].Configuration.Float("rate", 0));
        population.Segments.Count.ShouldBe(200);
        population.Segments.Where(segment => segment.IsCopy).ShouldAllBe(segment => population.Segments[segment.Parent!.Value].Member != segment.Member);
    }

    [Fact]
    public void Members_among_the_worst_take_over_one_of_the_best_and_the_others_go_on()
    {
        var population = new Population(Rate, new PopulationOptions { Members = 5, Steps = 4, Interval = 2, Share = 0.2, Direction = Direction.Maximize });
        for (var member = 0; member < 5; member++)
        {
            population.Ask()!.Member.ShouldBe(member);
        }

        population.Ask().ShouldBeNull(); // all are being trained
        for (var member = 0; member < 5; member++)
        {
            population.Tell(member, member == 2 ? double.NaN : member);
        }

        for (var member = 0; member < 5; member++)
        {
            var segment = population.Ask()!;
            (segment.Member, segment.Parent, segment.IsCopy, segment.From, segment.To).ShouldBe((member, member == 2 ? 4 : member, member == 2, 2, 4));
            (segment.Configuration.Equals(population.Segments[segment.Parent!.Value].Configuration)).ShouldBe(member != 2);
        }

        population.Tell(5, 7);
        population.Best!.Number.ShouldBe(5);
        Should.Throw<ArgumentException>(() => population.Tell(5, 7)).Message.ShouldContain("told before");
        Should.Throw<ArgumentException>(() => population.Tell(99, 7)).Message.ShouldContain("no such segment");
    }

    [Fact]
    public void What_goes_with_the_weights_is_kept()
    {
        var space = new SearchSpace(new IntParameter("units", 1, 100), new FloatParameter("rate", 0, 1), new CategoricalParameter("loss", ["a", "b"]), new OrdinalParameter("size", ["s", "m", "l"]));
        var population = new Population(space, new PopulationOptions { Members = 4, Steps = 40, Interval = 1, Kept = ["units"], Seed = 5 });
        var random = new Random(1);
        while (population.Ask() is { } segment)
        {
            population.Tell(segment.Number, random.NextDouble());
        }

        foreach (var segment in population.Segments.Where(segment => segment.Parent is not null))
        {
            space.Check(segment.Configuration);
            segment.Configuration.Int("units", 0).ShouldBe(population.Segments[segment.Parent!.Value].Configuration.Int("units", 0));
        }

        Should.Throw<ArgumentException>(() => new Population(space, new PopulationOptions { Steps = 4, Interval = 1, Kept = ["unit"] })).Message.ShouldContain("units");
        Should.Throw<ArgumentException>(() => new Population(space, new PopulationOptions { Steps = 4, Interval = 5 }));
        Should.Throw<ArgumentException>(() => new Population(space, new PopulationOptions { Steps = 4, Interval = 1, Members = 1 }));
    }

    [Fact]
    public void A_population_taken_up_after_a_crash_goes_on_as_it_would_have()
    {
        foreach (var exploration in (Exploration[])[Exploration.Perturb, Exploration.Bandit])
        {
            var options = new PopulationOptions { Members = 6, Steps = 30, Interval = 3, Exploration = exploration, Seed = 2 };
            var whole = new Population(Rate, options);
            Train(whole);
            var broken = new Population(Rate, options);
            broken.Restore(whole.Segments.Take(23));
            Train(broken);
            broken.Segments.ShouldBe(whole.Segments);
            var lost = new Population(Rate, options);
            lost.Restore([.. whole.Segments.Take(10), whole.Segments[10] with { State = SegmentState.Running, Value = double.NaN }]);
            var again = lost.Ask()!;
            (again.Member, again.Parent, again.Configuration).ShouldBe((whole.Segments[10].Member, whole.Segments[10].Parent, whole.Segments[10].Configuration));
            Should.Throw<ArgumentException>(() => new Population(Rate, options).Restore(whole.Segments.Skip(1)));
        }
    }

    [Fact]
    public async Task The_runner_trains_in_parallel_and_a_failing_member_goes_on_from_one_of_the_best()
    {
        var population = new Population(Rate, new PopulationOptions { Members = 8, Steps = 20, Interval = 2, Seed = 3 });
        await PopulationRunner.RunAsync(population, running =>
        {
            var from = (double?)running.Parent ?? 1e4;
            (running.Segment.Parent is null).ShouldBe(running.Parent is null);
            var variance = running.Segment.Number is 9 or 20 ? throw new InvalidOperationException("diverged") : Descend(from, running.Segment.Configuration, 2);
            running.Checkpoint = variance;
            return Task.FromResult(variance);
        }, parallel: 4, CancellationToken.None);
        population.Segments.Count(segment => segment.State == SegmentState.Failed).ShouldBe(2);
        population.Segments[9].Error.ShouldBe("diverged");
        population.Segments.Where(segment => segment.State == SegmentState.Done && segment.To == 20).Select(segment => segment.Member).Order().ShouldBe([0, 1, 2, 3, 4, 5, 6, 7]);
    }

    [Fact]
    public void A_member_that_always_fails_is_given_up()
    {
        var population = new Population(Rate, new PopulationOptions { Members = 3, Steps = 4, Interval = 2 });
        while (population.Ask() is { } segment)
        {
            population.Fail(segment.Number, "no");
        }

        population.Segments.Count.ShouldBe(9);
        population.Best.ShouldBeNull();
    }

    [Fact]
    public void The_fading_process_forgets_and_agrees_with_what_it_saw()
    {
        var random = new Random(4);
        double[][] points = [.. Enumerable.Range(0, 40).Select(_ => (double[])[random.NextDouble()])];
        double[] times = [.. Enumerable.Range(0, 40).Select(i => i / 4.0)];
        var still = FadingProcess.Fit(points, times, [.. points.Select(point => Math.Sin(6 * point[0]))]);
        still.Fading.ShouldBe(0);
        still.Predict([0.4], 10).Mean.ShouldBe(Math.Sin(2.4), 0.1);
        FadingProcess.Fit(points, times, [.. points.Select((point, i) => Math.Sin(6 * point[0] + times[i]))]).Fading.ShouldBeGreaterThan(0);
        var before = still.Predict([0.99], 30);
        var after = still.Believing([0.99], 30).Predict([0.99], 30);
        after.Mean.ShouldBe(before.Mean, 1e-6);
        after.Variance.ShouldBeLessThan(before.Variance);
    }

    private static void Train(Population population)
    {
        var weights = population.Segments.Where(segment => segment.State == SegmentState.Done).ToDictionary(segment => segment.Number, segment => segment.Value);
        while (population.Ask() is { } segment)
        {
            var value = Descend(segment.Parent is { } parent ? weights[parent] : 1e4, segment.Configuration, (int)(segment.To - segment.From));
            population.Tell(segment.Number, weights[segment.Number] = value);
        }
    }

    /// <summary>
    /// The expected squared error of stochastic gradient descent on a parabola with noise of variance 1: v becomes (1 - rate)² v + rate². A fixed
    /// rate is either slow or noisy; the best schedule falls as v / (v + 1).
    /// </summary>
    private static double Descend(double variance, Configuration configuration, int steps)
    {
        var rate = configuration.Float("rate", 0);
        for (var step = 0; step < steps; step++)
        {
            variance = (1 - rate) * (1 - rate) * variance + rate * rate;
        }

        return variance;
    }
}
