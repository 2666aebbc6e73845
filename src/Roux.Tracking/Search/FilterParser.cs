using System.Globalization;

namespace Roux.Tracking.Search;

/// <summary>
/// Parses MLflow's filter strings (mlflow.org, "Search Runs") into a tree: conditions joined by AND. Beyond MLflow, params and tags take
/// IN and NOT IN, everything takes IS NULL and IS NOT NULL, and a doubled quote stands for itself.
/// </summary>
internal sealed class FilterParser
{
    private static readonly Dictionary<string, Comparator> Operators = new(StringComparer.Ordinal)
    {
        ["="] = Comparator.Equal,
        ["!="] = Comparator.NotEqual,
        ["<"] = Comparator.Less,
        ["<="] = Comparator.LessOrEqual,
        [">"] = Comparator.Greater,
        [">="] = Comparator.GreaterOrEqual,
    };

    private readonly List<Token> tokens;
    private readonly Vocabulary vocabulary;
    private int at;

    private FilterParser(string text, Vocabulary vocabulary)
    {
        tokens = Lexer.Read(text);
        this.vocabulary = vocabulary;
    }

    private Token Current => tokens[at];

    /// <exception cref="TrackingException">It is not understood; the message begins as MLflow's does.</exception>
    public static Filter ParseFilter(string text) => ParseFilter(text, Vocabulary.Runs);

    /// <exception cref="TrackingException">It is not understood; the message begins as MLflow's does.</exception>
    public static Filter ParseFilter(string text, Vocabulary vocabulary)
    {
        var parser = new FilterParser(text, vocabulary);
        try
        {
            return parser.All();
        }
        catch (TrackingException exception) when (exception is not FilterException)
        {
            // What is wrong is the token that was read last.
            throw new FilterException(parser.tokens[Math.Max(0, parser.at - 1)].Start, exception.Message);
        }
    }

    /// <exception cref="TrackingException">It is not understood.</exception>
    public static OrderKey ParseOrder(string text) => ParseOrder(text, Vocabulary.Runs);

    /// <exception cref="TrackingException">It is not understood.</exception>
    public static OrderKey ParseOrder(string text, Vocabulary vocabulary)
    {
        var parser = new FilterParser(text, vocabulary);
        var field = parser.Field();
        var descending = parser.Current.IsWord("DESC");
        if (descending || parser.Current.IsWord("ASC"))
        {
            parser.at++;
        }

        if (parser.Current.Kind != TokenKind.End)
        {
            throw new TrackingException($"Invalid order_by clause '{text}'; write a field, then ASC or DESC, such as 'metrics.acc DESC'");
        }

        return field.Kind == FieldKind.Dataset
            ? throw new TrackingException($"Invalid order_by entity type 'dataset' in '{text}'; order by metrics., params., tags. or attributes.")
            : new OrderKey(field, descending);
    }

    private Filter All()
    {
        var conditions = new List<Condition>();
        if (Current.Kind == TokenKind.End)
        {
            return new Filter(conditions);
        }

        while (true)
        {
            conditions.Add(Condition());
            if (Current.Kind == TokenKind.End)
            {
                return new Filter(conditions);
            }

            if (!Current.IsWord("AND"))
            {
                throw Invalid(Current, "join conditions with AND; OR, NOT and brackets are not part of this language, 'roux query' takes full SQL");
            }

            at++;
        }
    }

    private Condition Condition()
    {
        var field = Field();
        var comparator = ReadComparator();
        if (comparator is Comparator.IsNull or Comparator.IsNotNull)
        {
            return new Condition(field, comparator);
        }

        if (field.IsNumeric)
        {
            return new Condition(field, comparator, Number(field, comparator));
        }

        if (comparator is Comparator.In or Comparator.NotIn)
        {
            if (!vocabulary.KeyedLists && field.Kind is FieldKind.Param or FieldKind.Tag)
            {
                throw NoText(field, Current.Kind == TokenKind.Open ? string.Concat(tokens.Skip(at).TakeWhile(token => token.Kind != TokenKind.End).Select(token => token.Written)) : Current.Written);
            }

            return new Condition(field, comparator, Texts: List(field));
        }

        var text = Text(field);
        return comparator is Comparator.Less or Comparator.LessOrEqual or Comparator.Greater or Comparator.GreaterOrEqual
            ? throw new TrackingException($"Invalid comparator '{Search.Condition.Symbol(comparator)}' for {field}: texts take =, !=, LIKE, ILIKE, IN and NOT IN; only metrics and times are numbers")
            : new Condition(field, comparator, Text: Normalize(field, comparator, text));
    }

