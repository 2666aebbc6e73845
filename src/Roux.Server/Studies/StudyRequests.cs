using System.Text.Json;
using System.Text.Json.Nodes;
using Roux.Learning.Studies;
using Roux.Tracking;
using Roux.Tracking.Service;
using Roux.Tuning;

namespace Roux.Server.Studies;

/// <summary>Asks something of a study: checks it as far as the store knows, and leaves it there for whoever works on the study. Asking is no doing: see <see cref="StudyRequest"/>.</summary>
internal sealed class StudyRequests(TrackingService service)
{
    private const int MostWaiting = 500;

    /// <summary>Asks for something.</summary>
    /// <param name="runId">Id of the study's run.</param>
    /// <param name="request">What.</param>
    /// <exception cref="ServiceException">It is no study, has ended, or what is asked is not possible.</exception>
    public async Task SendAsync(string runId, StudyRequest request)
    {
        var run = service.Runs.Get(runId);
        if (!run.Tags.ContainsKey(StudyTags.Key))
        {
            throw ServiceException.Invalid($"run {run.Name} ({run.Id[..8]}) is no study of roux tune: nobody would hear it");
        }

        if (StudyRequest.Of(run.Tags).Count(one => StudyRequest.OutcomeOf(run.Tags, one.Id) is null) >= MostWaiting)
        {
            throw ServiceException.Invalid($"{MostWaiting} requests to this study wait to be heard; go on with it first: roux tune --resume");
        }

        Check(run, request);
        await service.Runs.SetTagAsync(runId, request.Tag, request.ToJson().ToJsonString()).ConfigureAwait(false);
    }

    private void Check(RunRecord run, StudyRequest request)
    {
        if (request.Kind is StudyRequestKind.Stop or StudyRequestKind.StopTrial && run.Status != RunStatus.Running)
        {
            throw ServiceException.Invalid($"study {run.Name} has ended: there is nothing to stop");
        }

        if (request.Kind == StudyRequestKind.StopTrial && request.Trial is not >= 0)
        {
            throw ServiceException.Missing("trial");
        }

        if (request.Kind == StudyRequestKind.Add && request.Count is not (>= 1 and <= StudyRequest.MostAdded))
        {
            throw ServiceException.Invalid($"count: from 1 to {StudyRequest.MostAdded:#,0} trials can be added");
        }

        if (request.Kind == StudyRequestKind.Enqueue)
        {
            try
            {
                SpaceOf(run).Check(request.Settings ?? throw ServiceException.Missing("params"));
            }
            catch (ArgumentException e)
            {
                throw ServiceException.Invalid(e.Message.Split(" (Parameter")[0]);
            }
        }
    }

    private SearchSpace SpaceOf(RunRecord run)
    {
        try
        {
            return StoredSpace.Read(service.Tracker, run);
        }
        catch (Exception e) when (e is FormatException or JsonException or IOException or TrackingException)
        {
            throw ServiceException.Invalid($"the search space of the study cannot be read: {e.Message}");
        }
    }
}
