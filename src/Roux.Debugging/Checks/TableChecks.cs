using Roux.Debugging.Checks.Data;
using Roux.Debugging.Checks.Drift;
using Roux.Debugging.Checks.Images;
using Roux.Debugging.Checks.Leakage;
using Roux.Debugging.Checks.Text;
using Roux.Debugging.Findings;
using Roux.Debugging.Labels;
using Roux.Tracking;

namespace Roux.Debugging.Checks;

/// <summary>The checks of a table.</summary>
public static class TableChecks
{
    /// <summary>Every check of a table, what makes all else worthless first.</summary>
    public static IReadOnlyList<Check<TableSubject>> All { get; } =
    [
        // Leakage.
        new SuspectedLeakCheck(),
        new ComputedTargetCheck(),
        new CoarseTargetCheck(),
        new TargetEncodedCheck(),
        new MissingByClassCheck(),
        new TestRowsInTuningCheck(),
        new DuplicatesAcrossSplitsCheck(),
        new GroupOverlapCheck(),
        new TimeOrderCheck(),
        new TargetInTextCheck(),
        new FittedBeforeSplitCheck(),
        new SelectedBeforeSplitCheck(),
        new RowOrderCheck(),

        // What a text or an image is.
        .. ImageChecks.All.Select(check => new PixelCheck(check)),
        new TruncatedTextCheck(),
        new WrongEncodingCheck(),
        new HtmlRemainsCheck(),
        new EmptyTextCheck(),
        new NearDuplicateTextsCheck(),
        new BoilerplateCheck(),
        new LanguageMixCheck(),
        new TextLengthRatioCheck(),
        new VocabularyMismatchCheck(),

        // Data.
        new DuplicatedRowsCheck(),
        new ConflictingLabelsCheck(),
        new AnnotatorDisagreementCheck(),
        new LabelErrorsCheck(),
        new TinyClassesCheck(),
        new ClassBalanceCheck(),
        new SentinelValuesCheck(),
        new MissingPatternCheck(),
        new MixedTypesCheck(),
        new OutliersCheck(),
        new NearConstantCheck(),
        new RareLevelsCheck(),
        new UnseenLevelsCheck(),
        new ProfileRule("missing-target", "Rows have no answer."),
        new ProfileRule("mostly-missing", "More than half of a column's values are missing."),
        new ProfileRule("constant-columns", "A column has one value, or none, throughout."),
        new ProfileRule("id-like-columns", "Every row has its own value: the column names rows."),
        new ProfileRule("extreme-values", "Values lie more than ten interquartile ranges outside the quartiles (Tukey 1977)."),
        new ProfileRule("high-cardinality", "A category has more than 50 levels."),
        new ProfileRule("redundant-columns", "Two columns correlate at 0.98 or more."),
        new ProfileRule("inconsistent-spelling", "Levels differ only in case, blanks or hyphens."),

        // Drift.
        new SchemaDriftCheck(),
        new ColumnDriftCheck(),
        new MissingDriftCheck(),
        new LabelDriftCheck(),
        new DomainDriftCheck(),
    ];

    /// <summary>What is found in a table: each cause once, the most important first.</summary>
    /// <exception cref="OperationCanceledException">Asked to stop.</exception>
    public static IReadOnlyList<Finding> Look(TableSubject subject, CheckContext context) =>
        FindingList.Of(CheckRunner.Run(All, subject, context), [.. All.Select(CheckCard.Of)]);
}
