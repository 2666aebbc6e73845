using Roux.Learning.Data;
using Roux.Learning.Features;
using Roux.Learning.Learners;
using Roux.Tuning;
using Shouldly;
using Xunit;

namespace Roux.Learning.Tests.Learners;

/// <summary>What must hold of every classical learner.</summary>
public class EveryLearnerTests
{
    private static readonly string[] NotOurs = ["lightgbm", "xgboost"];

    public static TheoryData<string, TaskKind> Cases()
    {
        var cases = new TheoryData<string, TaskKind>();
        foreach (var learner in LearnerCatalog.All.Where(learner => !NotOurs.Contains(learner.Card.Name) && learner.Card.Family != "boosting"))
        {
            foreach (var task in new[] { TaskKind.Binary, TaskKind.Multiclass, TaskKind.Regression }.Where(learner.Supports))
            {
                cases.Add(learner.Card.Name, task);
            }
        }

        return cases;
    }

    private static Learner Find(string name) => LearnerCatalog.Find(name).ShouldNotBeNull();

    private static TrainingSet Data(TaskKind task, int rows = 240, int seed = 1) =>
        task == TaskKind.Regression ? Samples.Curves(rows, 5, seed) : Samples.Clouds(rows, 5, task == TaskKind.Binary ? 2 : 4, seed);

    private static Configuration Small(string name) => Configuration.Of(("n_estimators", 20));

    [Fact]
    public void Names_are_unique_and_cards_are_filled()
    {
        LearnerCatalog.All.Select(learner => learner.Card.Name).ShouldBeUnique();
        foreach (var card in LearnerCatalog.All.Select(learner => learner.Card))
        {
            card.Assumptions.ShouldNotBeEmpty(card.Name);
            card.Strengths.ShouldNotBeEmpty(card.Name);
            card.Weaknesses.ShouldNotBeEmpty(card.Name);
        }

        LearnerCatalog.All.Select(learner => learner.Card.Complexity).ShouldBeInOrder();
    }

    [Theory, MemberData(nameof(Cases))]
    public void Threads_do_not_change_a_bit(string name, TaskKind task)
    {
        var data = Data(task, 600);
        var one = Find(name).Fit(data, Small(name), new FitContext(3, 1));
        var two = Find(name).Fit(data, Small(name), new FitContext(3, 2));
        Samples.Save(two).ShouldBe(Samples.Save(one));
        two.Predict(data.X).Values.ShouldBe(one.Predict(data.X).Values);
    }

    [Theory, MemberData(nameof(Cases))]
    public void A_stored_model_predicts_the_same_bits(string name, TaskKind task)
    {
        var data = Data(task);
        var model = Find(name).Fit(data, Small(name), new FitContext(3));
        var again = Samples.Load(model.Kind, Samples.Save(model));
        again.Predict(data.X).Values.ShouldBe(model.Predict(data.X).Values);
        again.Importance.ShouldBe(model.Importance);
        again.ParameterCount.ShouldBe(model.ParameterCount);
    }

    [Theory, MemberData(nameof(Cases))]
    public void Predictions_have_their_shape(string name, TaskKind task)
    {
        var data = Data(task);
        foreach (var configuration in Find(name).Portfolio(task).Select(item => Small(name).With(item)))
        {
            var predictions = Find(name).Fit(data, configuration, new FitContext(3)).Predict(data.X);
            predictions.Task.ShouldBe(task);
            predictions.Width.ShouldBe(data.Y.Width);
            predictions.Rows.ShouldBe(data.X.Rows);
            predictions.Values.ShouldAllBe(value => double.IsFinite(value));
            if (task != TaskKind.Regression)
            {
                predictions.Values.ShouldAllBe(value => value >= 0 && value <= 1);
                predictions.Values.Chunk(predictions.Width).ShouldAllBe(row => Math.Abs(row.Sum() - 1) < 1e-9);
            }
        }
    }

    [Theory, MemberData(nameof(Cases))]
    public void Importance_has_one_number_a_feature(string name, TaskKind task)
    {
        var model = Find(name).Fit(Data(task), Small(name), new FitContext(3));
        if (model.Importance is { } importance)
        {
            importance.Length.ShouldBe(5);
            importance.ShouldAllBe(value => value >= 0);
        }

        model.ParameterCount.ShouldBeGreaterThan(0);
    }

    [Theory, MemberData(nameof(Cases))]
    public void Constant_features_and_a_single_column_are_no_trouble(string name, TaskKind task)
    {
        var data = Data(task, 60);
        var constant = data with { X = FeatureMatrix.FromDense(60, Samples.Features(2), [.. Enumerable.Repeat(3f, 120)]) };
        Find(name).Fit(constant, Small(name), new FitContext(3)).Predict(constant.X).Values.ShouldAllBe(value => double.IsFinite(value));
        var single = data with { X = FeatureMatrix.FromDense(60, Samples.Features(1), [.. Enumerable.Range(0, 60).Select(row => data.X.Dense![row * 5])]) };
        Find(name).Fit(single, Small(name), new FitContext(3)).Predict(single.X).Values.ShouldAllBe(value => double.IsFinite(value));
    }

