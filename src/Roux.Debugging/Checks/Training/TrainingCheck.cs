using System.Text.Json.Nodes;
using Roux.Debugging.Findings;
using Roux.Tracking;

namespace Roux.Debugging.Checks.Training;

/// <summary>A check of a training.</summary>
public abstract class TrainingCheck : Check<TrainingSubject>
{
    /// <summary>The likely cause, where the check's finding has always the same.</summary>
    protected abstract string Cause { get; }

    /// <summary>What to do.</summary>
    protected abstract string Fix { get; }

    /// <summary>How to see that it helped.</summary>
    protected abstract string Verify { get; }

    /// <summary>Whether its verdict stands in the middle of a training, too.</summary>
    public virtual bool IsLive => false;

    /// <summary>Whether it tries things on the network rather than reading curves.</summary>
    public virtual bool IsProbe => false;

    /// <summary>A finding of this check.</summary>
    private protected Finding Found(Severity severity, string message, EvidencePlot? plot, params (string Name, JsonNode? Value)[] evidence)
    {
        var figures = new JsonObject();
        foreach (var (name, value) in evidence)
        {
            figures[name] = value;
        }

        if (plot is not null)
        {
            figures[EvidencePlot.Key] = plot.ToJson();
        }

        return new Finding(Name, severity, message) { Evidence = figures, Cause = Cause, Fix = Fix, Verify = Verify };
    }

    /// <summary>A number for evidence; what is not finite becomes its name, as JSON knows no such numbers.</summary>
    private protected static JsonNode Number(double value) =>
        double.IsFinite(value) ? JsonValue.Create(value) : JsonValue.Create(value.ToString(System.Globalization.CultureInfo.InvariantCulture))!;

    /// <summary>Names for evidence, at most 50.</summary>
    private protected static JsonArray Names(IEnumerable<string> names) => new([.. names.Take(50).Select(name => JsonValue.Create(name))]);

    /// <summary>The first few names, for a message.</summary>
    private protected static string Listed(IReadOnlyList<string> names) =>
        names.Count <= 3 ? string.Join(", ", names) : $"{string.Join(", ", names.Take(3))} and {names.Count - 3} more";

    /// <summary>A number to read: three digits.</summary>
    private protected static string Text(double value) => value.ToString("G3", System.Globalization.CultureInfo.InvariantCulture);
}
