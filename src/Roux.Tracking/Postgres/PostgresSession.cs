using System.Collections.Concurrent;
using System.Data;
using Npgsql;
using Roux.Tracking.Storage;

namespace Roux.Tracking.Postgres;

/// <summary>
/// A connection. Statements whose result nobody waits for travel with the next one (<see cref="Later"/>), so that a batch of writes costs few
/// ways to the database and back.
/// </summary>
internal sealed class PostgresSession(NpgsqlDataSource source) : StoreSession
{
    // Statements compiled from filters differ from call to call: keep the store's own, not an endless number of those.
    private const int KeptStatements = 1024;

    /// <summary>How long the database may take to check a table that was filled.</summary>
    private static readonly TimeSpan CopyPatience = TimeSpan.FromHours(6);

    private static readonly ConcurrentDictionary<string, Statement> Statements = new(StringComparer.Ordinal);

    private readonly List<NpgsqlBatchCommand> pending = [];
    private int pendingResults;
    private NpgsqlConnection? connection;
    private PostgresRow? live;

    public override StoreDialect Dialect => PostgresDialect.Instance;

    /// <summary>Whether a statement was refused since the transaction, or the savepoint, began: the database takes nothing more.</summary>
    public bool IsAborted { get; set; }

    /// <summary>Whether something was written since this was last set.</summary>
    public bool HasWritten { get; set; }

    public override void Run(string sql)
    {
        Free();
        Flush();
        Guard(() =>
        {
            using var command = new NpgsqlCommand(sql, Open());
            command.ExecuteNonQuery();
        });
    }

    public override int Execute(string sql, params ReadOnlySpan<(string Name, object? Value)> parameters)
    {
        HasWritten = true;
        var command = Prepare(sql, parameters);
        return Send(command, reader =>
        {
            while (reader.NextResult())
            {
                // To the end, so that every statement has run.
            }

            return (int)command.RecordsAffected;
        });
    }

    public override void Later(string sql, params ReadOnlySpan<(string Name, object? Value)> parameters)
    {
        HasWritten = true;
        pending.Add(Prepare(sql, parameters));
    }

    /// <summary>As <see cref="Later"/>, for a statement whose rows are of no interest, such as a lock.</summary>
    public void LockLater(string sql, params ReadOnlySpan<(string Name, object? Value)> parameters)
    {
        pending.Add(Prepare(sql, parameters));
        pendingResults++;
    }

    public override long Insert(string sql, params ReadOnlySpan<(string Name, object? Value)> parameters)
    {
        HasWritten = true;
        return Send(Prepare(sql + " RETURNING id", parameters), reader => reader.Read() ? reader.GetInt64(0) : 0);
    }

    public override long? Number(string sql, params ReadOnlySpan<(string Name, object? Value)> parameters) =>
        Send(Prepare(sql, parameters), reader => reader.Read() && !reader.IsDBNull(0) ? reader.GetInt64(0) : (long?)null);

    public override void Each(string sql, Action<StoreRow> read, params ReadOnlySpan<(string Name, object? Value)> parameters)
    {
        var reader = Start(Prepare(sql, parameters));
        var row = new PostgresRow(reader);
        live = row;
        try
        {
            while (Next(row))
            {
                read(row);
            }
        }
        finally
        {
            if (live == row)
            {
                live = null;
                Close(reader);
            }
        }
    }

    /// <summary>A SELECT for <see cref="Together"/>.</summary>
    public static PostgresQuestion Question(string sql, Action<StoreRow> read, params ReadOnlySpan<(string Name, object? Value)> parameters) => new(Prepare(sql, parameters), read);

    /// <summary>Runs several SELECTs in one way to the database and back, each with a snapshot of its own that begins when the one before has its locks.</summary>
    public void Together(IReadOnlyList<PostgresQuestion> questions)
    {
        Free();
        Guard(() =>
        {
            var skipped = pendingResults;
            using var batch = Batch([.. questions.Select(question => question.Command)]);
            using var reader = batch.ExecuteReader();
            var row = new PostgresRow(reader);
            for (; skipped > 0; skipped--)
            {
                reader.NextResult();
            }

            foreach (var question in questions)
            {
                while (reader.Read())
                {
                    question.Read(row);
                }

                reader.NextResult();
            }
        });
    }

    /// <summary>Fills a table in one statement.</summary>
    /// <param name="sql">COPY … FROM STDIN (FORMAT binary).</param>
    /// <param name="write">Writes the rows.</param>
    public void Copy(string sql, Action<NpgsqlBinaryImporter> write)
    {
        Free();
        Flush();
        HasWritten = true;
        Guard(() =>
        {
            using var import = Open().BeginBinaryImport(sql);
            import.Timeout = CopyPatience;
            write(import);
            import.Complete();
        });
    }

