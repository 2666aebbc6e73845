namespace Roux.Tuning;

/// <summary>The order of parameters that depend on each other.</summary>
internal static class ParentsFirst
{
    /// <summary>Puts them in an order in which parents come before what depends on them, else as given.</summary>
    /// <exception cref="ArgumentException">A condition names no parameter or no value of one, or a parameter depends on itself.</exception>
    public static List<Parameter> Order(IReadOnlyList<Parameter> parameters)
    {
        var byName = new Dictionary<string, Parameter>(StringComparer.Ordinal);
        foreach (var parameter in parameters)
        {
            _ = byName.TryAdd(parameter.Name, parameter) ? true : throw Wrong(parameter.Name, "occurs twice");
        }

        var ordered = new List<Parameter>();
        var (done, under) = (new HashSet<string>(StringComparer.Ordinal), new List<string>());
        foreach (var parameter in parameters)
        {
            Add(parameter);
        }

        return ordered;

        void Add(Parameter parameter)
        {
            if (done.Contains(parameter.Name))
            {
                return;
            }

            if (under.Contains(parameter.Name))
            {
                throw Wrong(parameter.Name, $"depends on itself: {string.Join(" → ", under.SkipWhile(name => name != parameter.Name))} → {parameter.Name}");
            }

            under.Add(parameter.Name);
            foreach (var (parent, values) in parameter.When)
            {
                if (!byName.TryGetValue(parent, out var found))
                {
                    throw Wrong(parameter.Name, $"depends on '{parent}', which is no parameter; there are: {string.Join(", ", byName.Keys.Take(30))}");
                }

                if (found is CategoricalParameter categorical && values.FirstOrDefault(value => !categorical.Choices.Any(choice => Configuration.Format(choice) == value)) is { } odd)
                {
                    throw Wrong(parameter.Name, $"is active when '{parent}' is '{odd}', which is none of its choices: {string.Join(", ", categorical.Choices.Select(Configuration.Format))}");
                }

                Add(found);
            }

            under.RemoveAt(under.Count - 1);
            done.Add(parameter.Name);
            ordered.Add(parameter);
        }
    }

    private static ArgumentException Wrong(string name, string what) => new($"parameter '{name}' {what}");
}
