using Roux.Learning.Data;

namespace Roux.Learning.AutoML;

/// <summary>Says what a rule would answer on the rows that it covers, how good that is, and whether it could be chance.</summary>
internal abstract class CoverJudge
{
    /// <summary>The judge that suits a target.</summary>
    public static CoverJudge For(Target target) => target.Task == TaskKind.Regression ? new MeanJudge(target) : new ClassJudge(target);

    /// <summary>How many answers there are to choose from, for the correction of repeated tests.</summary>
    public abstract int Answers { get; }

    /// <summary>Share of the loss that a rule must save to be worth a line.</summary>
    public virtual double Worth => 0;

    /// <summary>The rows that are left to be decided.</summary>
    public abstract void Consider(ulong[] population);

    /// <summary>What a rule is worth; a quality of 0 or less is worth nothing.</summary>
    public abstract CoverVerdict Judge(ulong[] cover, int rows);

    /// <summary>Chance of rows as one-sided as these if they were drawn at random from a population.</summary>
    public abstract double PValue(ulong[] cover, ulong[] population, double answer);

    /// <summary>The best answer for rows that no rule decides.</summary>
    public abstract double Default(ulong[] rows);

    /// <summary>How wrong an answer is on some rows: the number of wrong ones, or the sum of squared errors.</summary>
    public abstract double Loss(ulong[] rows, double answer);

    /// <summary>An answer as a rule file has it.</summary>
    public abstract string Text(double answer);
}

/// <summary>What a cover is worth.</summary>
/// <param name="Quality">Higher is better.</param>
/// <param name="Answer">A place among the classes, or a number.</param>
internal readonly record struct CoverVerdict(double Quality, double Answer);
