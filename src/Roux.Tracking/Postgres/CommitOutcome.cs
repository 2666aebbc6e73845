using System.Diagnostics;
using Npgsql;

namespace Roux.Tracking.Postgres;

/// <summary>Finds out what became of a transaction whose COMMIT got no answer.</summary>
internal static class CommitOutcome
{
    /// <summary>Whether the transaction is committed; waits for the database to come back.</summary>
    /// <param name="source">Where to ask.</param>
    /// <param name="lost">How the connection ended.</param>
    /// <param name="transaction">Its number.</param>
    /// <param name="patience">Longest wait.</param>
    /// <exception cref="DatabaseException">Nobody can say.</exception>
    public static bool Of(NpgsqlDataSource source, DatabaseException lost, long transaction, TimeSpan patience)
    {
        var waited = Stopwatch.StartNew();
        while (waited.Elapsed < patience)
        {
            source.Clear();
            using var session = new PostgresSession(source);
            try
            {
                switch (session.Rows("SELECT pg_xact_status(CAST(CAST($id AS text) AS xid8))", row => row.TextOrNull(0), ("$id", transaction))[0])
                {
                    case "committed":
                        return true;
                    case "aborted":
                        return false;
                    case null:
                        throw DatabaseException.OutcomeUnknown(lost);
                }
            }
            catch (DatabaseException exception) when (exception.IsConnectionLost)
            {
                // Not back yet.
            }

            Thread.Sleep(50);
        }

        throw DatabaseException.OutcomeUnknown(lost);
    }
}
