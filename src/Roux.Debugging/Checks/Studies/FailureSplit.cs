using System.Globalization;
using Roux.Tuning;

namespace Roux.Debugging.Checks.Studies;

/// <summary>The setting that tells failed trials from others best.</summary>
/// <param name="Parameter">Its name.</param>
/// <param name="Words">The values, such as <c>batch above 256</c>.</param>
/// <param name="Failed">Failed trials with them.</param>
/// <param name="Count">Trials with them.</param>
internal sealed record FailureSplit(string Parameter, string Words, int Failed, int Count)
{
    /// <summary>Tries every value of a choice and every cut of a number; <c>null</c> where chance would do as well.</summary>
    public static FailureSplit? Find(SearchSpace space, IReadOnlyList<Trial> trials)
    {
        var all = space.Parameters.SelectMany(parameter => Splits(parameter, trials)).ToArray();
        var total = trials.Count(trial => trial.State == TrialState.Failed);
        var best = all.Select(split => (Split: split, P: Chance(split.Failed, split.Count, total, trials.Count))).OrderBy(pair => pair.P).FirstOrDefault();
        return best.Split is not null && best.P * all.Length < 0.01 ? best.Split : null;
    }

    private static IEnumerable<FailureSplit> Splits(Parameter parameter, IReadOnlyList<Trial> trials)
    {
        var known = trials.Where(trial => trial.Configuration.ContainsKey(parameter.Name)).Select(trial => (Value: trial.Configuration[parameter.Name], Failed: trial.State == TrialState.Failed)).ToArray();
        if (parameter is CategoricalParameter)
        {
            foreach (var group in known.GroupBy(pair => Configuration.Format(pair.Value), StringComparer.Ordinal))
            {
                yield return new FailureSplit(parameter.Name, $"{parameter.Name} = {group.Key}", group.Count(pair => pair.Failed), group.Count());
            }

            yield break;
        }

        var sorted = known.Select(pair => (Value: Convert.ToDouble(pair.Value, CultureInfo.InvariantCulture), pair.Failed)).OrderBy(pair => pair.Value).ToArray();
        var below = 0;
        var failures = sorted.Count(pair => pair.Failed);
        for (var i = 1; i < sorted.Length; i++)
        {
            below += sorted[i - 1].Failed ? 1 : 0;
            if (sorted[i].Value > sorted[i - 1].Value)
            {
                yield return new FailureSplit(parameter.Name, string.Create(CultureInfo.InvariantCulture, $"{parameter.Name} up to {sorted[i - 1].Value:G4}"), below, i);
                yield return new FailureSplit(parameter.Name, string.Create(CultureInfo.InvariantCulture, $"{parameter.Name} from {sorted[i].Value:G4}"), failures - below, sorted.Length - i);
            }
        }
    }

    /// <summary>How likely so many or more failures are among so many trials drawn from all (Fisher's exact test, one-sided).</summary>
    private static double Chance(int failed, int count, int allFailed, int all)
    {
        double LogChoose(int n, int k) => k < 0 || k > n ? double.NegativeInfinity : MathNet.Numerics.SpecialFunctions.FactorialLn(n) - MathNet.Numerics.SpecialFunctions.FactorialLn(k) - MathNet.Numerics.SpecialFunctions.FactorialLn(n - k);
        var sum = 0.0;
        for (var k = failed; k <= Math.Min(count, allFailed); k++)
        {
            sum += Math.Exp(LogChoose(allFailed, k) + LogChoose(all - allFailed, count - k) - LogChoose(all, count));
        }

        return Math.Min(1, sum);
    }
}
