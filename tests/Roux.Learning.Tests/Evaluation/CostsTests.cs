using Roux.Learning.Data;
using Roux.Learning.Evaluation;
using Shouldly;
using Xunit;

namespace Roux.Learning.Tests.Evaluation;

public sealed class CostsTests
{
    private static readonly ModelMeasurement Measurement = new()
    {
        P50Microseconds = 100, P95Microseconds = 150, P99Microseconds = 200, MeanMicroseconds = 110, MaxMicroseconds = 900, Predictions = 1000, CpuMicroseconds = 120, RowsPerSecond = 20_000, BatchRows = 1000,
        AllocatedBytesPerRow = 500, Collections = 3, CollectionSeconds = 0.002, WarmUpSeconds = 1.2, Settled = true, ResidentBytes = 200_000_000, OwnProcess = true, ColdStartSeconds = 0.3, LoadSeconds = 0.1,
    };

    [Fact]
    public void Dominated_is_what_another_beats_in_one_and_equals_in_the_other()
    {
        var points = ParetoFront.Of([("dear", 0.9, 100), ("cheap", 0.8, 1), ("middle", 0.85, 10), ("waste", 0.84, 20), ("as good, dearer", 0.85, 11), ("as dear, worse", 0.79, 1)], higherIsBetter: true);
        points.Where(point => point.OnFront).Select(point => point.Name).ShouldBe(["dear", "cheap", "middle"]);
        points.Single(point => point.Name == "waste").DominatedBy.ShouldBe("middle");
        points.Single(point => point.Name == "as good, dearer").DominatedBy.ShouldBe("middle");
        points.Single(point => point.Name == "as dear, worse").DominatedBy.ShouldBe("cheap");
    }

    [Fact]
    public void Equals_stand_side_by_side()
    {
        var points = ParetoFront.Of([("a", 0.9, 5), ("b", 0.9, 5), ("c", 0.9, 6)], higherIsBetter: true);
        points.Select(point => point.OnFront).ShouldBe([true, true, false]);
        points[2].DominatedBy.ShouldBe("a");
    }

    [Fact]
    public void What_is_not_known_is_neither_on_the_front_nor_dominated_and_dominates_nothing()
    {
        var points = ParetoFront.Of([("unknown cost", 0.99, double.NaN), ("unknown quality", double.NaN, 0.1), ("known", 0.5, 3)], higherIsBetter: true);
        points.Select(point => point.OnFront).ShouldBe([false, false, true]);
        points.ShouldAllBe(point => point.DominatedBy == null);
        points[0].ToJson()["cost"].ShouldBeNull();
    }

    [Fact]
    public void For_errors_less_is_better()
    {
        var points = ParetoFront.Of([("small error", 1.0, 9), ("large error", 2.0, 9), ("cheap", 3.0, 1)], higherIsBetter: false);
        points.Select(point => point.OnFront).ShouldBe([true, false, true]);
    }

    [Fact]
    public void A_front_is_drawn_and_given_as_numbers()
    {
        var plot = Plots.ParetoFront(ParetoFront.Of([("a & b", 0.9, 100), ("c", 0.8, 1), ("d", 0.7, 5), ("e", 0.7, double.NaN)], true), true, "µs", "AUC", "Quality and latency");
        plot.Svg.ShouldStartWith("<svg");
        plot.Svg.ShouldContain("a &amp; b");
        plot.Numbers["points"]!.AsArray().Count.ShouldBe(4);
        plot.Numbers["points"]![2]!["dominated_by"]!.GetValue<string>().ShouldBe("c");
        Plots.ParetoFront([], true, "µs", "AUC", "Nothing").Svg.ShouldStartWith("<svg");
    }

    [Fact]
    public void Rates_turn_hours_bytes_and_watts_into_money()
    {
        var rates = Rates.Parse("""{"currency": "EUR", "cpu_hour": 0.36, "memory_gb_hour": 0.01, "kwh": 0.5, "watts_per_core": 20, "predictions_per_month": 30000000, "trainings_per_month": 2, "hours_per_month": 100,}""");

        // 30,000,000 x 120 µs is an hour of a core, which draws 20 W; 0.2 GB for 100 hours.
        rates.Serving(Measurement).ShouldBe(0.36 + 0.02 * 0.5 + 0.2 * 100 * 0.01, 1e-9);

        // Two hours of a core within half an hour, 3 GB meanwhile, 40 Wh.
        var fit = new FitCost(1800, 7200, 3_000_000_000, null, Energy.Estimate(7200, rates.WattsPerCore), true);
        fit.Energy!.WattHours.ShouldBe(40);
        rates.Training(fit).ShouldBe(2 * 0.36 + 3 * 0.5 * 0.01 + 0.04 * 0.5, 1e-9);
        rates.Monthly(fit, Measurement).ShouldBe(rates.Serving(Measurement) + 2 * rates.Training(fit), 1e-9);
        double.IsNaN(rates.Training(fit with { CpuSeconds = double.NaN, Energy = null })).ShouldBeTrue();
    }

