using System.Diagnostics;
using Npgsql;
using Roux.Tracking.Storage;

namespace Roux.Tracking.Postgres;

/// <summary>
/// Finds out what became of a transaction whose COMMIT got no answer: every batch of writes leaves its number in the row of its writer. The
/// number of the database's own transaction would not do: after a crash it may be given out again.
/// </summary>
internal sealed class CommitOutcome(NpgsqlDataSource source, TimeSpan patience)
{
    /// <summary>The name of this writer.</summary>
    public string Writer { get; } = Guid.NewGuid().ToString("N");

    /// <summary>Whether a batch is committed; waits for the database to come back, and for the batch where it is still under way.</summary>
    /// <param name="lost">How the connection ended.</param>
    /// <param name="number">The batch.</param>
    /// <exception cref="DatabaseException">The database does not come back.</exception>
    public bool HasCommitted(DatabaseException lost, long number)
    {
        var waited = Stopwatch.StartNew();
        while (waited.Elapsed < patience)
        {
            source.Clear();
            using var session = new PostgresSession(source);
            try
            {
                return session.Number("SELECT batch FROM roux_writers WHERE writer = $writer" + session.Dialect.Locked, ("$writer", Writer)) == number;
            }
            catch (DatabaseException exception) when (exception.IsConnectionLost)
            {
                Thread.Sleep(50);
            }
        }

        throw DatabaseException.OutcomeUnknown(lost);
    }
}
