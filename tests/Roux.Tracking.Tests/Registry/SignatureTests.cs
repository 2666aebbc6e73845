using System.IO.Compression;
using Shouldly;
using Xunit;

namespace Roux.Tracking.Tests.Registry;

/// <summary>Signatures read from models' own files.</summary>
public sealed class SignatureTests : IDisposable
{
    private readonly TemporaryStore folder = new();
    private readonly Tracker tracker;
    private readonly Run run;

    public SignatureTests()
    {
        tracker = Tracker.Open(folder.Store);
        run = tracker.Experiment("e").StartRun("r");
    }

    public void Dispose()
    {
        run.Dispose();
        tracker.Dispose();
        folder.Dispose();
    }

    [Fact]
    public void Of_a_Roux_model_file()
    {
        run.LogBytes("model.roux", Zip(("manifest.json", "{}"), ("pipeline.json", """
            {"name": "x", "task": "Binary", "target": "sold", "classes": ["no", "yes"], "columns": [
              {"name": "plot", "type": "Text", "role": "Text"}, {"name": "id", "type": "Integer", "role": "Id"}, {"name": "sold", "type": "Text", "role": "Target"}]}
            """)));
        var signature = tracker.Models.Register("films", run.Id, "model.roux").Signature.ShouldNotBeNull();
        signature.Inputs.ShouldBe([new SignatureField("plot", "Text")]);
        signature.Outputs.Select(output => output.Name).ShouldBe(["prediction", "p_no", "p_yes"]);
    }

    [Fact]
    public void Of_an_MLflow_model()
    {
        run.LogText("model/MLmodel", """
            artifact_path: model
            flavors:
              python_function:
                loader_module: mlflow.sklearn
            model_uuid: 1a
            signature:
              inputs: '[{"type": "double", "name": "x", "required": true}, {"type": "string",
                "name": "note", "required": false}]'
              outputs: '[{"type": "tensor", "tensor-spec": {"dtype": "float64", "shape":
                [-1, 2]}}]'
              params: null
            """).LogText("model/model.pkl", "bytes");
        var signature = tracker.Models.Register("films", run.Id, "model").Signature.ShouldNotBeNull();
        signature.Inputs.ShouldBe([new SignatureField("x", "double"), new SignatureField("note", "string", Required: false)]);
        signature.Outputs.ShouldBe([new SignatureField(null, "tensor(float64, [-1,2])")]);
        tracker.Models.Find("films/1")!.Signature!.ToJson().ToJsonString().ShouldBe(signature.ToJson().ToJsonString());
    }

    [Theory]
    [InlineData("not a model")]
    [InlineData("signature: {inputs: '[{', outputs: 5}")]
    [InlineData("signature: &a [*a]")]
    [InlineData("")]
    public void What_cannot_be_read_is_none_and_no_error(string text)
    {
        run.LogText("model/MLmodel", text);
        tracker.Models.Register("films", run.Id, "model").Signature.ShouldBeNull();
        run.LogBytes("broken.roux", Zip(("manifest.json", "{}"), ("pipeline.json", text)));
        tracker.Models.Register("films", run.Id, "broken.roux").Signature.ShouldBeNull();
    }

    private static byte[] Zip(params (string Name, string Text)[] entries)
    {
        using var bytes = new MemoryStream();
        using (var zip = new ZipArchive(bytes, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (var (name, text) in entries)
            {
                using var writer = new StreamWriter(zip.CreateEntry(name).Open());
                writer.Write(text);
            }
        }

        return bytes.ToArray();
    }
}
