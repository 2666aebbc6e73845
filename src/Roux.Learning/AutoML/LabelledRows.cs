using Roux.Learning.Data;
using Roux.Learning.Pipelines;

namespace Roux.Learning.AutoML;

/// <summary>Reads answers in the terms of a model.</summary>
public static class LabelledRows
{
    /// <summary>The answers, and the rows of the table that have one that the model knows.</summary>
    /// <param name="table">The rows.</param>
    /// <param name="target">Column of the answers.</param>
    /// <param name="pipeline">The model.</param>
    /// <exception cref="DataException">The column is absent, or no row can be scored.</exception>
    public static (Target Answers, int[] Rows) Of(Table table, string target, Pipeline pipeline) => TestAnswers.Of(table, target, pipeline.Task switch
    {
        TaskKind.Regression => Target.Regression([]),
        TaskKind.Multilabel => Target.Multilabel([], pipeline.Classes),
        _ => Target.Classification([], pipeline.Classes),
    }, null);
}
