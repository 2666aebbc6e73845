using System.IO.Compression;
using System.Text;
using System.Text.Json.Nodes;
using Roux.Learning.Data;
using Roux.Learning.Evaluation.Calibration;
using Roux.Learning.Pipelines;
using Roux.Learning.Tests.Features;
using Shouldly;
using Xunit;

namespace Roux.Learning.Tests.Pipelines;

public sealed class DecisionFileTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("roux-decision").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Theory]
    [InlineData(CalibrationMethod.Platt)]
    [InlineData(CalibrationMethod.Isotonic)]
    [InlineData(CalibrationMethod.Temperature)]
    [InlineData(CalibrationMethod.Beta)]
    public void Calibration_and_rule_are_saved_and_used_bit_for_bit_alike(CalibrationMethod method)
    {
        var plain = PipelineTests.Ensemble(300);
        var fresh = Tables.Mixed(80, 9);
        var calibrator = Calibrator.Fit(method, Tables.Classes(80, 3, 5), plain.Predict(fresh));
        var pipeline = plain.With(calibrator, DecisionRule.ByCost([0, 1, 1, 1, 0, 1, 7.5, 7.5, 0], "least expected cost"));
        var path = Path.Combine(folder, "model.roux");
        pipeline.Save(path);
        var loaded = Pipeline.Load(path);
        loaded.Calibrator!.Method.ShouldBe(method);
        loaded.Rule!.Reason.ShouldBe("least expected cost");
        var expected = pipeline.Predict(fresh);
        loaded.Predict(fresh).Values.ShouldBe(expected.Values);
        loaded.Predict(fresh).Labels().ShouldBe(expected.Labels());
        expected.Values.ShouldBe(calibrator.Apply(plain.Predict(fresh)).Values);
        loaded.With(new Dictionary<string, string>()).Calibrator.ShouldNotBeNull();
        var second = Path.Combine(folder, "again.roux");
        loaded.Save(second);
        File.ReadAllBytes(second).ShouldBe(File.ReadAllBytes(path));
        VersionOf(path).ShouldBe(2);
    }

    [Fact]
    public void A_file_without_them_is_one_that_older_programs_read()
    {
        var path = Path.Combine(folder, "model.roux");
        PipelineTests.Ensemble(100).Save(path);
        VersionOf(path).ShouldBe(1);
        var loaded = Pipeline.Load(path);
        loaded.Calibrator.ShouldBeNull();
        loaded.Rule.ShouldBeNull();
    }

    [Fact]
    public void Parts_made_for_other_classes_are_refused()
    {
        var pipeline = PipelineTests.Ensemble(100);
        Should.Throw<ArgumentException>(() => pipeline.With(null, DecisionRule.At(0.3, ""))).Message.ShouldContain("decision rule");
        Should.Throw<ArgumentException>(() => pipeline.With(new OneVsRestCalibrator(CalibrationMethod.Platt, [new PlattMap(1, 0, 1e-9)]), null)).Message.ShouldContain("calibrator");
    }

    [Theory]
    [InlineData("""{"method": "Temperature", "temperature": -1, "floor": 0.001}""", "not above 0")]
    [InlineData("""{"method": "Temperature", "temperature": 1}""", "floor")]
    [InlineData("""{"method": "Magic"}""", "Magic")]
    [InlineData("""{"method": "None"}""", "no method")]
    [InlineData("""{"method": "Platt", "curves": [{"slope": 1, "offset": 0, "floor": 0.1}]}""", "not made for")]
    [InlineData("""{"method": "Isotonic", "curves": 3}""", "calibration/0.x.npy")]
    [InlineData("""{"method": "Beta", "curves": [null, null, null]}""", "not a JSON object")]
    public void A_calibration_that_is_none_is_refused(string calibration, string expected)
    {
        var path = Path.Combine(folder, "model.roux");
        PipelineTests.Ensemble(60).Save(path);
        Edit(path, json => json["calibration"] = JsonNode.Parse(calibration));
        Should.Throw<InvalidDataException>(() => Pipeline.Load(path)).Message.ShouldContain(expected);
    }

    [Theory]
    [InlineData("""{"reason": "x", "thresholds": [0.5]}""")]
    [InlineData("""{"reason": "x", "costs": [1, 2]}""")]
    [InlineData("""{"reason": "x", "costs": [1, 2, 3, 4, "NaN", 6, 7, 8, 9]}""")]
    [InlineData("""{"reason": "x"}""")]
    public void A_rule_that_is_none_is_refused(string rule)
    {
        var path = Path.Combine(folder, "model.roux");
        PipelineTests.Ensemble(60).Save(path);
        Edit(path, json => json["decision"] = JsonNode.Parse(rule));
        Should.Throw<InvalidDataException>(() => Pipeline.Load(path));
    }

    private static int VersionOf(string path)
    {
        using var zip = ZipFile.OpenRead(path);
        using var stream = zip.GetEntry("manifest.json")!.Open();
        return JsonNode.Parse(stream)!["version"]!.GetValue<int>();
    }

    /// <summary>Changes pipeline.json and its digest.</summary>
    private static void Edit(string path, Action<JsonObject> edit)
    {
        using var zip = ZipFile.Open(path, ZipArchiveMode.Update);
        var json = Read(zip, "pipeline.json");
        edit(json);
        var bytes = Encoding.UTF8.GetBytes(json.ToJsonString());
        var manifest = Read(zip, "manifest.json");
        manifest["sha256"]!["pipeline.json"] = Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(bytes));
        Replace(zip, "pipeline.json", bytes);
        Replace(zip, "manifest.json", Encoding.UTF8.GetBytes(manifest.ToJsonString()));
    }

    private static JsonObject Read(ZipArchive zip, string name)
    {
        using var stream = zip.GetEntry(name)!.Open();
        return JsonNode.Parse(stream)!.AsObject();
    }

    private static void Replace(ZipArchive zip, string name, byte[] bytes)
    {
        zip.GetEntry(name)!.Delete();
        using var stream = zip.CreateEntry(name).Open();
        stream.Write(bytes);
    }
}
