using Roux.Learning.Evaluation.Assumptions;

namespace Roux.Learning.AutoML;

/// <summary>Checks assumptions without a search.</summary>
public static class DataAssumptions
{
    /// <summary>Reads data as a development would, and holds what the learners that it would try take for granted against the rows that it would develop on.</summary>
    /// <param name="options">What to read, and which learners matter.</param>
    /// <param name="note">Gets remarks on how the data was read.</param>
    /// <param name="cancellation">Asks to stop.</param>
    /// <exception cref="Data.DataException">The data cannot be used; the message says why and what to do.</exception>
    public static AssumptionReport Of(DevelopOptions options, Action<string> note, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(options);
        var inputs = DevelopInputs.Read(options, note, cancellation);
        var how = new AssumptionOptions
        {
            GroupColumn = options.GroupColumn,
            TimeColumn = options.TimeColumn,
            Seed = Seeds.Derive(options.Seed, "assumptions"),
            Threads = Environment.ProcessorCount,
        };
        return AssumptionAudit.Of(inputs.Development, inputs.FeatureColumns, inputs.DevelopmentTarget, inputs.Learners, how, cancellation);
    }
}
