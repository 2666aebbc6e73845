namespace Roux.Tracking.Search;

/// <summary>A filter or an order that is not understood.</summary>
/// <param name="at">Index of the character where that begins.</param>
/// <param name="message">What is wrong and what is allowed.</param>
internal sealed class FilterException(int at, string message) : TrackingException(message)
{
    /// <summary>Index of the character where what is not understood begins; the length of the text for its end.</summary>
    public int At => at;
}
