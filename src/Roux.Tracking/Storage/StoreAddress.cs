namespace Roux.Tracking;

/// <summary>Where a store is: a folder, or the address of a PostgreSQL database.</summary>
public static class StoreAddress
{
    /// <summary>Whether it is a database's address: <c>postgres://…</c> or <c>postgresql://…</c>.</summary>
    public static bool IsPostgres(string store)
    {
        ArgumentNullException.ThrowIfNull(store);
        return store.StartsWith("postgres://", StringComparison.OrdinalIgnoreCase) || store.StartsWith("postgresql://", StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>A database's address without its password, which is best kept in <c>PGPASSWORD</c>.</summary>
    /// <param name="address">The address.</param>
    /// <param name="password">The password that it had; <c>null</c> for none.</param>
    public static string WithoutPassword(string address, out string? password)
    {
        ArgumentNullException.ThrowIfNull(address);
        password = null;
        var start = address.IndexOf("://", StringComparison.Ordinal) + 3;
        var query = address.IndexOf('?', StringComparison.Ordinal);
        var end = query < 0 ? address.Length : query;
        var at = address.LastIndexOf('@', end - 1, end - start);
        var colon = at < 0 ? -1 : address.IndexOf(':', start, at - start);
        var options = (query < 0 ? "" : address[(query + 1)..]).Split('&', StringSplitOptions.RemoveEmptyEntries).ToLookup(option => option.StartsWith("password=", StringComparison.OrdinalIgnoreCase));
        foreach (var option in options[true])
        {
            password = Uri.UnescapeDataString(option["password=".Length..]);
        }

        var place = address[..end];
        if (colon >= 0)
        {
            password = Uri.UnescapeDataString(address[(colon + 1)..at]);
            place = place[..colon] + place[at..];
        }

        return options[false].Any() ? $"{place}?{string.Join('&', options[false])}" : place;
    }
}