    [Theory]
    [InlineData("""{"cpu_hours": 1}""", "did you mean 'cpu_hour'")]
    [InlineData("""{"cpu_hour": -1}""", "not a number from 0 up")]
    [InlineData("""{"cpu_hour": "1"}""", "not a number from 0 up")]
    [InlineData("""{"currency": 5}""", "short text")]
    [InlineData("[1]", "JSON object")]
    [InlineData("{", "not valid JSON")]
    [InlineData("""{"kwh": 1, "kwh": 2}""", "not valid JSON")]
    public void A_wrong_rate_file_is_told(string json, string expected) => Should.Throw<DataException>(() => Rates.Parse(json)).Message.ShouldContain(expected, Case.Insensitive);

    [Fact]
    public void A_limit_is_missed_by_a_known_figure_above_it_only()
    {
        var limits = new CostLimits { LatencySeconds = 0.002, SizeBytes = 1000, MemoryBytes = 5000 };
        limits.Misses(new CostFigures(0.002, 1000, 99, double.NaN, double.NaN, 99)).ShouldBeEmpty();
        var misses = limits.Misses(new CostFigures(0.004, 999, 99, 5001, 6000, 99));
        misses.Select(miss => miss.Limit).ShouldBe(["latency", "fit_memory", "memory"]);
        misses[0].Ratio.ShouldBe(2);
        new CostLimits().Any.ShouldBeFalse();
        new CostLimits { MonthlyCost = 0 }.Any.ShouldBeTrue();
    }

    [Fact]
    public void Quantiles_are_known_to_a_hundredth()
    {
        var times = new LatencyHistogram();
        for (var i = 1; i <= 100_000; i++)
        {
            times.Add(i * 37L);
        }

        times.Count.ShouldBe(100_000);
        times.Max.ShouldBe(3_700_000);
        foreach (var share in new[] { 0.001, 0.01, 0.5, 0.95, 0.99, 1 })
        {
            (times.Quantile(share) / (share * 3_700_000)).ShouldBe(1, 0.01);
        }

        double.IsNaN(new LatencyHistogram().Quantile(0.5)).ShouldBeTrue();
        var extreme = new LatencyHistogram();
        extreme.Add(-5);
        extreme.Add(long.MaxValue);
        extreme.Quantile(0.5).ShouldBe(0);
    }

    [Fact]
    public void A_measurement_survives_its_document()
    {
        ModelMeasurement.FromJson(Measurement.ToJson()).ShouldBe(Measurement);
        var inProcess = Measurement with { OwnProcess = false, ColdStartSeconds = null, LoadSeconds = null };
        ModelMeasurement.FromJson(inProcess.ToJson()).ShouldBe(inProcess);
        Should.Throw<InvalidDataException>(() => ModelMeasurement.FromJson(new System.Text.Json.Nodes.JsonObject { ["latency_us"] = 5 }));
        Should.Throw<InvalidDataException>(() => ModelMeasurement.FromJson(null));
    }

    [Fact]
    public void The_energy_counter_is_read_over_its_end()
    {
        var folder = Directory.CreateTempSubdirectory("roux-rapl-").FullName;
        try
        {
            new EnergyCounter(Path.Combine(folder, "none")).Read().ShouldBeNull();
            Package("intel-rapl:0", 900_000_000);
            Package("intel-rapl:0:0", 1);
            Package("intel-rapl:1", 0);
            var before = new EnergyCounter(folder).Read()!;
            before.Count.ShouldBe(2);
            Package("intel-rapl:0", 100_000_000);
            Package("intel-rapl:1", 3_400_000_000);
            EnergyCounter.WattHours(before, new EnergyCounter(folder).Read()!).ShouldBe((200 + 3400) / 3600.0, 1e-9);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }

        void Package(string name, long microjoules)
        {
            Directory.CreateDirectory(Path.Combine(folder, name));
            File.WriteAllText(Path.Combine(folder, name, "energy_uj"), $"{microjoules}\n");
            File.WriteAllText(Path.Combine(folder, name, "max_energy_range_uj"), "1000000000\n");
        }
    }
}
