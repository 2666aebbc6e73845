namespace Roux.Learning.Reports.Sections;

/// <summary>The terms of the report for a reader who does not build models.</summary>
internal static class GlossarySection
{
    private static readonly Dictionary<string, string> MetricMeanings = new(StringComparer.Ordinal)
    {
        ["roc_auc"] = "The chance that a row of the sought class gets a higher score than a row of the other. 0.5 is guessing, 1 is perfect.",
        ["roc_auc_ovo"] = "The chance, averaged over all pairs of classes, that a row of one gets a higher score for it than a row of the other. 0.5 is guessing, 1 is perfect.",
        ["average_precision"] = "How pure the rows with the highest scores are, averaged over all cut-offs. The share of the sought class is guessing, 1 is perfect.",
        ["accuracy"] = "The share of rows that were predicted right. Misleading where one class is much more frequent than the others.",
        ["balanced_accuracy"] = "The share of rows that were predicted right, worked out per class and then averaged, so that rare classes count as much as frequent ones.",
        ["f1"] = "The harmonic mean of precision and recall: high only when both are. 1 is perfect.",
        ["precision"] = "Of the rows that were called positive, the share that is.",
        ["recall"] = "Of the rows that are positive, the share that was found.",
        ["specificity"] = "Of the rows that are negative, the share that was called so.",
        ["macro_f1"] = "F1 (the harmonic mean of precision and recall) of each class, averaged so that rare classes count as much as frequent ones. 1 is perfect.",
        ["weighted_f1"] = "F1 (the harmonic mean of precision and recall) of each class, averaged by how frequent the class is. 1 is perfect.",
        ["micro_f1"] = "F1 (the harmonic mean of precision and recall) over all single decisions together. 1 is perfect.",
        ["mcc"] = "The correlation of prediction and truth. 0 is guessing, 1 is perfect.",
        ["cohen_kappa"] = "Agreement of prediction and truth beyond what chance would give. 0 is guessing, 1 is perfect.",
        ["log_loss"] = "How surprised the predicted probabilities are by the truth: lower is better, and being sure and wrong costs most.",
        ["brier"] = "The mean squared difference of probability and truth: lower is better.",
        ["subset_accuracy"] = "The share of rows where every single label is right.",
        ["hamming_loss"] = "The share of single labels that are wrong: lower is better.",
        ["rmse"] = "The typical size of an error in the unit of the target, where large errors count more: lower is better.",
        ["mse"] = "The mean of the squared errors: lower is better.",
        ["mae"] = "The mean size of an error in the unit of the target: lower is better.",
        ["median_absolute_error"] = "Half of all errors are smaller than this: lower is better.",
        ["max_error"] = "The largest error: lower is better.",
        ["mape"] = "The mean size of an error as a share of the true value: lower is better.",
        ["r2"] = "The share of the target's variation that the model explains. 0 is no better than always saying the mean, 1 is perfect.",
        ["explained_variance"] = "The share of the target's variation that the model explains, a constant shift forgiven. 1 is perfect.",
    };

    public static ReportSection Make(ReportContext context) => new("terms", "Terms", "Terms", Markup.Of($"""
        <dl class="pairs terms">{Terms(context).Select(term => Markup.Of($"<dt>{term.Name}</dt><dd>{term.Meaning}</dd>"))}</dl>
        """));

    /// <summary>What a metric means, for a non-specialist; <c>null</c> for one without an entry.</summary>
    public static string? Meaning(string metric) => MetricMeanings.GetValueOrDefault(metric);

    private static IEnumerable<(string Name, string Meaning)> Terms(ReportContext context)
    {
        var metric = context.Metric;
        yield return (metric.Title, Meaning(metric.Name) ?? $"The figure that candidates are ranked by; {(metric.HigherIsBetter ? "higher" : "lower")} is better.");
        yield return ("Baseline", "An answer that needs no learning, such as always the most frequent class, or rules already in use. A model has to beat it to be worth anything.");
        yield return ("Cross-validation", "Rows are split several times into a part to learn from and a part to be tested on, so that every candidate is scored on rows it has not learned from.");
        yield return ("Final score", "The winner's score on rows that were locked away from the beginning. It is looked at once, so nothing can have been fitted to it.");
        yield return ("95% interval", "The range in which the true figure may well lie, given how few rows it was measured on. The fewer rows, the wider.");
        yield return ("p-value", "How often chance alone would make a difference this large between two candidates that are in truth equal. Adjusted by Holm's method for comparing many at once.");
        yield return ("As good as the best", "Within one standard error of the best score and not significantly worse. Among several such candidates the simplest is recommended.");
        yield return ("Interpretability", "Readable: the whole model can be read. Additive: the part of each column can be read off. Opaque: it can be understood only from outside, by importance and examples.");
        yield return ("Alone tells", "How much of the target a single column predicts by itself: the share of the errors of the simplest guess that go away. Near 100% it may give the answer away.");
        yield return ("Importance", "By shuffling: how much worse the final score gets when the values of a column are mixed up. By gain: the column's share in what the model itself has drawn from the columns.");
    }
}
