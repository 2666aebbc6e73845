using System.Text.Json.Nodes;
using Roux.Debugging.Findings;
using Roux.Learning.Evaluation.Assumptions;
using Roux.Tracking;

namespace Roux.Debugging.Checks.Theory;

/// <summary>A check of what a learner takes for granted. A violated assumption never makes results untrue by itself: the findings are at most of medium severity.</summary>
public abstract class TheoryCheck : Check<LearnerSubject>
{
    /// <summary>The findings that an assumption of the audit makes.</summary>
    /// <param name="subject">The learner.</param>
    /// <param name="words">Beginning of the assumption's words.</param>
    /// <param name="violated">Severity where it is violated.</param>
    /// <param name="doubtful">Severity where it is doubtful; <c>null</c>: none.</param>
    /// <param name="cause">The likely cause.</param>
    /// <param name="verify">How to see that it is better.</param>
    private protected IEnumerable<Finding> FromAudit(LearnerSubject subject, string words, Severity violated, Severity? doubtful, string cause, string verify)
    {
        if (subject.Assumption(words) is not { } check || (check.Status == AssumptionStatus.Violated ? violated : check.Status == AssumptionStatus.Doubtful ? doubtful : null) is not { } severity)
        {
            yield break;
        }

        var value = double.IsFinite(check.Value) ? JsonValue.Create(check.Value) : null;
        yield return new Finding(Name, severity, $"{subject.Name} takes for granted that {check.Assumption}: {Small(check.Message)}")
        {
            Columns = [.. check.Columns.Select(Source(subject)).Distinct(StringComparer.Ordinal)],
            Evidence = new JsonObject { ["learner"] = subject.Name, ["statistic"] = check.Statistic, ["value"] = value, ["bounds"] = check.Bounds },
            Cause = cause,
            Fix = check.Advice,
            Verify = verify,
        };
    }

    /// <summary>Evidence with a plot.</summary>
    private protected static JsonObject Evidence(EvidencePlot plot, params (string Name, JsonNode? Value)[] facts)
    {
        var evidence = new JsonObject();
        foreach (var (name, value) in facts)
        {
            evidence[name] = value;
        }

        evidence[EvidencePlot.Key] = plot.ToJson();
        return evidence;
    }

    private static string Small(string message) => message.Length > 1 && char.IsUpper(message[0]) && char.IsLower(message[1]) ? char.ToLowerInvariant(message[0]) + message[1..] : message;

    /// <summary>The audit names features such as <c>Sex=male</c>; findings name columns.</summary>
    private static Func<string, string> Source(LearnerSubject subject) => name => subject.Sample?.Features.FirstOrDefault(feature => feature.Name == name)?.Source ?? name;
}
