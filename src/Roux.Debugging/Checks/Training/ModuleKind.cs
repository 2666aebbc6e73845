namespace Roux.Debugging.Checks.Training;

/// <summary>What a part of a network does, as far as checks care.</summary>
public enum ModuleKind
{
    /// <summary>Something else, or unknown.</summary>
    Other,

    /// <summary>A container that runs its children one after the other.</summary>
    Sequence,

    /// <summary>Matrix times input.</summary>
    Linear,

    /// <summary>Convolution.</summary>
    Convolution,

    /// <summary>RNN, LSTM, GRU.</summary>
    Recurrent,

    /// <summary>Table of vectors.</summary>
    Embedding,

    /// <summary>Batch normalisation.</summary>
    BatchNorm,

    /// <summary>Layer, group or instance normalisation.</summary>
    Norm,

    /// <summary>Dropout of any kind.</summary>
    Dropout,

    /// <summary>ReLU and its kin with a flat half (ReLU6).</summary>
    Relu,

    /// <summary>Logistic function.</summary>
    Sigmoid,

    /// <summary>Hyperbolic tangent.</summary>
    Tanh,

    /// <summary>Any other nonlinearity (GELU, SiLU, leaky ReLU, …).</summary>
    Activation,

    /// <summary>Softmax.</summary>
    Softmax,

    /// <summary>Logarithm of softmax.</summary>
    LogSoftmax,
}
