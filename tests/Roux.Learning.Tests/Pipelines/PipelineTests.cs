using System.IO.Compression;
using Roux.Learning.Data;
using Roux.Learning.Features;
using Roux.Learning.Learners;
using Roux.Learning.Pipelines;
using Roux.Learning.Tests.Features;
using Roux.Tuning;
using Shouldly;
using Xunit;

namespace Roux.Learning.Tests.Pipelines;

public sealed class PipelineTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("roux-pipeline").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void Saved_and_loaded_it_predicts_bit_for_bit_alike()
    {
        var pipeline = Ensemble(300);
        var path = Path.Combine(folder, "deep", "model.roux");
        pipeline.Save(path);
        var loaded = Pipeline.Load(path);
        loaded.Name.ShouldBe("ensemble");
        loaded.Task.ShouldBe(TaskKind.Multiclass);
        loaded.TargetColumn.ShouldBe("genre");
        loaded.Classes.ShouldBe(["c0", "c1", "c2"]);
        loaded.Columns.ShouldBe(pipeline.Columns);
        loaded.Metadata.ShouldBe(pipeline.Metadata, ignoreOrder: true);
        loaded.Members.Select(member => member.Weight).ShouldBe([2, 1, 1]);
        loaded.Members[0].Featurizer.ShouldBeSameAs(loaded.Members[1].Featurizer);
        var fresh = Tables.Mixed(80, 9);
        loaded.Predict(fresh).Values.ShouldBe(pipeline.Predict(fresh).Values);
        Directory.GetFiles(Path.GetDirectoryName(path)!).ShouldBe([path]); // nothing temporary left
    }

    [Fact]
    public void The_same_pipeline_gives_the_same_bytes()
    {
        var pipeline = Ensemble(100);
        var (a, b) = (Path.Combine(folder, "a"), Path.Combine(folder, "b"));
        pipeline.Save(a);
        Pipeline.Load(a).Save(b);
        File.ReadAllBytes(b).ShouldBe(File.ReadAllBytes(a));
    }

    [Fact]
    public void A_featurizer_that_members_share_is_stored_once()
    {
        var path = Path.Combine(folder, "model");
        Ensemble(100).Save(path);
        using var zip = ZipFile.OpenRead(path);
        zip.Entries.Count(entry => entry.Name == "featurizer.json").ShouldBe(2);
        zip.Entries.Count(entry => entry.FullName.StartsWith("models/2/", StringComparison.Ordinal)).ShouldBeGreaterThan(0);
    }

    [Fact]
    public void Members_are_averaged_by_weight()
    {
        var pipeline = Ensemble(200);
        var fresh = Tables.Mixed(20, 9);
        var expected = new double[60];
        foreach (var member in pipeline.Members)
        {
            var alone = new Pipeline("one", pipeline.Task, "genre", pipeline.Classes, pipeline.Columns, [member]).Predict(fresh);
            for (var i = 0; i < expected.Length; i++)
            {
                expected[i] += alone.Values[i] * member.Weight / 4;
            }
        }

        var actual = pipeline.Predict(fresh);
        for (var i = 0; i < expected.Length; i++)
        {
            actual.Values[i].ShouldBe(expected[i], 1e-12);
        }

        Enumerable.Range(0, 20).ShouldAllBe(row => Math.Abs(actual.Row(row).ToArray().Sum() - 1) < 1e-9);
    }

    [Fact]
    public void A_transformed_target_is_turned_back()
    {
        var table = Tables.Mixed(200, 1);
        var y = Target.Regression([.. Enumerable.Range(0, 200).Select(row => Math.Exp(row % 10))]);
        var logarithms = TargetTransform.Log1p.Apply(y);
        logarithms.Values[3].ShouldBe(Math.Log(1 + Math.Exp(3)));
        var (featurizer, x) = Tables.Fit(table, Tables.MixedColumns, logarithms, FeatureForm.Linear);
        var model = Fit("ridge", x, logarithms);
        var pipeline = new Pipeline("ridge", TaskKind.Regression, "y", [], Tables.MixedColumns, [new PipelineMember(1, featurizer, model, TargetTransform.Log1p)]);
        var expected = model.Predict(featurizer.Transform(table)).Values.Select(value => Math.Exp(value) - 1).ToArray();
        pipeline.Predict(table).Values.ShouldBe(expected);
        var path = Path.Combine(folder, "model");
        pipeline.Save(path);
        Pipeline.Load(path).Predict(table).Values.ShouldBe(expected);
        Should.Throw<DataException>(() => TargetTransform.Log1p.Apply(Target.Regression([-1])));
    }

    [Fact]
    public void Many_rows_are_predicted_in_blocks()
    {
        var pipeline = Ensemble(60);
        var table = Tables.Mixed(60, 3);
        pipeline.Predict(table, 7, CancellationToken.None).Values.ShouldBe(pipeline.Predict(table).Values);
    }

    [Fact]
    public void A_table_without_rows_gives_no_predictions() =>
        Ensemble(60).Predict(Tables.Mixed(60, 3).Take([])).Rows.ShouldBe(0);

    [Fact]
    public void A_failed_save_leaves_the_old_file_alone()
    {
        var path = Path.Combine(folder, "model");
        var good = Ensemble(60);
        good.Save(path);
        var before = File.ReadAllBytes(path);
        var (featurizer, _) = Tables.Fit(Tables.Mixed(60, 1), Tables.MixedColumns, Tables.Classes(60, 3, 1), FeatureForm.Linear);
        var bad = new Pipeline("bad", good.Task, "genre", good.Classes, good.Columns, [new PipelineMember(1, featurizer, new BrokenModel())]);
        Should.Throw<IOException>(() => bad.Save(path));
        File.ReadAllBytes(path).ShouldBe(before);
        Directory.GetFiles(folder).ShouldBe([path]);
    }

    [Fact]
    public void Parts_that_make_no_pipeline_are_refused()
    {
        var member = Ensemble(60).Members[0];
        Should.Throw<ArgumentException>(() => new Pipeline("x", TaskKind.Multiclass, "y", ["a", "b", "c"], [], []));
        Should.Throw<ArgumentException>(() => new Pipeline("x", TaskKind.Multiclass, "y", ["a", "b", "c"], [], [member with { Weight = -1 }]));
        Should.Throw<ArgumentException>(() => new Pipeline("x", TaskKind.Multiclass, "y", ["a", "b", "c"], [], [member with { Weight = 0 }]));
        Should.Throw<ArgumentException>(() => new Pipeline("x", TaskKind.Binary, "y", ["a", "b", "c"], [], [member]));
        Should.Throw<ArgumentException>(() => new Pipeline("x", TaskKind.Multiclass, "y", ["a", "b", "c"], [], [member with { TargetTransform = TargetTransform.Log1p }]));
    }

    internal static Pipeline Ensemble(int rows)
    {
        var table = Tables.Mixed(rows, 1);
        var y = Tables.Classes(rows, 3, 2);
        var (linear, x) = Tables.Fit(table, Tables.MixedColumns, y, FeatureForm.Linear);
        var (means, z) = Tables.Fit(table, Tables.MixedColumns, y, Tables.Means);
        var metadata = new Dictionary<string, string> { ["created-by"] = "0.1.0", ["data"] = "sha256:00", ["note"] = "ä \"quoted\"" };
        return new Pipeline("ensemble", TaskKind.Multiclass, "genre", y.Classes, Tables.MixedColumns,
            [new(2, linear, Fit("logistic-regression", x, y)), new(1, linear, Fit("zero-rule", x, y)), new(1, means, Fit("random-forest", z, y))], metadata);
    }

    private static Model Fit(string learner, FeatureMatrix x, Target y)
    {
        var settings = learner == "random-forest" ? Configuration.Of(("trees", 5)) : Configuration.Empty;
        return LearnerCatalog.Find(learner)!.Fit(new TrainingSet(x, y), settings, new FitContext(1));
    }

    private sealed class BrokenModel : Model
    {
        public override string Kind => "broken";

        public override long ParameterCount => 0;

        public override Predictions Predict(FeatureMatrix x) => throw new NotSupportedException();

        public override void Write(ArchiveWriter archive)
        {
            archive.WriteText("half.txt", "half of it");
            throw new IOException("no space left");
        }
    }
}
