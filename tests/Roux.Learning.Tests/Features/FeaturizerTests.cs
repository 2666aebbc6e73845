using Roux.Learning.Data;
using Roux.Learning.Features;
using Shouldly;
using Xunit;

namespace Roux.Learning.Tests.Features;

/// <summary>What must hold of all columns put together.</summary>
public sealed class FeaturizerTests
{
    public static TheoryData<int> FormNumbers => [0, 1, 2, 3];

    public static TheoryData<int, string> FormsAndTasks =>
        [.. from form in Enumerable.Range(0, 4) from task in (string[])["binary", "multiclass", "multilabel", "regression"] select (form, task)];

    [Theory]
    [MemberData(nameof(FormsAndTasks))]
    public void Stored_and_loaded_it_transforms_bit_for_bit_alike(int form, string task)
    {
        var table = Tables.Mixed(400, 1);
        var y = task switch
        {
            "binary" => Tables.Classes(400, 2, 2),
            "multiclass" => Tables.Classes(400, 13, 2),
            "multilabel" => Target.Multilabel([.. Enumerable.Range(0, 1200).Select(i => i * 7 % 5 < 2)], ["a", "b", "c"]),
            _ => Tables.Numbers(400, 2),
        };
        var (featurizer, training) = Tables.Fit(table, Tables.MixedColumns, y, Tables.Forms[form]);
        training.Rows.ShouldBe(400);
        var others = Tables.Mixed(150, 3);
        var loaded = Tables.SaveAndLoad(featurizer);
        loaded.Form.ShouldBe(featurizer.Form);
        loaded.Columns.ShouldBe(featurizer.Columns);
        loaded.Transform(others).ShouldBeSameAs(featurizer.Transform(others));
    }

    [Theory]
    [MemberData(nameof(FormNumbers))]
    public void Rows_that_were_not_trained_on_change_nothing(int form)
    {
        // Two tables that agree on the first 300 rows; the columns of each share their levels between all rows.
        var (one, other) = (Tables.Mixed(300, 1), Tables.Mixed(300, 9));
        var first = Concatenate(one, Tables.Mixed(200, 2)).Take([.. Enumerable.Range(0, 300)]);
        var second = Concatenate(other, one).Take([.. Enumerable.Range(300, 300)]);
        var y = Tables.Classes(300, 3, 4);
        var (a, trainingA) = Tables.Fit(first, Tables.MixedColumns, y, Tables.Forms[form]);
        var (b, trainingB) = Tables.Fit(second, Tables.MixedColumns, y, Tables.Forms[form]);
        trainingA.ShouldBeSameAs(trainingB);
        var fresh = Tables.Mixed(100, 7);
        a.Transform(fresh).ShouldBeSameAs(b.Transform(fresh));
    }

    [Theory]
    [MemberData(nameof(FormNumbers))]
    public void The_number_of_threads_does_not_show(int form)
    {
        var table = Tables.Mixed(1500, 1);
        var y = Tables.Numbers(1500, 2);
        var (one, trainingOne) = Tables.Fit(table, Tables.MixedColumns, y, Tables.Forms[form], threads: 1);
        var copy = new Table("copy", [.. table.Columns.Select(Copy)]); // texts not counted yet, so that several threads count them
        var (four, trainingFour) = Tables.Fit(copy, Tables.MixedColumns, y, Tables.Forms[form], threads: 4);
        trainingFour.ShouldBeSameAs(trainingOne);
        var fresh = Tables.Mixed(700, 3);
        four.Transform(fresh, 4, CancellationToken.None).ShouldBeSameAs(one.Transform(fresh));
    }

    [Theory]
    [MemberData(nameof(FormNumbers))]
    public void Another_seed_only_moves_the_inner_folds(int form)
    {
        var table = Tables.Mixed(500, 1);
        var y = Tables.Classes(500, 2, 2);
        var (one, training) = Tables.Fit(table, Tables.MixedColumns, y, Tables.Forms[form], seed: 1);
        var (two, other) = Tables.Fit(table, Tables.MixedColumns, y, Tables.Forms[form], seed: 2);
        two.Transform(table).ShouldBeSameAs(one.Transform(table));
        var differs = !training.ToDense().SequenceEqual(other.ToDense());
        differs.ShouldBe(training.Features.Any(feature => feature.Name.EndsWith("@mean", StringComparison.Ordinal)));
    }

