using Roux.Learning.Features;
using Roux.Learning.Learners;

namespace Roux.Learning.Explanations;

/// <summary>Exact parts of a forest's or of averaged boosted trees' scores.</summary>
/// <typeparam name="T">How the trees are stored.</typeparam>
internal sealed class TreeAttribution<T> : Attribution where T : struct, ICoveredTrees
{
    private const int RowsAtOnce = 4;

    private readonly TreeShap<T>[] members;
    private readonly double factor;

    /// <param name="members">Models whose scores are averaged.</param>
    /// <param name="scale">What the scores are, after the factor and offset.</param>
    /// <param name="factor">Multiplies scores.</param>
    /// <param name="offset">Added to scores.</param>
    /// <exception cref="InvalidDataException">A member is not made of trees.</exception>
    public TreeAttribution(IReadOnlyList<T> members, ScoreScale scale, double factor = 1, double offset = 0)
    {
        this.members = [.. members.Select(member => new TreeShap<T>(member))];
        (Scale, this.factor) = (scale, factor);
        Expectation = new double[this.members[0].Expectation.Length];
        for (var output = 0; output < Expectation.Length; output++)
        {
            Expectation[output] = offset + factor * this.members.Average(member => member.Expectation[output]);
        }
    }

    public override ScoreScale Scale { get; }

    public override string Method => "TreeSHAP, exact";

    public override double[] Expectation { get; }

    public override double Cost => members.Sum(member => member.Cost);

    public override void Add(FeatureMatrix x, double weight, double[] parts, int threads, CancellationToken cancellation)
    {
        var dense = Dense(x);
        var width = x.Columns * Outputs;
        Loops.Blocks(x.Rows, RowsAtOnce, threads, cancellation, (first, end, _) =>
        {
            var one = new double[width];
            foreach (var member in members)
            {
                var working = member.Working();
                for (var row = first; row < end; row++)
                {
                    cancellation.ThrowIfCancellationRequested();
                    Array.Clear(one);
                    member.Add(dense.AsSpan(row * x.Columns, x.Columns), one, working);
                    for (var i = 0; i < width; i++)
                    {
                        parts[row * width + i] += weight * factor / members.Length * one[i];
                    }
                }
            }
        });
    }
}
