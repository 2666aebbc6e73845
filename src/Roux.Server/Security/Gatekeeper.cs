using System.Collections.Concurrent;
using Roux.Server.Protocol;
using Roux.Tracking;
using Roux.Tracking.Accounts;
using Roux.Tracking.Service;

namespace Roux.Server.Security;

/// <summary>
/// Decides whether a caller may do what a call needs. A thing that the caller may not see is answered as one that is not there, word for
/// word, so that ids and names of other projects cannot be probed.
/// </summary>
internal sealed class Gatekeeper(TrackingService service, TimeProvider time)
{
    private const int MostKnown = 50_000;

    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(2);

    private readonly ConcurrentDictionary<(SubjectKind, string), (string Project, long Read)> known = new();

    /// <summary>Checks what an endpoint needs before its handler runs.</summary>
    /// <exception cref="ServiceException">The caller lacks the role, or may not see what the call names.</exception>
    public void Check(Caller caller, Access access, Call call)
    {
        // A server without users asks nothing, and answers as the handlers do.
        if (caller == Caller.Anybody)
        {
            return;
        }

        var has = access.IsServerWide ? caller.ServerRole : caller.Highest;
        if (has < access.Least)
        {
            throw Lacks(access.Least, access.IsServerWide ? "for the whole server" : "in any project");
        }

        foreach (var need in access.NeedsOf(call))
        {
            Check(caller, need);
        }
    }

    /// <summary>Checks one thing that a call touches.</summary>
    /// <exception cref="ServiceException">The caller lacks the role, or may not see it, or it is not there.</exception>
    public void Check(Caller caller, Need need)
    {
        if (caller == Caller.Anybody)
        {
            return;
        }

        var role = ProjectOf(need.Kind, need.Id) is { } project ? caller.In(project) : Role.None;
        if (role == Role.None && need.Kind != SubjectKind.Project)
        {
            throw NotThere(need);
        }

        if (role < need.Role)
        {
            throw need.Kind == SubjectKind.Project
                ? Lacks(need.Role, $"in the project '{need.Id}'; name another by the tag {Project.Tag}")
                : Lacks(need.Role, "in its project");
        }
    }

    /// <summary>Forgets what lies where: something has moved to another project.</summary>
    public void Forget() => known.Clear();

    private string? ProjectOf(SubjectKind kind, string id)
    {
        switch (kind)
        {
            case SubjectKind.Project:
                return id;
            case SubjectKind.ExperimentName:
                return service.Projects.OfExperimentName(id);
            case SubjectKind.Model:
                // Names can be given again to something else: always read.
                return service.Projects.OfModel(id);
            default:
                break;
        }

        if (known.TryGetValue((kind, id), out var entry) && time.GetElapsedTime(entry.Read) < Fresh)
        {
            return entry.Project;
        }

        var read = time.GetTimestamp();
        var project = kind switch
        {
            SubjectKind.Experiment => service.Projects.OfExperiment(id),
            SubjectKind.Run => service.Projects.OfRun(id),
            SubjectKind.LoggedModel => service.Projects.OfLoggedModel(id),
            SubjectKind.EvaluationDataset => service.Projects.OfEvaluationDataset(id),
            SubjectKind.Report => service.Projects.OfReport(id),
            _ => service.Projects.OfCopy(id),
        };
        if (project is not null)
        {
            if (known.Count >= MostKnown)
            {
                known.Clear();
            }

            known[(kind, id)] = (project, read);
        }

        return project;
    }

    private static ServiceException NotThere(Need need) => need.Kind switch
    {
        SubjectKind.Experiment => ExperimentService.NoSuchExperiment(need.Id),
        SubjectKind.ExperimentName => ExperimentService.NoSuchName(need.Id),
        SubjectKind.Run => RunService.NoSuchRun(need.Id),
        SubjectKind.LoggedModel => LoggedModelService.NoSuchModel(need.Id),
        SubjectKind.EvaluationDataset => EvaluationDatasetService.NoSuchDataset(need.Id),
        SubjectKind.Model => RegistryService.NoSuchModel(need.Id),
        SubjectKind.Report => ReportService.NoSuchReport(need.Id),
        _ => ServiceException.NotFound("No such artifact"),
    };

    private static ServiceException Lacks(Role role, string where) => new(
        ServiceError.PermissionDenied, $"Permission denied: this takes the role {role.ToString().ToLowerInvariant()} {where}");
}