    [Theory]
    [MemberData(nameof(FormNumbers))]
    public void Dense_and_sparse_hold_the_same_numbers(int form)
    {
        // Enough words make the whole sparse; each column alone with few features is dense.
        var table = Tables.Mixed(400, 1);
        var y = Tables.Classes(400, 2, 2);
        var (all, _) = Tables.Fit(table, Tables.MixedColumns, y, Tables.Forms[form]);
        var together = ByName(all.Transform(table));
        var storages = new HashSet<bool>();
        foreach (var spec in Tables.MixedColumns.Where(spec => spec.Role != ColumnRole.Id))
        {
            var (alone, _) = Tables.Fit(table, [spec], y, Tables.Forms[form]);
            var x = alone.Transform(table);
            storages.Add(x.IsSparse);
            foreach (var (name, values) in ByName(x))
            {
                values.ShouldBe(together[name]);
            }
        }

        storages.Count.ShouldBe(2);
    }

    [Fact]
    public void Text_makes_a_matrix_sparse_and_numbers_alone_leave_it_dense()
    {
        var table = Tables.Mixed(400, 1);
        var y = Tables.Classes(400, 2, 2);
        Tables.Fit(table, Tables.MixedColumns, y, FeatureForm.Linear).Training.IsSparse.ShouldBeTrue();
        Tables.Fit(table, [.. Tables.MixedColumns.Take(2)], y, FeatureForm.Linear).Training.IsSparse.ShouldBeFalse();
    }

    [Theory]
    [MemberData(nameof(FormNumbers))]
    public void A_table_of_one_row_can_be_fitted_and_transformed(int form)
    {
        var table = Tables.Mixed(60, 1);
        var one = table.Take([17]);
        var (featurizer, training) = Tables.Fit(one, Tables.MixedColumns, Target.Regression([3.5]), Tables.Forms[form]);
        training.Rows.ShouldBe(1);
        featurizer.Transform(table).Rows.ShouldBe(60);
        var (many, _) = Tables.Fit(table, Tables.MixedColumns, Tables.Classes(60, 2, 1), Tables.Forms[form]);
        many.Transform(one).ToDense().ShouldBe(many.Transform(table).ToDense().AsSpan(17 * many.Features.Count, many.Features.Count).ToArray());
    }

    [Theory]
    [MemberData(nameof(FormNumbers))]
    public void Columns_without_any_value_do_no_harm(int form)
    {
        var table = Tables.Mixed(40, 1);
        var empty = new Table("empty", [.. table.Columns.Select(column => Empty(column, 40))]);
        var y = Tables.Classes(40, 2, 1);
        var (fromNothing, training) = Tables.Fit(empty, Tables.MixedColumns, y, Tables.Forms[form]);
        training.Columns.ShouldBeGreaterThan(0);
        var later = fromNothing.Transform(table);
        var (featurizer, _) = Tables.Fit(table, Tables.MixedColumns, y, Tables.Forms[form]);
        var nothing = featurizer.Transform(empty);
        if (!Tables.Forms[form].KeepMissing)
        {
            later.ToDense().ShouldAllBe(value => float.IsFinite(value));
            nothing.ToDense().ShouldAllBe(value => float.IsFinite(value));
        }
    }

    [Theory]
    [MemberData(nameof(FormNumbers))]
    public void A_column_read_as_another_type_is_read_back(int form)
    {
        var table = Tables.Mixed(300, 1);
        var (featurizer, _) = Tables.Fit(table, Tables.MixedColumns, Tables.Classes(300, 2, 2), Tables.Forms[form]);
        var asText = new Table("text", [.. table.Columns.Select(column => (Column)TextColumn.From(column.Name, Enumerable.Range(0, 300).Select(column.Format)))]);
        featurizer.Transform(asText).ShouldBeSameAs(featurizer.Transform(table));
    }

