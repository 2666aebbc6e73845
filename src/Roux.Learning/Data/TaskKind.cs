namespace Roux.Learning.Data;

/// <summary>What kind of question the target asks.</summary>
public enum TaskKind
{
    /// <summary>Two classes.</summary>
    Binary,

    /// <summary>Three or more classes, exactly one per row.</summary>
    Multiclass,

    /// <summary>Any number of classes per row.</summary>
    Multilabel,

    /// <summary>A number.</summary>
    Regression,
}
