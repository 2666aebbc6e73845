namespace Roux.Server.Components.Layout;

/// <summary>An entry of the navigation. A new page adds one line here.</summary>
/// <param name="Title">What it is called.</param>
/// <param name="Href">Where it leads.</param>
/// <param name="Icon">See <see cref="Widgets.Icons"/>.</param>
/// <param name="Also">Beginnings of further addresses under which it is marked as the present one.</param>
internal sealed record NavItem(string Title, string Href, string Icon, params string[] Also)
{
    /// <summary>Whether only admins of the whole server see it.</summary>
    public bool IsForAdmins { get; init; }

    /// <summary>All, in their order.</summary>
    public static IReadOnlyList<NavItem> All { get; } =
    [
        new("Experiments", "/", "flask", "/experiments", "/runs/"),
        new("Runs", "/runs", "rows"),
        new("Compare", "/compare", "compare"),
        new("Studies", "/studies", "study"),
        new("Models", "/models", "box"),
        new("Data", "/data", "data"),
        new("Debug", "/debug", "bug"),
        new("Reports", "/reports", "report"),
        new("Admin", "/admin", "shield") { IsForAdmins = true },
    ];

    /// <summary>Whether a path belongs to it.</summary>
    public bool Holds(string path) => path == Href || Also.Any(start => path.StartsWith(start, StringComparison.Ordinal)) || (Href != "/" && path.StartsWith(Href + "/", StringComparison.Ordinal) && !All.Any(other => other.Also.Any(start => path.StartsWith(start, StringComparison.Ordinal))));
}
