namespace Roux.Tracking.Remote;

/// <summary>What of a spool a server has not acknowledged.</summary>
/// <param name="Runs">Runs with anything left.</param>
/// <param name="Points">Points of metrics.</param>
/// <param name="Others">Params, tags, data sets, files, ends of runs, registrations.</param>
/// <param name="Refused">Things that the server refuses for good.</param>
internal sealed record SpoolLeft(int Runs, long Points, long Others, long Refused)
{
    /// <summary>Whether the server has all that it takes.</summary>
    public bool IsNothing => Runs == 0;

    public override string ToString() => string.Join(
        ", ", new[] { Amount(Runs, "run"), Amount(Points, "point"), Amount(Others, "other thing"), Refused == 0 ? "" : $"{Refused:N0} refused by the server" }.Where(part => part.Length > 0));

    private static string Amount(long count, string what) => count == 0 ? "" : $"{count.ToString("N0", System.Globalization.CultureInfo.InvariantCulture)} {what}{(count == 1 ? "" : "s")}";
}
