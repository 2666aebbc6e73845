using System.Globalization;
using System.Reflection;

namespace Roux.Tuning;

/// <summary>Search spaces and configurations as records with attributes.</summary>
internal static class TypedSpace
{
    /// <summary>The space that a type describes.</summary>
    public static SearchSpace Of(Type type)
    {
        var members = Members(type);
        var names = members.ToDictionary(member => member.Member, member => member.Name, StringComparer.OrdinalIgnoreCase);
        var parameters = members.Select(member => member.Attribute.Describe(member.Name, member.Type) with
        {
            When = member.When.ToDictionary(when => names.GetValueOrDefault(when.Parent, when.Parent),
                when => (IReadOnlyList<string>)[.. when.Values.Select(value => value is Enum ? value.ToString()! : Configuration.Format(value))], StringComparer.Ordinal),
        }).ToList();
        return parameters.Count > 0 ? new SearchSpace(ParentsFirst.Order(parameters))
            : throw new ArgumentException($"{type.Name} has no parameter or property with [Float], [Int], [Categorical] or [Ordinal]", nameof(type));
    }

    /// <summary>A configuration as an object; what is inactive there keeps its default value.</summary>
    public static object Make(Type type, Configuration configuration)
    {
        var names = Members(type).ToDictionary(member => member.Member, member => member.Name, StringComparer.OrdinalIgnoreCase);
        var constructor = Constructor(type);
        var arguments = constructor.GetParameters().Select(parameter => names.TryGetValue(parameter.Name!, out var name) && configuration.TryGetValue(name, out var value)
            ? To(parameter.ParameterType, name, value)
            : parameter.HasDefaultValue ? parameter.DefaultValue
            : names.ContainsKey(parameter.Name!) ? Default(parameter.ParameterType)
            : throw new ArgumentException($"{type.Name}: '{parameter.Name}' is no hyperparameter and has no default value", nameof(type)));
        var made = constructor.Invoke([.. arguments]);
        var given = constructor.GetParameters().Select(parameter => parameter.Name!).ToHashSet(StringComparer.OrdinalIgnoreCase);
        foreach (var property in type.GetProperties().Where(property => property.CanWrite && !given.Contains(property.Name)))
        {
            if (names.TryGetValue(property.Name, out var name) && configuration.TryGetValue(name, out var value))
            {
                property.SetValue(made, To(property.PropertyType, name, value));
            }
        }

        return made;
    }

    /// <summary>The choices of a categorical dimension.</summary>
    public static IReadOnlyList<object> Choices(string name, object[] given, Type type)
    {
        var plain = Nullable.GetUnderlyingType(type) ?? type;
        return given.Length > 0 ? [.. given.Select(choice => choice is Enum ? choice.ToString()! : choice is int or long or float or double or string or bool ? Widened(choice)
                : throw new ArgumentException($"'{name}': a choice is a text, a number or a truth value, not {choice?.GetType().Name ?? "null"}", nameof(given)))]
            : plain.IsEnum ? [.. Enum.GetNames(plain)]
            : plain == typeof(bool) ? [false, true]
            : throw new ArgumentException($"'{name}' needs choices: [Categorical(\"a\", \"b\")]", nameof(given));
    }

    private static object Widened(object choice) => choice switch { int number => (long)number, float number => (double)number, _ => choice };

    private static ConstructorInfo Constructor(Type type) => type.GetConstructors().Where(constructor => constructor.GetParameters() is not [{ } only] || only.ParameterType != type)
        .MaxBy(constructor => constructor.GetParameters().Length) ?? throw new ArgumentException($"{type.Name} has no public constructor", nameof(type));

    private static List<(string Member, string Name, Type Type, ParameterAttribute Attribute, IReadOnlyList<WhenAttribute> When)> Members(Type type)
    {
        var members = new List<(string Member, string Name, Type Type, ParameterAttribute Attribute, IReadOnlyList<WhenAttribute> When)>();
        foreach (var parameter in Constructor(type).GetParameters())
        {
            Add(parameter.Name!, parameter.ParameterType, parameter.GetCustomAttributes());
        }

        foreach (var property in type.GetProperties())
        {
            Add(property.Name, property.PropertyType, property.GetCustomAttributes());
        }

        return members;

        void Add(string member, Type memberType, IEnumerable<Attribute> attributes)
        {
            var all = attributes.ToList();
            if (all.OfType<ParameterAttribute>().ToList() is { Count: > 0 } found && !members.Exists(other => string.Equals(other.Member, member, StringComparison.OrdinalIgnoreCase)))
            {
                members.Add(found.Count == 1 ? (member, found[0].Name ?? member, memberType, found[0], [.. all.OfType<WhenAttribute>()])
                    : throw new ArgumentException($"'{member}' has {found.Count} kinds; one is wanted", nameof(type)));
            }
        }
    }

    private static object? To(Type type, string name, object value)
    {
        var plain = Nullable.GetUnderlyingType(type) ?? type;
        try
        {
            return plain.IsEnum ? Enum.Parse(plain, Configuration.Format(value)) : Convert.ChangeType(value, plain, CultureInfo.InvariantCulture);
        }
        catch (Exception e) when (e is FormatException or InvalidCastException or OverflowException or ArgumentException)
        {
            throw new ArgumentException($"'{name}': {Configuration.Format(value)} is no {plain.Name}", nameof(value), e);
        }
    }

    private static object? Default(Type type) => type.IsValueType ? Activator.CreateInstance(type) : null;
}
