using System.Globalization;
using Roux.Tracking;
using Roux.Tracking.Service;

namespace Roux.Server.Components.Debugging;

/// <summary>Which findings the page shows: all of it stands in its address.</summary>
internal sealed record FindingsView
{
    public string? Experiment { get; init; }

    public string? Check { get; init; }

    public Severity? Severity { get; init; }

    /// <summary>What has become of them; <c>null</c>: whatever.</summary>
    public FindingState? State { get; init; } = FindingState.Open;

    public bool WorstFirst { get; init; }

    /// <summary>From 0.</summary>
    public int Page { get; init; }

    public static FindingsView Parse(string? experiment, string? check, string? severity, string? state, string? sort, int? page) => new()
    {
        Experiment = experiment,
        Check = check,
        Severity = Enum.TryParse<Severity>(severity, ignoreCase: true, out var word) && Enum.IsDefined(word) ? word : null,
        State = state == "all" ? null : Enum.TryParse<FindingState>(state, ignoreCase: true, out var of) && Enum.IsDefined(of) ? of : FindingState.Open,
        WorstFirst = sort == "worst",
        Page = Math.Clamp((page ?? 1) - 1, 0, 100_000),
    };

    /// <summary>The address of the view.</summary>
    public string Address()
    {
        var parts = new (string Name, string? Value)[]
        {
            ("experiment", Experiment), ("check", Check), ("severity", Severity?.ToString().ToLowerInvariant()),
            ("state", State switch { null => "all", FindingState.Open => null, { } state => state.ToString().ToLowerInvariant() }),
            ("sort", WorstFirst ? "worst" : null), ("page", Page > 0 ? (Page + 1).ToString(CultureInfo.InvariantCulture) : null),
        };
        var query = string.Join('&', parts.Where(part => part.Value is not null).Select(part => $"{part.Name}={Uri.EscapeDataString(part.Value!)}"));
        return query.Length == 0 ? "/debug" : "/debug?" + query;
    }

    public FindingSelection Selection(Reach reach) => new(reach) { Experiment = Experiment, Check = Check, Severity = Severity, State = State, WorstFirst = WorstFirst };
}
