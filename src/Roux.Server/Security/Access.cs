using Roux.Server.Protocol;
using Roux.Tracking;

namespace Roux.Server.Security;

/// <summary>
/// What an endpoint needs of its caller. Every row of the route table says it. The dispatcher checks it before the handler runs: a caller
/// who has the least role nowhere is refused at once; then every thing that the call names must lie in a project where the caller has the
/// role. What the caller may not even see answers as if it were not there.
/// </summary>
internal sealed class Access
{
    private static readonly Func<Call, IEnumerable<Need>> Nothing = static _ => [];

    private readonly Func<Call, IEnumerable<Need>> needs;

    private Access(Role least, Func<Call, IEnumerable<Need>> needs, bool isOpen = false)
    {
        Least = least;
        this.needs = needs;
        IsOpen = isOpen;
    }

    /// <summary>For anybody, without a login: only what says nothing about the store.</summary>
    public static Access Open { get; } = new(Role.None, Nothing, isOpen: true);

    /// <summary>For anybody who is logged in: the handler shows no more than <see cref="Call.Reach"/> covers.</summary>
    public static Access SignedIn { get; } = new(Role.None, Nothing);

    /// <summary>The role that a caller must have somewhere.</summary>
    public Role Least { get; }

    /// <summary>Whether no login is needed.</summary>
    public bool IsOpen { get; }

    /// <summary>Whether the role is needed for the whole server, not in a project.</summary>
    public bool IsServerWide { get; private init; }

    /// <summary>A role for the whole server.</summary>
    public static Access Server(Role role) => new(role, Nothing) { IsServerWide = true };

    /// <summary>A role in the project of the experiment that a field names.</summary>
    public static Access Experiment(Role role, string field = "experiment_id") => new(role, call => [new Need(role, SubjectKind.Experiment, call.Fields.Required(field))]);

    /// <summary>A role in the project of the run that <c>run_id</c> names.</summary>
    public static Access Run(Role role) => new(role, call => [new Need(role, SubjectKind.Run, call.Fields.RunId)]);

    /// <summary>A role in the project of the registered model that a field names.</summary>
    public static Access Model(Role role, string field = "name") => new(role, call => [new Need(role, SubjectKind.Model, call.Fields.Required(field))]);

    /// <summary>A role in the project of the logged model that the path names.</summary>
    public static Access LoggedModel(Role role) => new(role, call => [new Need(role, SubjectKind.LoggedModel, call.PathPart("model_id"))]);

    /// <summary>A role in the project of the report that the path names.</summary>
    public static Access Report(Role role) => new(role, call => [new Need(role, SubjectKind.Report, call.PathPart("report_id"))]);

    /// <summary>A role in the projects of all that a call names, read from it by a function.</summary>
    public static Access Of(Role role, Func<Call, IEnumerable<Need>> needs) => new(role, needs);

    /// <summary>A role that the handler itself asks for by <see cref="Call.Require"/>, once it has read what the call is about.</summary>
    public static Access ByHandler(Role role) => new(role, Nothing);

    /// <summary>All that a call needs.</summary>
    public IEnumerable<Need> NeedsOf(Call call) => needs(call);

    /// <summary>With further things that a call may name.</summary>
    public Access And(Func<Call, IEnumerable<Need>> more) => new(Least, call => needs(call).Concat(more(call)), IsOpen) { IsServerWide = IsServerWide };
}
