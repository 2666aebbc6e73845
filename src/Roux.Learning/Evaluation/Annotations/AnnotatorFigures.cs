namespace Roux.Learning.Evaluation.Annotations;

/// <summary>What is known of one annotator.</summary>
/// <param name="Name">Who.</param>
/// <param name="Items">Items labelled.</param>
/// <param name="Agreement">Share of the items where the label is that of the others' consensus; for numbers the mean absolute difference from the others' mean.</param>
/// <param name="Accuracy">The chance of being right as Dawid and Skene's model estimates it; NaN for numbers.</param>
/// <param name="Bias">For numbers: the mean difference from the others' mean; NaN for classes.</param>
/// <param name="Confusion">True class x label, rows summing to 1, by Dawid and Skene; empty for numbers.</param>
public sealed record AnnotatorFigures(string Name, int Items, double Agreement, double Accuracy, double Bias, IReadOnlyList<double[]> Confusion);
