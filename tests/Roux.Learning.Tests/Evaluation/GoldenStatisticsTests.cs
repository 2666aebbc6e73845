using System.Text.Json.Nodes;
using Roux.Learning.Evaluation.Statistics;
using Shouldly;
using Xunit;

namespace Roux.Learning.Tests.Evaluation;

/// <summary>Statistical tests against values that SciPy computed.</summary>
public sealed class GoldenStatisticsTests
{
    [Fact]
    public void All_cases_match()
    {
        var golden = new Golden();
        var cases = Golden.Cases("statistics.json");
        var number = 0;
        foreach (var item in cases)
        {
            var before = golden.Compared;
            Check(golden, item!, $"case {number} {item!["test"]}");
            golden.Compared.ShouldBeGreaterThan(before, $"case {number} {item["test"]} compared nothing");
            number++;
        }

        golden.Verify();
        cases.Count.ShouldBeGreaterThanOrEqualTo(32);
    }

    private static void Check(Golden golden, JsonNode item, string what)
    {
        double[] A() => Golden.Numbers(item["a"]);
        double[] B() => Golden.Numbers(item["b"]);
        switch (item["test"]!.ToString())
        {
            case "paired_t":
                Compare(golden, item, what, PairedTests.T(A(), B()));
                break;
            case "wilcoxon_signed_rank":
                Compare(golden, item, what, PairedTests.Wilcoxon(A(), B()));
                break;
            case "corrected_resampled_t":
                Compare(golden, item, what, PairedTests.CorrectedResampledT(A(), B(), item["test_train_ratio"]!.GetValue<double>()));
                break;
            case "mcnemar_exact":
                Compare(golden, item, what, PairedTests.McNemar(item["only_a_right"]!.GetValue<int>(), item["only_b_right"]!.GetValue<int>()));
                break;
            case "friedman":
                Compare(golden, item, what, RankTests.Friedman([.. item["rows_are_treatments"]!.AsArray().Select(Golden.Numbers)]));
                break;
            case "kolmogorov_smirnov_2samp":
                Compare(golden, item, what, DistributionTests.KolmogorovSmirnov(A(), B()));
                break;
            case "mann_whitney_u":
                Compare(golden, item, what, RankTests.MannWhitney(A(), B()));
                break;
            case "pearson":
                Compare(golden, item, what, Correlation.Pearson(A(), B()));
                break;
            case "spearman":
                Compare(golden, item, what, Correlation.Spearman(A(), B()));
                break;
            case "kendall_tau_b":
                Compare(golden, item, what, Correlation.KendallTauB(A(), B()));
                break;
            default:
                CheckOther(golden, item, what);
                break;
        }
    }

    private static void CheckOther(Golden golden, JsonNode item, string what)
    {
        var expected = item["expected"]!;
        switch (item["test"]!.ToString())
        {
            case "chi_square_independence":
                var (statistic, p, freedom) = DistributionTests.ChiSquareIndependence([.. item["table"]!.AsArray().Select(Golden.Numbers)]);
                Compare(golden, item, what, new TestStatistic(statistic, p));
                golden.Compare($"{what} dof", freedom, expected["dof"]!.GetValue<int>());
                break;
            case "holm_adjust":
                golden.Compare(what, MultipleTesting.Holm(Golden.Numbers(item["p_values"])), Golden.Numbers(expected));
                break;
            case "benjamini_hochberg_adjust":
                golden.Compare(what, MultipleTesting.BenjaminiHochberg(Golden.Numbers(item["p_values"])), Golden.Numbers(expected));
                break;
            case "proportion_interval_95":
                var (successes, n) = (item["successes"]!.GetValue<int>(), item["n"]!.GetValue<int>());
                var (wilsonLow, wilsonHigh) = Proportion.Wilson(successes, n);
                var (exactLow, exactHigh) = Proportion.ClopperPearson(successes, n);
                golden.Compare($"{what} wilson", [wilsonLow, wilsonHigh], Golden.Numbers(expected["wilson"]));
                golden.Compare($"{what} clopper_pearson", [exactLow, exactHigh], Golden.Numbers(expected["clopper_pearson"]));
                break;
            case "fleiss_kappa":
                golden.Compare(what, Agreement.FleissKappa([.. item["ratings_rows_are_items"]!.AsArray().Select(Golden.Integers)]), expected.GetValue<double>());
                break;
            case "population_stability_index":
                golden.Compare(what, PopulationStability.Index(Golden.Numbers(item["reference"]), Golden.Numbers(item["current"])), expected.GetValue<double>());
                break;
            case "mutual_information_discrete_nats":
                golden.Compare(what, Agreement.MutualInformation(Golden.Integers(item["a"]), Golden.Integers(item["b"])), expected.GetValue<double>());
                break;
            default:
                Assert.Fail($"{what}: no such test is known here");
                break;
        }
    }

    private static void Compare(Golden golden, JsonNode item, string what, TestStatistic result)
    {
        if (item["expected"]!["statistic"] is { } statistic)
        {
            golden.Compare($"{what} statistic", result.Statistic, statistic.GetValue<double>());
        }

        golden.Compare($"{what} p", result.PValue, item["expected"]!["p_value"]!.GetValue<double>());
    }
}
