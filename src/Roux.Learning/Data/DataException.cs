namespace Roux.Learning.Data;

/// <summary>
/// The data, or what was asked of it, is wrong. The message is one line for the user: what was given, what is allowed, what to do.
/// A command line prints it as it stands and exits with code 2.
/// </summary>
public sealed class DataException : Exception
{
    /// <param name="message">One line for the user.</param>
    public DataException(string message) : base(message)
    {
    }

    /// <param name="message">One line for the user.</param>
    /// <param name="inner">What caused it.</param>
    public DataException(string message, Exception inner) : base(message, inner)
    {
    }
}