    [Fact]
    public void A_missing_column_is_named_and_an_extra_one_passed_over()
    {
        var table = Tables.Mixed(50, 1);
        var (featurizer, _) = Tables.Fit(table, Tables.MixedColumns, Tables.Classes(50, 2, 2), FeatureForm.Linear);
        Should.Throw<DataException>(() => featurizer.Transform(table.Without("director"))).Message.ShouldContain("'director'");
        var more = new Table("more", [new NumberColumn("extra", new double[50]), .. table.Columns]);
        featurizer.Transform(more).ShouldBeSameAs(featurizer.Transform(table));
        featurizer.Transform(table.Without("key")).ShouldBeSameAs(featurizer.Transform(table)); // an id is not needed
        var numbers = new Table("numbers", [.. table.Without("released").Columns, new NumberColumn("released", new double[50])]);
        Should.Throw<DataException>(() => featurizer.Transform(numbers)).Message.ShouldContain("'released'");
    }

    [Fact]
    public void Names_are_unique_even_when_columns_conspire()
    {
        var table = new Table("t", [TextColumn.From("a", ["b", "b", "c", "c"]), new NumberColumn("a=b", [1, 2, 3, 4])]);
        var (_, x) = Tables.Fit(table, [new("a", ColumnType.Text, ColumnRole.Categorical), new("a=b", ColumnType.Real, ColumnRole.Numeric)], Tables.Classes(4, 2, 1), FeatureForm.Linear);
        x.Names().ShouldBe(["a=b", "a=c", "a=b #2"]);
    }

    [Fact]
    public void A_table_without_usable_columns_gives_one_feature_of_zeros()
    {
        var (featurizer, x) = Tables.Fit(Tables.Mixed(5, 1), [], Tables.Classes(5, 2, 1), FeatureForm.Linear);
        x.ToDense().ShouldBe(new float[5]);
        Tables.SaveAndLoad(featurizer).Transform(Tables.Mixed(3, 1)).ToDense().ShouldBe(new float[3]);
    }

    [Fact]
    public void Being_asked_to_stop_stops_it()
    {
        using var source = new CancellationTokenSource();
        source.Cancel();
        Should.Throw<OperationCanceledException>(() => Featurizer.Fit(
            Tables.Mixed(50, 1), Tables.MixedColumns, Tables.Classes(50, 2, 2), FeatureForm.Linear, 1, 1, source.Token));
    }

    private static Dictionary<string, float[]> ByName(FeatureMatrix x)
    {
        var dense = x.ToDense();
        return x.Names().Select((name, j) => (name, j)).ToDictionary(pair => pair.name, pair => Enumerable.Range(0, x.Rows).Select(row => dense[row * x.Columns + pair.j]).ToArray());
    }

    private static Table Concatenate(Table a, Table b) => new("both", [.. a.Columns.Select(column => Concatenate(column, b[column.Name]))]);

    private static Column Concatenate(Column a, Column b) => a switch
    {
        NumberColumn numbers => new NumberColumn(a.Name, [.. numbers.Values, .. ((NumberColumn)b).Values], a.Type),
        DateColumn dates => new DateColumn(a.Name, [.. dates.Ticks, .. ((DateColumn)b).Ticks]),
        _ => TextColumn.From(a.Name, [.. Enumerable.Range(0, a.Length).Select(a.Format), .. Enumerable.Range(0, b.Length).Select(b.Format)]),
    };

    private static Column Copy(Column column) => column is TextColumn text ? new TextColumn(text.Name, text.Codes, [.. text.Levels]) : column;

    private static Column Empty(Column column, int rows) => column switch
    {
        NumberColumn => new NumberColumn(column.Name, [.. Enumerable.Repeat(double.NaN, rows)], column.Type),
        DateColumn => new DateColumn(column.Name, [.. Enumerable.Repeat(DateColumn.Missing, rows)]),
        _ => TextColumn.From(column.Name, new string?[rows]),
    };
}
