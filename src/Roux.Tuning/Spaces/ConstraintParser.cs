using System.Globalization;

namespace Roux.Tuning;

/// <summary>A parser by recursive descent, which checks types as it goes.</summary>
internal sealed class ConstraintParser(string text, SearchSpace space)
{
    private const int Longest = 2_000;
    private const int Deepest = 50;
    private static readonly string[] Functions = ["min", "max", "abs", "sqrt", "log", "exp", "floor", "ceil"];

    private readonly List<(string Token, int At)> tokens = [];
    private int next;
    private int depth;

    private enum Kind
    {
        Number,
        Text,
        Truth,
    }

    private sealed record Node(Kind Kind, Func<Configuration, object?> Value);

    public Func<Configuration, object?> Parse()
    {
        if (text.Length > Longest)
        {
            throw new FormatException($"a constraint has at most {Longest:N0} characters, not {text.Length:N0}");
        }

        Split();
        var root = Or();
        return next < tokens.Count ? throw Wrong($"'{Token}' is not expected") : root.Kind == Kind.Truth ? root.Value : throw Wrong("it is no condition; compare with <, <=, >, >=, == or !=");
    }

    private string Token => next < tokens.Count ? tokens[next].Token : "";

    private void Split()
    {
        string[] operators = ["<=", ">=", "==", "!=", "&&", "||", "**", "<", ">", "+", "-", "*", "/", "%", "^", "(", ")", ",", "!"];
        for (var i = 0; i < text.Length;)
        {
            var start = i;
            if (char.IsWhiteSpace(text[i]))
            {
                i++;
                continue;
            }

            if (char.IsAsciiDigit(text[i]) || text[i] == '.')
            {
                while (i < text.Length && (char.IsAsciiLetterOrDigit(text[i]) || text[i] == '.' || (text[i] is '+' or '-' && text[i - 1] is 'e' or 'E')))
                {
                    i++;
                }
            }
            else if (char.IsLetter(text[i]) || text[i] == '_')
            {
                while (i < text.Length && (char.IsLetterOrDigit(text[i]) || text[i] is '_' or '.'))
                {
                    i++;
                }
            }
            else if (text[i] is '\'' or '"')
            {
                i = text.IndexOf(text[i], i + 1) + 1;
                i = i > 0 ? i : throw new FormatException($"constraint '{text}': a text without its closing quote at {start + 1}");
            }
            else
            {
                i += operators.FirstOrDefault(known => text.AsSpan(start).StartsWith(known, StringComparison.Ordinal))?.Length
                    ?? throw new FormatException($"constraint '{text}': '{text[i]}' at {i + 1} is not understood; there are numbers, 'texts', parameters, + - * / % ^, < <= > >= == !=, and, or, not, ( )");
            }

            tokens.Add((text[start..i], start));
        }
    }

    private Node Or()
    {
        var left = And();
        while (Take("or", "||"))
        {
            var (a, b) = (Truth(left), Truth(And()));
            left = new Node(Kind.Truth, c => (a(c), b(c)) switch { (true, _) or (_, true) => true, (null, _) or (_, null) => null, _ => false });
        }

        return left;
    }

    private Node And()
    {
        var left = Not();
        while (Take("and", "&&"))
        {
            var (a, b) = (Truth(left), Truth(Not()));
            left = new Node(Kind.Truth, c => (a(c), b(c)) switch { (false, _) or (_, false) => false, (null, _) or (_, null) => null, _ => true });
        }

        return left;
    }

    private Node Not()
    {
        if (!Take("not", "!"))
        {
            return Comparison();
        }

        using var level = Deeper();
        var operand = Truth(Not());
        return new Node(Kind.Truth, c => operand(c) is bool truth ? !truth : null);
    }

    private Node Comparison()
    {
        var left = Sum();
        foreach (var sign in (string[])["<=", ">=", "==", "!=", "<", ">"])
        {
            if (Take(sign))
            {
                var right = Sum();
                if (left.Kind != right.Kind || left.Kind != Kind.Number && sign is not ("==" or "!="))
                {
                    throw Wrong($"'{sign}' cannot compare {Name(left.Kind)} with {Name(right.Kind)}");
                }

                return new Node(Kind.Truth, c => left.Value(c) is { } a && right.Value(c) is { } b ? Compare(sign, a, b) : null);
            }
        }

        return left;
    }

    private static bool Compare(string sign, object a, object b) => sign switch
    {
        "==" => a.Equals(b),
        "!=" => !a.Equals(b),
        "<" => (double)a < (double)b,
        "<=" => (double)a <= (double)b,
        ">" => (double)a > (double)b,
        _ => (double)a >= (double)b,
    };

    private Node Sum()
    {
        var left = Product();
        while (Token is "+" or "-")
        {
            var sign = Token;
            next++;
            left = Calculate(left, Product(), sign == "+" ? (a, b) => a + b : (a, b) => a - b);
        }

        return left;
    }

