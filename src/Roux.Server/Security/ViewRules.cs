using Roux.Tracking;
using Roux.Tracking.Service;

namespace Roux.Server.Security;

/// <summary>Who may change a named view: whose it is, and, where it is shared, the editors of its project.</summary>
internal static class ViewRules
{
    /// <summary>The project that a new view is shared with.</summary>
    public static string ProjectOf(TrackingService service, string? experiment, Caller caller) => experiment is null ? caller.Home : service.Projects.OfExperiment(experiment) ?? throw ExperimentService.NoSuchExperiment(experiment);

    /// <summary>A view that the caller may change.</summary>
    /// <exception cref="ServiceException">There is none that they see, or they may only look at it.</exception>
    public static SavedView Changeable(TrackingService service, Gatekeeper gate, string id, Caller caller)
    {
        var view = service.Views.Get(id);
        if (view.Owner == caller.Name)
        {
            return view;
        }

        if (!view.IsShared || !caller.Reach.Covers(view.Project))
        {
            throw SavedViewService.NoSuchView(id);
        }

        gate.Check(caller, new Need(Role.Editor, SubjectKind.Project, view.Project));
        return view;
    }
}
