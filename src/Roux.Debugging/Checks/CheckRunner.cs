using System.Text.Json.Nodes;
using Roux.Tracking;

namespace Roux.Debugging.Checks;

/// <summary>Runs checks one after another.</summary>
public static class CheckRunner
{
    /// <summary>Name of the finding that tells of a check which itself went wrong.</summary>
    public const string Failed = "check-failed";

    /// <summary>What the checks find, in their order. A check that throws does not keep the others from looking: it becomes a finding of its own.</summary>
    /// <param name="checks">The checks.</param>
    /// <param name="subject">What they look at.</param>
    /// <param name="context">The circumstances.</param>
    /// <exception cref="OperationCanceledException">Asked to stop.</exception>
    public static IReadOnlyList<Finding> Run<TSubject>(IEnumerable<Check<TSubject>> checks, TSubject subject, CheckContext context)
    {
        ArgumentNullException.ThrowIfNull(checks);
        ArgumentNullException.ThrowIfNull(context);
        var findings = new List<Finding>();
        foreach (var check in checks)
        {
            context.Cancellation.ThrowIfCancellationRequested();
            try
            {
                findings.AddRange(check.Run(subject, context));
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                findings.Add(Failure(check.Name, e));
            }
        }

        return findings;
    }

    private static Finding Failure(string check, Exception exception) => new(Failed, Severity.Info, $"The check {check} could not be done: {exception.Message}")
    {
        Evidence = new JsonObject { ["check"] = check, ["error"] = exception.GetType().Name },
        Cause = "The check met something that it was not made for.",
        Fix = $"Nothing in your work need be wrong; please report it. To be rid of the message, suppress {Failed}.",
    };
}
