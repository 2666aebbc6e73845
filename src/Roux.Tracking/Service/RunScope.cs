using Roux.Tracking.Storage;

namespace Roux.Tracking.Service;

/// <summary>The condition on runs <c>r</c> that keeps a search within reach.</summary>
internal sealed class RunScope
{
    public RunScope(StoreSession session, Reach reach)
    {
        if (reach.IsAll)
        {
            return;
        }

        var inside = reach.Of(session, session.Rows("SELECT id FROM experiments WHERE deleted IS NULL", row => row.Int64(0)));
        Sql = $"r.experiment IN (SELECT j.value FROM {session.Dialect.Numbers("$inside")})";
        Parameters = [("$inside", inside.ToArray())];
    }

    /// <summary>The condition.</summary>
    public string Sql { get; } = "1 = 1";

    /// <summary>What it compares with.</summary>
    public (string Name, object? Value)[] Parameters { get; } = [];
}
