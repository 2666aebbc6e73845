using System.Collections.Frozen;
using System.Security.Claims;
using Roux.Tracking;
using Roux.Tracking.Accounts;
using Roux.Tracking.Service;

namespace Roux.Server.Security;

/// <summary>Who asks, and what they may do. One object serves all requests of one credential until the accounts change.</summary>
internal sealed class Caller
{
    private readonly Role server;
    private readonly FrozenDictionary<string, Role> projects;

    /// <summary>A caller with roles everywhere and in projects.</summary>
    /// <param name="name">Name shown to others.</param>
    /// <param name="server">Role for all projects.</param>
    /// <param name="projects">Further roles by project.</param>
    /// <param name="scheme">How they logged in; <c>null</c>: not at all.</param>
    /// <param name="scope">What a key allows at most.</param>
    public Caller(string name, Role server, IReadOnlyDictionary<string, Role> projects, string? scheme, KeyScope scope)
    {
        Name = name;
        Scope = scope;
        this.server = scope.Project is null ? Least(server, scope.Role) : Role.None;
        this.projects = (scope.Project is null
                ? projects.Select(pair => KeyValuePair.Create(pair.Key, Least(pair.Value, scope.Role)))
                : [KeyValuePair.Create(scope.Project, Least(Most(server, projects.GetValueOrDefault(scope.Project)), scope.Role))])
            .Where(pair => pair.Value > Role.None).ToFrozenDictionary(StringComparer.Ordinal);
        Highest = this.projects.Count == 0 ? this.server : Most(this.server, this.projects.Values.Max());
        Reach = this.server >= Role.Viewer ? Reach.All : Reach.Of(this.projects.Keys.ToFrozenSet(StringComparer.Ordinal));
        Principal = new ClaimsPrincipal(new ClaimsIdentity([new Claim(ClaimTypes.Name, name)], scheme));
    }

    /// <summary>Whoever asks a server where nobody has to log in.</summary>
    public static Caller Anybody { get; } = new("anonymous", Role.Admin, FrozenDictionary<string, Role>.Empty, null, KeyScope.All);

    /// <summary>Whoever asks for what is open to all.</summary>
    public static Caller Nobody { get; } = new("anonymous", Role.None, FrozenDictionary<string, Role>.Empty, null, KeyScope.All);

    public string Name { get; }

    /// <summary>The user in the store; <c>null</c> for a person whom only the identity provider knows, and for anybody.</summary>
    public long? UserId { get; init; }

    /// <summary>Whether a browser sends the credential by itself, as it does cookies.</summary>
    public bool IsSession { get; init; }

    /// <summary>When the credential ends, in milliseconds since 1970; <c>null</c>: never.</summary>
    public long? Expires { get; init; }

    /// <summary>What the credential allows at most.</summary>
    public KeyScope Scope { get; }

    public ClaimsPrincipal Principal { get; }

    /// <summary>The role for the whole server.</summary>
    public Role ServerRole => server;

    /// <summary>Roles by project, beside the one for the whole server.</summary>
    public IReadOnlyDictionary<string, Role> Projects => projects;

    /// <summary>The highest role anywhere.</summary>
    public Role Highest { get; }

    /// <summary>What lists show.</summary>
    public Reach Reach { get; }

    /// <summary>Where new things go that name no project: the default one, or else the only one where the caller may make any.</summary>
    public string Home => In(Project.Default) < Role.Editor && projects.Where(pair => pair.Value >= Role.Editor).Take(2).ToList() is [var only] ? only.Key : Project.Default;

    /// <summary>The role in a project.</summary>
    public Role In(string project) => projects.TryGetValue(project, out var role) ? Most(role, server) : server;

    private static Role Least(Role one, Role other) => one < other ? one : other;

    private static Role Most(Role one, Role other) => one > other ? one : other;
}
