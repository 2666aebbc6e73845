namespace Roux.Cli;

/// <summary>A wrong call: the message names what was given, what is allowed and what to do. Ends with exit code 2.</summary>
internal sealed class UsageException(string message) : Exception(message);
