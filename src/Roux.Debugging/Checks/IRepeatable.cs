namespace Roux.Debugging.Checks;

/// <summary>A training that can be done again from the beginning under circumstances that are told. Whatever trains models implements it.</summary>
public interface IRepeatable
{
    /// <summary>What is trained.</summary>
    string Name { get; }

    /// <summary>Trains from the beginning and answers for rows that are always the same.</summary>
    /// <param name="circumstances">Seed, threads and so on.</param>
    /// <param name="cancellation">Asks to stop.</param>
    RepeatTrace Repeat(Circumstances circumstances, CancellationToken cancellation);
}

/// <summary>Under what a training is done again.</summary>
/// <param name="Seed">All randomness is to come from it.</param>
/// <param name="Threads">Threads that may work at once.</param>
public sealed record Circumstances(int Seed, int Threads);

/// <summary>What a training went through and came to.</summary>
/// <param name="Stages">Marks on the way, in order: runs that part do so between two of them.</param>
/// <param name="Answers">What the model says of rows that are always the same, row-major.</param>
/// <param name="Width">Answers a row.</param>
public sealed record RepeatTrace(IReadOnlyList<RepeatStage> Stages, double[] Answers, int Width);

/// <summary>A mark on the way of a training.</summary>
/// <param name="Kind">What it tells of.</param>
/// <param name="Name">Where, such as <c>step 3</c>.</param>
/// <param name="Values">Numbers that are equal where nothing has parted yet: a digest of the rows in their order, weights, a loss.</param>
public sealed record RepeatStage(StageKind Kind, string Name, IReadOnlyList<double> Values);

/// <summary>The parts of a training that may differ.</summary>
public enum StageKind
{
    /// <summary>The rows and their order.</summary>
    Data,

    /// <summary>What the model starts from.</summary>
    Initialisation,

    /// <summary>Steps of the training.</summary>
    Training,

    /// <summary>The finished model.</summary>
    Model,
}
