using Npgsql;
using Roux.Tracking.Storage;

namespace Roux.Tracking.Postgres;

/// <summary>A SELECT and what reads its rows.</summary>
internal sealed record PostgresQuestion(NpgsqlBatchCommand Command, Action<StoreRow> Read);
