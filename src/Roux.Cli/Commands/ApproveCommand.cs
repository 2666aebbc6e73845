using System.CommandLine;
using Roux.Cli.Printing;
using Roux.Tracking;

namespace Roux.Cli.Commands;

/// <summary><c>roux approve MODEL/VERSION --reason TEXT</c>: consents to a version in the name of the user.</summary>
internal static class ApproveCommand
{
    private static readonly Argument<string> Reference = new("MODEL/VERSION") { Description = "The version: NAME/3, NAME@alias, NAME/Staging, or NAME for the latest." };
    private static readonly Option<string?> Reason = new("--reason", "-m") { Description = "Why, in words.", HelpName = "TEXT" };
    private static readonly Option<bool> Withdraw = new("--withdraw") { Description = "Take your approval back." };

    public static Command Create()
    {
        var command = new Command("approve", "Approve a model version that somebody else registered.") { Reference, Reason, Withdraw };
        command.SetAction(Run);
        return command;
    }

    private static int Run(ParseResult call)
    {
        var (reason, withdraw) = (call.GetValue(Reason), call.GetValue(Withdraw));
        if (reason is null != withdraw)
        {
            throw new UsageException(withdraw ? "--withdraw takes no --reason" : "approve needs --reason TEXT: why the version may be used");
        }

        using var tracker = StoreAccess.OpenToChange(call);
        var found = StoreAccess.FindVersion(tracker, call.GetValue(Reference)!);
        var reference = $"{found.Name}/{found.Version}";
        var version = withdraw ? tracker.Models.Approvals.Withdraw(reference) : tracker.Models.Approvals.Approve(reference, reason!);
        if (call.GetValue(CommonOptions.Json))
        {
            CommonOptions.WriteJson(RunJson.Of(version));
        }
        else
        {
            new Page().Line($"{reference}: {(version.Approvals.Count == 0 ? "no approvals" : $"approved by {string.Join(", ", version.Approvals.Select(approval => approval.Actor))}")}");
        }

        return 0;
    }
}
