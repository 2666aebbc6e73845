namespace Roux.Tracking.Storage;

/// <summary>Tells the addresses of databases from folders.</summary>
internal static class StoreAddress
{
    public static bool IsPostgres(string store) =>
        store.StartsWith("postgres://", StringComparison.OrdinalIgnoreCase) || store.StartsWith("postgresql://", StringComparison.OrdinalIgnoreCase);
}
