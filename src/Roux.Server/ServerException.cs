namespace Roux.Server;

/// <summary>A server that cannot start as asked. The message says what was given and what to do.</summary>
public sealed class ServerException(string message, Exception? cause = null) : Exception(message, cause);
