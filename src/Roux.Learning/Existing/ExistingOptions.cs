namespace Roux.Learning.Existing;

/// <summary>Where the answers of the existing system come from, and how they are read. Holds no secret: headers are named by the environment variable that has their value.</summary>
public sealed record ExistingOptions
{
    /// <summary>A file of predictions, an <c>.onnx</c> file, or an <c>http://</c> or <c>https://</c> address.</summary>
    public required string Source { get; init; }

    /// <summary>Column that names a row, in the data and in a file of predictions; never a feature.</summary>
    public string? KeyColumn { get; init; }

    /// <summary>Column of a file of predictions, or output of an ONNX model, that holds the answers; <c>null</c>: found by name and kind.</summary>
    public string? Column { get; init; }

    /// <summary>What to score rows as that the system has no answer for; <c>null</c>: such rows are refused.</summary>
    public string? Default { get; init; }

    /// <summary>Columns sent to a model, in the order of its matrix; empty for all but the target, by name.</summary>
    public IReadOnlyList<string> Inputs { get; init; } = [];

    /// <summary>Classes in the order of the system's numbers or probabilities; empty for the target's own order.</summary>
    public IReadOnlyList<string> Classes { get; init; } = [];

    /// <summary><c>mlflow</c> or <c>plain</c>; <c>null</c>: mlflow where the address ends with <c>/invocations</c>.</summary>
    public string? Protocol { get; init; }

    /// <summary>Rows per request.</summary>
    public int Batch { get; init; } = 256;

    /// <summary>Time for one request, its answer included.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Requests under way at once.</summary>
    public int Concurrency { get; init; } = 2;

    /// <summary>Headers to send, each with the environment variable that holds its value.</summary>
    public IReadOnlyList<(string Header, string Variable)> Headers { get; init; } = [];
}
