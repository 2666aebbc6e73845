using Roux.Learning.Features;

namespace Roux.Learning.Explanations;

/// <summary>Parts of one binary model per label.</summary>
internal sealed class LabelsAttribution : Attribution
{
    private readonly IReadOnlyList<Attribution?> labels;

    /// <param name="labels">One output each, all on one scale; <c>null</c> for a label whose model says the same of every row.</param>
    /// <param name="constants">What those say, on that scale.</param>
    public LabelsAttribution(IReadOnlyList<Attribution?> labels, IReadOnlyList<double> constants)
    {
        this.labels = labels;
        Expectation = [.. labels.Select((label, i) => label?.Expectation[0] ?? constants[i])];
    }

    public override ScoreScale Scale => labels.First(label => label is not null)!.Scale;

    public override string Method => labels.First(label => label is not null)!.Method;

    public override double[] Expectation { get; }

    public override double Cost => labels.Sum(label => label?.Cost ?? 0);

    public override void Add(FeatureMatrix x, double weight, double[] parts, int threads, CancellationToken cancellation)
    {
        var one = new double[x.Rows * x.Columns];
        for (var label = 0; label < labels.Count; label++)
        {
            Array.Clear(one);
            labels[label]?.Add(x, weight, one, threads, cancellation);
            for (var i = 0; i < one.Length && labels[label] is not null; i++)
            {
                parts[i * labels.Count + label] += one[i];
            }
        }
    }
}