    [Theory, MemberData(nameof(Cases))]
    public void Sparse_features_give_what_dense_ones_give(string name, TaskKind task)
    {
        var data = Data(task);
        for (var i = 0; i < data.X.Dense!.Length; i += 3)
        {
            data.X.Dense[i] = 0;
        }

        var sparse = Samples.ToSparse(data.X);
        var model = Find(name).Fit(data, Small(name), new FitContext(3));
        var fromSparse = Find(name).Fit(data with { X = sparse }, Small(name), new FitContext(3));
        var (dense, mixed, both) = (model.Predict(data.X).Values, model.Predict(sparse).Values, fromSparse.Predict(sparse).Values);
        for (var i = 0; i < dense.Length; i++)
        {
            mixed[i].ShouldBe(dense[i], 1e-6 * Math.Max(1, Math.Abs(dense[i])));
            both[i].ShouldBe(dense[i], 2e-3 * Math.Max(1, Math.Abs(dense[i])));
        }
    }

    [Theory, MemberData(nameof(Cases))]
    public void A_class_without_rows_gets_no_probability(string name, TaskKind task)
    {
        if (task == TaskKind.Regression)
        {
            return;
        }

        var data = Data(task, 90);
        var rows = Enumerable.Range(0, 90).Where(row => data.Y.Labels[row] != 1).ToArray();
        var predictions = Find(name).Fit(data.Take(rows), Small(name), new FitContext(3)).Predict(data.X);
        predictions.Width.ShouldBe(data.Y.Width);
        predictions.Values.Where((_, i) => i % predictions.Width == 1).ShouldAllBe(value => value < 1e-9);
    }

    [Theory, MemberData(nameof(Cases))]
    public void Many_classes_and_few_rows_are_no_trouble(string name, TaskKind task)
    {
        var data = task == TaskKind.Multiclass ? Samples.Clouds(120, 3, 40, 5, 30) : task == TaskKind.Binary ? Samples.Clouds(2, 3, 2, 5) : Samples.Curves(3, 4, 5);
        Find(name).Fit(data, Small(name), new FitContext(3)).Predict(data.X).Values.ShouldAllBe(value => double.IsFinite(value));
    }

    [Theory, MemberData(nameof(Cases))]
    public void Zero_weight_is_absence_and_bad_weights_are_refused(string name, TaskKind task)
    {
        var data = Data(task, 100);
        var weighted = data with { Weights = [.. Enumerable.Range(0, 100).Select(row => row < 50 ? 1.0 : 0)] };
        Find(name).Fit(weighted, Small(name), new FitContext(3)).Predict(data.X).Values.ShouldAllBe(value => double.IsFinite(value));
        Should.Throw<LearnerException>(() => Find(name).Fit(data with { Weights = [.. Enumerable.Repeat(-1.0, 100)] }, Small(name), new FitContext(3)));
        Should.Throw<LearnerException>(() => Find(name).Fit(data with { Weights = new double[100] }, Small(name), new FitContext(3)));
    }

    [Theory, MemberData(nameof(Cases))]
    public void A_matrix_of_another_width_is_refused(string name, TaskKind task)
    {
        var model = Find(name).Fit(Data(task), Small(name), new FitContext(3));
        Should.Throw<ArgumentException>(() => model.Predict(Samples.Dense([1f, 2f]))).Message.ShouldContain("5 features");
    }

    [Fact]
    public void Multilabel_goes_label_by_label()
    {
        var data = Samples.Clouds(300, 4, 2, 9);
        var indicators = new bool[300 * 3];
        for (var row = 0; row < 300; row++)
        {
            indicators[row * 3] = data.Y.Labels[row] == 1;
            indicators[row * 3 + 1] = data.X.Dense![row * 4 + 2] > 0;
        }

        var training = new TrainingSet(data.X, Target.Multilabel(indicators, ["cloud", "high", "never"]));
        var model = OneVsRest.Fit(Find("logistic-regression"), training, Configuration.Empty, new FitContext(1));
        var predictions = model.Predict(data.X);
        predictions.Task.ShouldBe(TaskKind.Multilabel);
        predictions.Width.ShouldBe(3);
        var right = Enumerable.Range(0, 900).Count(i => predictions.Values[i] >= 0.5 == indicators[i]);
        right.ShouldBeGreaterThan(870);
        predictions.Values.Where((_, i) => i % 3 == 2).ShouldAllBe(value => value == 0);
        Samples.Load(model.Kind, Samples.Save(model)).Predict(data.X).Values.ShouldBe(predictions.Values);
        model.Importance.ShouldNotBeNull().Length.ShouldBe(4);
    }
}