    private Field Field()
    {
        var token = Current;
        if (token.Kind != TokenKind.Word)
        {
            throw Invalid(token, "a condition begins with a field such as metrics.acc, params.lr, tags.team or attributes.status");
        }

        at++;
        var dot = token.Content.IndexOf('.', StringComparison.Ordinal);
        if (dot < 0)
        {
            return Attribute(token, token.Content);
        }

        var (entity, key) = (token.Content[..dot], token.Content[(dot + 1)..]);
        if (key.Length == 0)
        {
            if (Current.Kind is not (TokenKind.BackQuoted or TokenKind.DoubleQuoted) || Current.Content.Length == 0)
            {
                throw Invalid(token, "a key is missing after the dot");
            }

            key = Current.Content;
            at++;
        }

        var kind = entity.ToUpperInvariant() switch
        {
            "METRIC" or "METRICS" => FieldKind.Metric,
            "PARAM" or "PARAMS" or "PARAMETER" or "PARAMETERS" => FieldKind.Param,
            "TAG" or "TAGS" => FieldKind.Tag,
            "ATTR" or "ATTRIBUTE" or "ATTRIBUTES" or "RUN" => FieldKind.Attribute,
            "DATASET" or "DATASETS" => FieldKind.Dataset,
            _ => (FieldKind?)null,
        };
        return kind switch
        {
            FieldKind.Attribute => Attribute(token, key),
            null => throw InvalidEntity(entity),
            { } named when !vocabulary.Kinds.Contains(named) => throw InvalidEntity(entity),
            FieldKind.Tag => Tag(key),
            FieldKind.Dataset => Dataset(key),
            _ => new Field(kind.Value, key),
        };
    }

    private TrackingException InvalidEntity(string entity)
    {
        (FieldKind Kind, string Name)[] all = [(FieldKind.Metric, "metric"), (FieldKind.Param, "parameter"), (FieldKind.Tag, "tag"), (FieldKind.Attribute, "attribute"), (FieldKind.Dataset, "dataset")];
        var valid = all.Where(entry => entry.Kind == FieldKind.Attribute || vocabulary.Kinds.Contains(entry.Kind)).Select(entry => $"'{entry.Name}'");
        return new TrackingException($"Invalid entity type '{entity}'. Valid values are {{{string.Join(", ", valid)}}}; a key with a dot goes in back quotes after one of these");
    }

    /// <summary>MLflow keeps names and parents in tags; here they are attributes.</summary>
    private Field Tag(string key) => key switch
    {
        _ when !vocabulary.IsRuns => new Field(FieldKind.Tag, key),
        "mlflow.runName" => new Field(FieldKind.Attribute, "run_name"),
        "mlflow.parentRunId" => new Field(FieldKind.Attribute, "parent_run_id"),
        _ => new Field(FieldKind.Tag, key),
    };

    private Field Attribute(Token token, string key) => vocabulary.IsRuns ? RunAttribute(token, key) : OtherAttribute(token, key);

    private Field OtherAttribute(Token token, string key)
    {
        var name = vocabulary.Synonyms.GetValueOrDefault(key, key);
        if (vocabulary.Attributes.Contains(name, StringComparer.Ordinal))
        {
            return new Field(FieldKind.Attribute, name);
        }

        throw Current.Kind == TokenKind.End
            ? Invalid(token, "write a condition such as name = 'x'")
            : new TrackingException($"Invalid attribute key '{key}' specified. Valid keys are '{{{string.Join(", ", vocabulary.Attributes.Select(valid => $"'{valid}'"))}}}'");
    }

