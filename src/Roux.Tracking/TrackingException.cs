namespace Roux.Tracking;

/// <summary>Something that the caller can put right: a wrong name, a store that cannot be opened, a full disk. The message says what was given and what to do.</summary>
public class TrackingException : Exception
{
    /// <param name="message">What was given, what is allowed, what to do.</param>
    public TrackingException(string message) : base(message)
    {
    }

    /// <param name="message">What was given, what is allowed, what to do.</param>
    /// <param name="cause">The exception below it.</param>
    public TrackingException(string message, Exception cause) : base(message, cause)
    {
    }
}
