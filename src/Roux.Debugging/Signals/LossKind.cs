namespace Roux.Debugging.Signals;

/// <summary>What a training minimises.</summary>
public enum LossKind
{
    /// <summary>Not said, or something else: only the curve's shape is judged.</summary>
    Unknown,

    /// <summary>Cross entropy over classes, of logits or of log-probabilities, in nats.</summary>
    CrossEntropy,

    /// <summary>Cross entropy of one yes-or-no output, in nats.</summary>
    BinaryCrossEntropy,

    /// <summary>Mean squared error.</summary>
    Squared,

    /// <summary>Mean absolute error, or Huber's.</summary>
    Absolute,
}
