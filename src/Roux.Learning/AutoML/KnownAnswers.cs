using Roux.Learning.Data;
using Roux.Learning.Pipelines;

namespace Roux.Learning.AutoML;

/// <summary>Reads known answers in the terms of a fitted model.</summary>
public static class KnownAnswers
{
    /// <summary>The answers, and the rows of the table that have one which the model knows.</summary>
    /// <param name="table">The rows.</param>
    /// <param name="column">The column that holds the answers.</param>
    /// <param name="pipeline">The model.</param>
    /// <param name="separator">For labels: the text between them; <c>null</c> to find it.</param>
    /// <exception cref="DataException">The column is not there, or no row has such an answer.</exception>
    public static (Target Target, int[] Rows) Of(Table table, string column, Pipeline pipeline, string? separator = null) => TestAnswers.Of(table, column, pipeline.Task switch
    {
        TaskKind.Regression => Target.Regression([]),
        TaskKind.Multilabel => Target.Multilabel([], pipeline.Classes),
        _ => Target.Classification([], pipeline.Classes),
    }, separator);
}