    /// <summary>Sends what waits.</summary>
    public void Flush()
    {
        if (pending.Count == 0)
        {
            return;
        }

        Free();
        Guard(() =>
        {
            using var batch = Batch();
            batch.ExecuteNonQuery();
        });
    }

    /// <summary>Drops what waits: its transaction is undone.</summary>
    public void Forget()
    {
        pending.Clear();
        pendingResults = 0;
    }

    /// <summary>Begins a snapshot.</summary>
    public void BeginRead() => Run("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY");

    public override void BeginWrite() => BeginWrite(null, 0);

    /// <summary>Begins a transaction that leaves its number behind when it is committed.</summary>
    /// <param name="writer">Who writes; <c>null</c> to leave no number.</param>
    /// <param name="number">The number.</param>
    public void BeginWrite(string? writer, long number)
    {
        Forget();
        IsAborted = false;
        if (connection is { FullState: not ConnectionState.Open })
        {
            Abandon();
        }

        pending.Add(new NpgsqlBatchCommand("BEGIN"));
        if (writer is not null)
        {
            Later(
                "INSERT INTO roux_writers (writer, batch, seen) VALUES ($writer, $batch, now()) ON CONFLICT (writer) DO UPDATE SET batch = excluded.batch, seen = excluded.seen",
                ("$writer", writer), ("$batch", number));
        }

        HasWritten = false;
    }

    public override void Commit()
    {
        pending.Add(new NpgsqlBatchCommand("COMMIT"));
        Flush();
    }

    public override void Rollback()
    {
        Forget();
        IsAborted = false;
        if (connection is null)
        {
            return;
        }

        try
        {
            Run("ROLLBACK");
        }
        catch (DatabaseException)
        {
            // The connection is gone, and the transaction with it.
            Abandon();
        }
    }

    /// <summary>Gives the connection up.</summary>
    public void Abandon()
    {
        live = null;
        Forget();
        try
        {
            connection?.Dispose();
        }
        catch (Exception exception) when (exception is NpgsqlException or InvalidOperationException or IOException)
        {
            // It was broken already.
        }

        connection = null;
    }

    public override void Dispose() => Abandon();

    private static Statement Find(string sql, ReadOnlySpan<(string Name, object? Value)> parameters)
    {
        if (Statements.TryGetValue(sql, out var statement))
        {
            return statement;
        }

        statement = new Statement(sql, parameters);
        return Statements.Count < KeptStatements ? Statements.GetOrAdd(sql, statement) : statement;
    }

    private static NpgsqlBatchCommand Prepare(string sql, ReadOnlySpan<(string Name, object? Value)> parameters) => Find(sql, parameters).Bind(parameters);

    private NpgsqlConnection Open()
    {
        if (connection is null)
        {
            var opened = source.CreateConnection();
            try
            {
                opened.Open();
            }
            catch
            {
                opened.Dispose();
                throw;
            }

            connection = opened;
        }

        return connection;
    }

    /// <summary>What waits, then some commands.</summary>
    private NpgsqlBatch Batch(params ReadOnlySpan<NpgsqlBatchCommand> commands)
    {
        var batch = new NpgsqlBatch(Open());
        foreach (var waiting in pending)
        {
            batch.BatchCommands.Add(waiting);
        }

        foreach (var command in commands)
        {
            batch.BatchCommands.Add(command);
        }

        Forget();
        return batch;
    }

    private NpgsqlDataReader Start(NpgsqlBatchCommand command)
    {
        Free();
        return Guard(() =>
        {
            var skipped = pendingResults;
            var batch = Batch(command);
            var reader = batch.ExecuteReader();
            for (; skipped > 0; skipped--)
            {
                reader.NextResult();
            }

            return reader;
        });
    }

    private T Send<T>(NpgsqlBatchCommand command, Func<NpgsqlDataReader, T> read)
    {
        var reader = Start(command);
        try
        {
            return Guard(() =>
            {
                var result = read(reader);
                reader.Close();
                return result;
            });
        }
        finally
        {
            Close(reader);
        }
    }

    private bool Next(PostgresRow row)
    {
        try
        {
            return row.Next();
        }
        catch (NpgsqlException exception)
        {
            IsAborted = true;
            throw new DatabaseException(exception);
        }
    }

    private void Close(NpgsqlDataReader reader) => Guard(reader.Dispose);

    /// <summary>Frees the connection from rows that are still being read.</summary>
    private void Free()
    {
        if (live is { } row)
        {
            live = null;
            Guard(row.TakeRest);
        }
    }

    private void Guard(Action work) => Guard(() =>
    {
        work();
        return true;
    });

    private T Guard<T>(Func<T> work)
    {
        try
        {
            return work();
        }
        catch (Exception exception) when (exception is NpgsqlException or IOException or System.Net.Sockets.SocketException or TimeoutException || (exception is InvalidOperationException && connection is { FullState: not ConnectionState.Open }))
        {
            IsAborted = true;
            throw new DatabaseException(exception);
        }
    }
}