    private Node Product()
    {
        var left = Power();
        while (Token is "*" or "/" or "%")
        {
            var sign = Token;
            next++;
            left = Calculate(left, Power(), sign == "*" ? (a, b) => a * b : sign == "/" ? (a, b) => a / b : (a, b) => a % b);
        }

        return left;
    }

    private Node Power()
    {
        if (Take("-"))
        {
            using var deeper = Deeper();
            return Calculate(new Node(Kind.Number, _ => 0.0), Power(), (a, b) => a - b);
        }

        var left = Primary();
        if (!Take("^", "**"))
        {
            return left;
        }

        using var level = Deeper();
        return Calculate(left, Power(), Math.Pow);
    }

    private Node Primary()
    {
        if (next >= tokens.Count)
        {
            throw Wrong("it ends too early");
        }

        var token = Token;
        next++;
        if (token == "(")
        {
            using var level = Deeper();
            var inner = Or();
            return Take(")") ? inner : throw Wrong("a ')' is missing");
        }

        if (token[0] is '\'' or '"')
        {
            return new Node(Kind.Text, _ => token[1..^1]);
        }

        if (char.IsAsciiDigit(token[0]) || token[0] == '.')
        {
            return double.TryParse(token, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? new Node(Kind.Number, _ => number) : throw Wrong($"'{token}' is no number");
        }

        return token is "true" or "false" ? new Node(Kind.Truth, _ => token == "true") : Token == "(" && Functions.Contains(token) ? Call(token) : Named(token);
    }

    private Node Call(string function)
    {
        using var level = Deeper();
        next++;
        var arguments = new List<Func<Configuration, object?>> { Number(Or()) };
        while (Take(","))
        {
            arguments.Add(Number(Or()));
        }

        if (!Take(")") || function is not ("min" or "max") && arguments.Count != 1)
        {
            throw Wrong($"{function} takes {(function is "min" or "max" ? "numbers" : "one number")} in parentheses");
        }

        return new Node(Kind.Number, c =>
        {
            double[] values = [.. arguments.Select(argument => argument(c)).OfType<double>()];
            return values.Length < arguments.Count ? null : function switch
            {
                "min" => values.Min(), "max" => values.Max(), "abs" => Math.Abs(values[0]), "sqrt" => Math.Sqrt(values[0]),
                "log" => Math.Log(values[0]), "exp" => Math.Exp(values[0]), "floor" => Math.Floor(values[0]), _ => (object)Math.Ceiling(values[0]),
            };
        });
    }

    private Node Named(string name)
    {
        var parameter = space.Parameters.FirstOrDefault(parameter => parameter.Name == name)
            ?? throw Wrong($"'{name}' is no parameter; there are: {string.Join(", ", space.Parameters.Take(30).Select(known => known.Name))}{(tokens.Count > next && Token == "(" ? $"; and functions: {string.Join(", ", Functions)}" : "")}");
        var kind = parameter is not CategoricalParameter { Choices: var choices } || choices.All(choice => choice is double or long) ? Kind.Number : choices.All(choice => choice is bool) ? Kind.Truth : Kind.Text;
        return new Node(kind, c => !c.TryGetValue(name, out var value) ? null : kind switch
        {
            Kind.Number => Convert.ToDouble(value, CultureInfo.InvariantCulture),
            Kind.Truth => value,
            _ => Configuration.Format(value),
        });
    }

    private Node Calculate(Node left, Node right, Func<double, double, double> operation)
    {
        var (a, b) = (Number(left), Number(right));
        return new Node(Kind.Number, c => a(c) is double x && b(c) is double y ? operation(x, y) : null);
    }

    private Func<Configuration, object?> Number(Node node) => node.Kind == Kind.Number ? node.Value : throw Wrong($"{Name(node.Kind)} stands where a number is needed");

    private Func<Configuration, object?> Truth(Node node) => node.Kind == Kind.Truth ? node.Value : throw Wrong($"{Name(node.Kind)} stands where a condition is needed");

    private bool Take(params ReadOnlySpan<string> wanted)
    {
        if (next >= tokens.Count || !wanted.Contains(Token))
        {
            return false;
        }

        next++;
        return true;
    }

    private Level Deeper() => ++depth > Deepest ? throw new FormatException($"constraint: more than {Deepest} levels") : new Level(this);

    private static string Name(Kind kind) => kind switch { Kind.Number => "a number", Kind.Text => "a text", _ => "a condition" };

    private FormatException Wrong(string what) => new($"constraint '{text}': {what}{(next > 0 && next <= tokens.Count ? $" (at {tokens[next - 1].At + 1})" : "")}");

    private readonly struct Level(ConstraintParser parser) : IDisposable
    {
        public void Dispose() => parser.depth--;
    }
}
