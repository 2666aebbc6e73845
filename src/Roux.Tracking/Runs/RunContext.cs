namespace Roux.Tracking;

/// <summary>The run that this process was started as by <c>roux run</c>.</summary>
/// <param name="RunId">Id of the run.</param>
/// <param name="Store">Full path of the folder of its store, or the address of its database.</param>
public sealed record RunContext(string RunId, string Store)
{
    /// <summary>The environment variable that holds the id.</summary>
    public const string RunVariable = "ROUX_RUN_ID";

    /// <summary>The environment variable that holds the store.</summary>
    public const string StoreVariable = "ROUX_STORE";

    /// <summary>The environment variable that holds where the store lies as seen from the place that <c>roux reproduce</c> runs the program in.</summary>
    public const string AliasVariable = "ROUX_STORE_ALIAS";

    /// <summary>A folder that stands for the store as well; null for none.</summary>
    public string? Alias { get; init; }

    /// <summary>What the environment says; null where the process was not started by <c>roux run</c>.</summary>
    public static RunContext? FromEnvironment() =>
        Environment.GetEnvironmentVariable(RunVariable) is { Length: > 0 } run && Environment.GetEnvironmentVariable(StoreVariable) is { Length: > 0 } store
        && (StoreAddress.IsPostgres(store) || !store.Contains("://", StringComparison.Ordinal))
            ? new RunContext(run, StoreAddress.IsPostgres(store) ? store : Path.GetFullPath(store)) { Alias = Environment.GetEnvironmentVariable(AliasVariable) }
            : null;
}
