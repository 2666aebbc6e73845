using System.Collections.Frozen;

namespace Roux.Server.Components.Widgets;

/// <summary>The outlines of the icons, on a square of 24.</summary>
internal static class Icons
{
    /// <summary>By name: the SVG inside.</summary>
    public static FrozenDictionary<string, string> All { get; } = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["flask"] = """<path d="M9 3h6M10 3v6l-5.2 9a2 2 0 0 0 1.7 3h11a2 2 0 0 0 1.7-3L14 9V3M7.5 15h9"/>""",
        ["rows"] = """<path d="M3 5h18M3 10h18M3 15h18M3 20h18"/>""",
        ["compare"] = """<path d="M4 20V9M10 20V4M16 20v-8M22 20H2M21 20V7"/>""",
        ["box"] = """<path d="m12 3 8 4.5v9L12 21l-8-4.5v-9L12 3ZM4.3 7.6 12 12l7.7-4.4M12 12v9"/>""",
        ["user"] = """<circle cx="12" cy="8" r="4"/><path d="M4 21c1-4 4-6 8-6s7 2 8 6"/>""",
        ["out"] = """<path d="M10 4H5v16h5M15 8l4 4-4 4M19 12H9"/>""",
        ["sun"] = """<circle cx="12" cy="12" r="4"/><path d="M12 2v2.5M12 19.500V22M4.900 4.900l1.800 1.800M17.300 17.300l1.800 1.800M2 12h2.500M19.500 12H22M4.900 19.100l1.800-1.800M17.300 6.700l1.800-1.800"/>""",
        ["moon"] = """<path d="M20 14.500A8.500 8.500 0 0 1 9.500 4 8.500 8.500 0 1 0 20 14.500Z"/>""",
        ["auto"] = """<circle cx="12" cy="12" r="9"/><path d="M12 3v18a9 9 0 0 0 0-18Z" fill="currentColor"/>""",
        ["search"] = """<circle cx="11" cy="11" r="7"/><path d="m20 20-4-4"/>""",
        ["filter"] = """<path d="M3 5h18l-7 8v6l-4 2v-8L3 5Z"/>""",
        ["columns"] = """<rect x="3" y="4" width="18" height="16" rx="2"/><path d="M9 4v16M15 4v16"/>""",
        ["group"] = """<path d="M4 6h16M8 12h12M8 18h12M4 12h.01M4 18h.01"/>""",
        ["close"] = """<path d="M6 6l12 12M18 6 6 18"/>""",
        ["down"] = """<path d="m6 9 6 6 6-6"/>""",
        ["up"] = """<path d="m6 15 6-6 6 6"/>""",
        ["right"] = """<path d="m9 6 6 6-6 6"/>""",
        ["back"] = """<path d="m15 6-6 6 6 6"/>""",
        ["trash"] = """<path d="M4 7h16M9 7V4h6v3M6 7l1 13h10l1-13M10 11v6M14 11v6"/>""",
        ["restore"] = """<path d="M4 4v6h6M4.500 10A8 8 0 1 1 4 14"/>""",
        ["tag"] = """<path d="M3 3h8l10 10-8 8L3 11V3Z"/><circle cx="7.500" cy="7.500" r="1"/>""",
        ["save"] = """<path d="M12 4v11M7 11l5 5 5-5M4 20h16"/>""",
        ["file"] = """<path d="M6 3h8l5 5v13H6V3ZM14 3v5h5"/>""",
        ["folder"] = """<path d="M3 6h6l2 2h10v11H3V6Z"/>""",
        ["image"] = """<rect x="3" y="4" width="18" height="16" rx="2"/><circle cx="9" cy="10" r="1.500"/><path d="m4 18 5-4 4 3 4-4 4 4"/>""",
        ["alert"] = """<path d="M12 3 2 20h20L12 3ZM12 10v5M12 17.500v.01"/>""",
        ["check"] = """<path d="m5 12 5 5 9-10"/>""",
        ["chart"] = """<path d="M3 3v18h18M7 15l4-5 4 3 5-7"/>""",
        ["zoom-out"] = """<circle cx="11" cy="11" r="7"/><path d="m20 20-4-4M8 11h6"/>""",
        ["edit"] = """<path d="M4 20h4L19 9l-4-4L4 16v4Z"/>""",
        ["gear"] = """<path d="M4 7h10M18 7h2M4 17h2M10 17h10"/><circle cx="16" cy="7" r="2"/><circle cx="8" cy="17" r="2"/>""",
        ["branch"] = """<circle cx="6" cy="5" r="2"/><circle cx="6" cy="19" r="2"/><circle cx="18" cy="8" r="2"/><path d="M6 7v10M18 10c0 4-6 3-10 6"/>""",
        ["data"] = """<ellipse cx="12" cy="5.500" rx="8" ry="3"/><path d="M4 5.500v13c0 1.700 3.600 3 8 3s8-1.300 8-3v-13M4 12c0 1.700 3.600 3 8 3s8-1.300 8-3"/>""",
        ["bug"] = """<rect x="7" y="8" width="10" height="12" rx="5"/><path d="M9 8a3 3 0 0 1 6 0M3 9l4 2M21 9l-4 2M3 20l4-2M21 20l-4-2M3 14.500h4M17 14.500h4"/>""",
        ["note"] = """<path d="M5 3h14v18H5V3ZM9 8h6M9 12h6M9 16h3"/>""",
        ["study"] = """<circle cx="6" cy="16" r="1.500"/><circle cx="11" cy="9" r="1.500"/><circle cx="16" cy="13" r="1.500"/><circle cx="20" cy="5" r="1.500"/><path d="M3 21h18"/>""",
        ["lock"] = """<rect x="5" y="11" width="14" height="10" rx="2"/><path d="M8 11V7a4 4 0 0 1 8 0v4"/>""",
        ["swap"] = """<path d="M7 4 3 8l4 4M3 8h18M17 12l4 4-4 4M21 16H3"/>""",
        ["copy"] = """<rect x="8" y="8" width="12" height="12" rx="2"/><path d="M16 8V4H4v12h4"/>""",
        ["link"] = """<path d="M10 14a4 4 0 0 0 6 0l3-3a4 4 0 0 0-6-6l-1 1M14 10a4 4 0 0 0-6 0l-3 3a4 4 0 0 0 6 6l1-1"/>""",
        ["pin"] = """<path d="M9 3h6l-1 6 4 4v2H6v-2l4-4-1-6ZM12 15v6"/>""",
        ["report"] = """<path d="M5 3h14v18H5V3ZM8.500 7h7M8.500 17l2-4 2.500 2.500 2.500-4.500"/>""",
        ["shield"] = """<path d="M12 3 5 6v6c0 4 3 7.500 7 9 4-1.500 7-5 7-9V6l-7-3Z"/>""",
        ["snow"] = """<path d="M12 3v18M4 7.500l16 9M20 7.500l-16 9M9.500 4.500 12 7l2.500-2.500M9.500 19.500 12 17l2.500 2.500"/>""",
        ["history"] = """<path d="M4 4v6h6M4.500 10A8 8 0 1 1 4 14M12 8v5l3 2"/>""",
        ["plus"] = """<path d="M12 5v14M5 12h14"/>""",
        ["view"] = """<path d="M6 3h12v18l-6-4-6 4V3Z"/>""",
    }.ToFrozenDictionary(StringComparer.Ordinal);
}
