using Roux.Learning.Data;

namespace Roux.Learning.Existing;

/// <summary>Puts the numbers of a system into the order of the target's classes.</summary>
internal sealed class ClassOrder
{
    private readonly IReadOnlyList<string> classes;
    private readonly ClassLookup lookup;

    /// <summary>Per stated class its place in the target; <c>null</c> where the orders are the same.</summary>
    private readonly int[]? places;

    /// <param name="source">The system, as shown in errors.</param>
    /// <param name="classes">The target's classes.</param>
    /// <param name="stated">The system's classes in its order; empty for the target's order.</param>
    /// <exception cref="DataException">A class of the target is not among the stated ones.</exception>
    public ClassOrder(string source, IReadOnlyList<string> classes, IReadOnlyList<string> stated)
    {
        this.classes = classes;
        lookup = new ClassLookup(classes, []);
        if (stated.Count == 0 || classes.Count == 0)
        {
            return;
        }

        places = [.. stated.Select(lookup.Find)];
        if (classes.Where((_, k) => !places.Contains(k)).ToArray() is { Length: > 0 } absent)
        {
            throw new DataException($"{source}: --existing-classes leaves out {string.Join(", ", absent.Take(10).Select(name => $"'{name}'"))}; name every class of the target, in the system's order: {string.Join(", ", classes.Take(30))}");
        }
    }

    /// <summary>One number per class of the target. What a system gives to classes that the target does not have is left out, and the rest made to sum to 1.</summary>
    public double[] Arrange(double[] numbers)
    {
        if (places is null || numbers.Length != places.Length)
        {
            return numbers; // a wrong number of them is told when they are read
        }

        var outputs = new double[classes.Count];
        var lost = 0.0;
        for (var i = 0; i < numbers.Length; i++)
        {
            if (places[i] >= 0)
            {
                outputs[places[i]] = numbers[i];
            }
            else
            {
                lost += numbers[i];
            }
        }

        return Without(outputs, lost);
    }

    /// <summary>One number per class of the target from numbers by class name, also <c>p_CLASS</c>; <c>null</c> where no name is a class.</summary>
    public double[]? Arrange(IEnumerable<(string Name, double Value)> members)
    {
        var outputs = new double[classes.Count];
        var (found, lost) = (0, 0.0);
        foreach (var (name, value) in members)
        {
            var place = lookup.Find(name);
            place = place < 0 && name.StartsWith("p_", StringComparison.Ordinal) ? lookup.Find(name[2..]) : place;
            if (place >= 0)
            {
                outputs[place] = value;
                found++;
            }
            else
            {
                lost += value;
            }
        }

        return found == 0 ? null : Without(outputs, lost);
    }

    /// <summary>Where only some of the probability is lost, what is left is scaled up; where all is, every class is as likely.</summary>
    private static double[] Without(double[] outputs, double lost)
    {
        var kept = outputs.Sum();
        if (lost is <= 0 or > 1.01 || Math.Abs(kept + lost - 1) > 0.01)
        {
            return outputs;
        }

        return kept > 1e-12 ? Array.ConvertAll(outputs, value => value / kept) : Array.ConvertAll(outputs, _ => 1.0 / outputs.Length);
    }
}