    private Field RunAttribute(Token token, string key)
    {
        var name = key switch
        {
            "Created" or "created" => "start_time",
            "Run" or "run" when Current.IsWord("name") => "run_name",
            _ => key,
        };
        if (name == "run_name" && key is "Run" or "run")
        {
            at++;
        }

        if (Search.Attributes.Numeric.Contains(name) || Search.Attributes.Text.Contains(name))
        {
            return new Field(FieldKind.Attribute, name);
        }

        if (name == "user_id")
        {
            return new Field(FieldKind.Tag, "mlflow.user");
        }

        // A word alone is no condition at all: MLflow complains about the clause, not about the name.
        throw Current.Kind == TokenKind.End
            ? Invalid(token, "write a condition such as metrics.acc > 0.9")
            : new TrackingException($"Invalid attribute key '{key}' specified. Valid keys are '{{{string.Join(", ", vocabulary.Attributes.Select(valid => $"'{valid}'"))}}}'; metrics, params and tags need their prefix, such as metrics.{key}");
    }

    private static Field Dataset(string key) => Search.Attributes.Dataset.Contains(key)
        ? new Field(FieldKind.Dataset, key)
        : throw new TrackingException($"Invalid dataset key '{key}' specified. Valid keys are '{{'name', 'digest', 'context'}}'");

    private Comparator ReadComparator()
    {
        var token = Current;
        at++;
        if (token.Kind == TokenKind.Operator)
        {
            return Operators[token.Content];
        }

        if (token.IsWord("LIKE"))
        {
            return Comparator.Like;
        }

        if (token.IsWord("ILIKE"))
        {
            return Comparator.ILike;
        }

        if (token.IsWord("IN"))
        {
            return Comparator.In;
        }

        var negated = token.IsWord("NOT");
        if (negated && Current.IsWord("IN"))
        {
            at++;
            return Comparator.NotIn;
        }

        if (token.IsWord("IS"))
        {
            negated = Current.IsWord("NOT");
            at += negated ? 1 : 0;
            if (Current.IsWord("NULL"))
            {
                at++;
                return negated ? Comparator.IsNotNull : Comparator.IsNull;
            }
        }

        throw Invalid(token, "after the field comes =, !=, <, <=, >, >=, LIKE, ILIKE, IN (…), NOT IN (…), IS NULL or IS NOT NULL");
    }

    private double Number(Field field, Comparator comparator)
    {
        var token = Current;
        var what = field.Kind == FieldKind.Metric ? "metric" : $"numeric attribute: {field.Key}";
        if (token.Kind != TokenKind.Number
            || !double.TryParse(token.Content, NumberStyles.Float, CultureInfo.InvariantCulture, out var number))
        {
            throw new FilterException(token.Start, $"Expected numeric value type for {what}. Found {token.Written}");
        }

        if (comparator is Comparator.Like or Comparator.ILike or Comparator.In or Comparator.NotIn)
        {
            throw new TrackingException($"Invalid comparator '{Search.Condition.Symbol(comparator)}' for {field}: numbers take =, !=, <, <=, > and >=");
        }

        at++;
        return number;
    }

    private string Text(Field field)
    {
        var token = Current;
        if (token.Kind is not (TokenKind.Text or TokenKind.DoubleQuoted))
        {
            throw new FilterException(token.Start, NoText(field, token.Written).Message);
        }

        at++;
        return token.Content;
    }

    private static TrackingException NoText(Field field, string written)
    {
        var what = field.Kind switch { FieldKind.Param => "parameter", FieldKind.Tag => "tag", FieldKind.Dataset => "dataset", _ => "attribute" };
        return new TrackingException($"Expected a quoted string value for {what} (e.g. 'my-value'). Got value {written}");
    }

    private List<string> List(Field field)
    {
        if (Current.Kind != TokenKind.Open)
        {
            throw Invalid(Current, "IN takes a list such as ('a', 'b')");
        }

        var texts = new List<string>();
        do
        {
            at++;
            texts.Add(Normalize(field, Comparator.In, Text(field)));
        }
        while (Current.Kind == TokenKind.Comma);

        if (Current.Kind != TokenKind.Close)
        {
            throw Invalid(Current, "a list ends with ')'");
        }

        at++;
        return texts;
    }

    /// <summary>Statuses are written in capitals.</summary>
    private static string Normalize(Field field, Comparator comparator, string text) =>
        field is { Kind: FieldKind.Attribute, Key: "status" } && comparator is not (Comparator.Like or Comparator.ILike) ? text.ToUpperInvariant() : text;

    private static FilterException Invalid(Token token, string hint) => new(token.Start, $"Invalid clause(s) in filter string: '{token.Written}'; {hint}");
}
