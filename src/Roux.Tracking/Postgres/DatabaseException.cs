using Npgsql;
using Roux.Tracking.Storage;

namespace Roux.Tracking.Postgres;

/// <summary>An error of PostgreSQL or of the way to it: never leaves the store, see <see cref="PostgresErrors"/>.</summary>
internal sealed class DatabaseException : StoreException
{
    // Classes of SQLSTATE: https://www.postgresql.org/docs/15/errcodes-appendix.html.
    private const string SerializationFailure = "40001";
    private const string DeadlockDetected = "40P01";

    public DatabaseException(Exception cause)
        : base(cause.Message, cause) => Code = (cause as PostgresException)?.SqlState;

    private DatabaseException(string message, Exception? cause)
        : base(message, cause)
    {
    }

    /// <summary>SQLSTATE; <c>null</c> where the database did not answer.</summary>
    public string? Code { get; }

    /// <summary>The way to the database is broken, or it is stopping or starting.</summary>
    public bool IsConnectionLost => !IsRepeat && !IsOutcomeUnknown && (Code is null || Code.StartsWith("08", StringComparison.Ordinal) || Code.StartsWith("57P", StringComparison.Ordinal) || Code is "25P03");

    /// <summary>A statement of the batch was refused: it is to be applied again, each operation apart.</summary>
    public bool IsRepeat { get; private init; }

    /// <summary>The connection broke while the transaction was committing, and nobody can say what became of it.</summary>
    public bool IsOutcomeUnknown { get; private init; }

    /// <summary>Classes 22 and 23, and a value too long for an index: about one statement.</summary>
    public override bool ConcernsTheStore => Code is null || !(Code.StartsWith("22", StringComparison.Ordinal) || Code.StartsWith("23", StringComparison.Ordinal) || Code is "54000");

    public override bool IsPassing => IsRepeat || Code is SerializationFailure or DeadlockDetected or "55P03" or "53300" || IsConnectionLost;

    public static DatabaseException Repeat(Exception? cause) => new("a statement of the batch was refused", cause) { IsRepeat = true };

    public static DatabaseException OutcomeUnknown(Exception cause) => new("the connection was lost while the last writes were committing", cause) { IsOutcomeUnknown = true };
}
