using Roux.Server.Protocol;
using Roux.Tracking;
using Roux.Tracking.Accounts;
using Roux.Tracking.Service;

namespace Roux.Server.Security;

/// <summary>The project of new things, and moving things to another.</summary>
internal static class Projects
{
    /// <summary>Making something: takes an editor of the project that its tags name.</summary>
    public static Access Making { get; } = Access.Of(Role.Editor, call => [new Need(Role.Editor, SubjectKind.Project, Of(call))]);

    /// <summary>Setting or removing a tag: an editor's, but the one that names the project takes an admin of both.</summary>
    public static Access Tagging(SubjectKind kind, string field) => Access.Of(Role.Editor, call =>
    {
        var id = call.Fields.Required(field);
        return Moves(call)
            ? [new Need(Role.Admin, kind, id), new Need(Role.Admin, SubjectKind.Project, call.Fields.Text("value") ?? Project.Default)]
            : [new Need(Role.Editor, kind, id)];
    });

    /// <summary>Answers when a tag is set or removed.</summary>
    public static async Task TaggedAsync(Call call, Func<Task> tag)
    {
        if (Moves(call) && call.Fields.Text("value") is { } project && !Project.IsName(project))
        {
            throw NoName(project);
        }

        await tag().ConfigureAwait(false);
        if (Moves(call))
        {
            call.Server.Gate.Forget();
        }

        await Reply.EmptyAsync(call.Http).ConfigureAwait(false);
    }

    /// <summary>The tags of something new, with the project that it goes to where that is not the default one.</summary>
    public static IReadOnlyList<KeyValuePair<string, string>> Tags(Call call)
    {
        var tags = call.Fields.Pairs("tags");
        var project = Of(call);
        if (!Project.IsName(project))
        {
            throw NoName(project);
        }

        return project == Project.Default || tags.Any(tag => tag.Key == Project.Tag) ? tags : [.. tags, KeyValuePair.Create(Project.Tag, project)];
    }

    private static string Of(Call call) => call.Fields.Pairs("tags").LastOrDefault(tag => tag.Key == Project.Tag).Value ?? call.Caller.Home;

    private static bool Moves(Call call) => call.Fields.Text("key") == Project.Tag;

    private static ServiceException NoName(string project) => Fields.Invalid(Project.Tag, project, "letters, digits, '.', '_', '-' and '/', at most 100");
}
