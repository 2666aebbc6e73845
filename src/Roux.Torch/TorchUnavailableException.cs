namespace Roux.Torch;

/// <summary>libtorch cannot be loaded here; the message says why and what to do.</summary>
public sealed class TorchUnavailableException : Exception
{
    /// <inheritdoc/>
    public TorchUnavailableException(string message) : base(message)
    {
    }

    /// <inheritdoc/>
    public TorchUnavailableException(string message, Exception innerException) : base(message, innerException)
    {
    }

    /// <inheritdoc/>
    public TorchUnavailableException()
    {
    }
}
