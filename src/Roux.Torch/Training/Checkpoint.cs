using System.IO.Compression;
using System.Text.Json.Nodes;
using Roux.Learning.Learners;
using Roux.Learning.Pipelines;
using TorchSharp;
using TorchSharp.Modules;

namespace Roux.Torch.Training;

/// <summary>
/// The file form of a training under way: a zip archive of JSON and raw tensors; nothing in it can run. It is written beside its place and renamed,
/// so that a crash at any moment leaves the one before.
/// </summary>
/// <param name="path">The file.</param>
/// <param name="module">The network.</param>
/// <param name="optimizer">Its optimiser.</param>
/// <param name="generator">What the network draws from; <c>null</c> for libtorch's own.</param>
/// <param name="setting">What must be the same for a training to go on.</param>
internal sealed class Checkpoint(string path, torch.nn.Module module, OptimizerHelper optimizer, torch.Generator? generator, string setting)
{
    private const string Format = "roux-checkpoint-1";

    /// <summary>Saves where the training is.</summary>
    public void Save(TrainingProgress progress)
    {
        var full = Path.GetFullPath(path);
        Directory.CreateDirectory(Path.GetDirectoryName(full)!);
        var temporary = $"{full}.{Environment.ProcessId}-{Environment.CurrentManagedThreadId}.tmp";
        try
        {
            using (var file = new FileStream(temporary, FileMode.Create, FileAccess.ReadWrite))
            {
                using (var zip = new ZipArchive(file, ZipArchiveMode.Create, leaveOpen: true))
                {
                    Write(new ArchiveWriter(zip), progress);
                }

                file.Flush(flushToDisk: true);
            }

            File.Move(temporary, full, overwrite: true);
        }
        catch
        {
            File.Delete(temporary);
            throw;
        }
    }

    /// <summary>Goes back to what was saved, if anything was.</summary>
    /// <exception cref="InvalidDataException">The file is damaged or of another training.</exception>
    public void Restore(TrainingProgress progress)
    {
        if (!File.Exists(path))
        {
            return;
        }

        try
        {
            using var zip = ZipFile.OpenRead(path);
            Read(new ArchiveReader(zip), progress);
        }
        catch (Exception e) when (e is InvalidDataException or InvalidOperationException or EndOfStreamException or FormatException or ArgumentException or IOException or System.Runtime.InteropServices.ExternalException)
        {
            throw new InvalidDataException($"{path}: this training cannot go on from it: {e.Message}. Delete the file to start anew", e);
        }
    }

    private void Write(ArchiveWriter archive, TrainingProgress progress)
    {
        using var scope = torch.NewDisposeScope();
        archive.WriteJson("training", ToJson(progress));
        TensorArchive.Write(archive.In("module"), module.state_dict());
        if (progress.Best is { } best)
        {
            TensorArchive.Write(archive.In("best"), best.Tensors);
        }

        TensorArchive.Write(archive.In("random"), new Dictionary<string, torch.Tensor> { ["state"] = generator is null ? torch.get_rng_state() : generator.get_state() });
        using var bytes = new MemoryStream();
        using (var writer = new BinaryWriter(bytes))
        {
            optimizer.save_state_dict(writer);
        }

        archive.WriteBytes("optimizer.bin", bytes.ToArray());
    }

    private JsonObject ToJson(TrainingProgress progress) => new()
    {
        ["format"] = Format,
        ["training"] = setting,
        ["optimizer"] = optimizer.GetType().Name,
        ["epoch"] = progress.Epoch,
        ["batch"] = progress.Batch,
        ["step"] = progress.Step,
        ["loss_sum"] = progress.LossSum,
        ["loss_rows"] = progress.LossRows,
        ["best_epoch"] = progress.BestEpoch,
        ["best_loss"] = progress.BestLoss,
        ["anchor_loss"] = progress.AnchorLoss,
        ["waited"] = progress.Waited,
        ["plateau_waited"] = progress.PlateauWaited,
        ["plateau_factor"] = progress.PlateauFactor,
        ["epochs"] = new JsonArray([.. progress.Epochs.Select(epoch => new JsonArray(epoch.Epoch, epoch.TrainingLoss, epoch.ValidationLoss, epoch.LearningRate))]),
    };

    private void Read(ArchiveReader archive, TrainingProgress progress)
    {
        var json = archive.ReadJson("training") as JsonObject ?? throw new InvalidDataException("training.json is not a JSON object");
        Require(json.Text("format") == Format, $"its format is '{json.Text("format")}', not '{Format}'");
        Require(json.Text("training") == setting, $"it is of a training with {json.Text("training")}; this one has {setting}");
        Require(json.Text("optimizer") == optimizer.GetType().Name, $"it is of a training with {json.Text("optimizer")}; this one has {optimizer.GetType().Name}");
        using (torch.no_grad())
        {
            using var scope = torch.NewDisposeScope();
            TensorArchive.ReadInto(archive.In("module"), module.state_dict());
        }

        if (archive.Has("best/tensors.json"))
        {
            progress.Best = ModuleState.Of(module);
            TensorArchive.ReadInto(archive.In("best"), progress.Best.Tensors);
        }

        // Outside of any scope of ours: the optimiser keeps the tensors that it reads.
        using (var reader = new BinaryReader(new MemoryStream(archive.ReadBytes("optimizer.bin"))))
        {
            optimizer.load_state_dict(reader);
        }

        ReadProgress(json, progress);
        RestoreRandom(archive);
    }

    private void RestoreRandom(ArchiveReader archive)
    {
        using var scope = torch.NewDisposeScope();
        var state = generator is null ? torch.get_rng_state() : generator.get_state();
        TensorArchive.ReadInto(archive.In("random"), new Dictionary<string, torch.Tensor> { ["state"] = state });
        if (generator is null)
        {
            torch.set_rng_state(state);
        }
        else
        {
            generator.set_state(state);
        }
    }

    private static void ReadProgress(JsonObject json, TrainingProgress progress)
    {
        progress.Epoch = json.Whole("epoch");
        progress.Batch = json.Whole("batch");
        progress.Step = json["step"]!.GetValue<long>();
        progress.LossSum = Number(json["loss_sum"]);
        progress.LossRows = json["loss_rows"]!.GetValue<long>();
        progress.BestEpoch = json.Whole("best_epoch");
        progress.BestLoss = Number(json["best_loss"]);
        progress.AnchorLoss = Number(json["anchor_loss"]);
        progress.Waited = json.Whole("waited");
        progress.PlateauWaited = json.Whole("plateau_waited");
        progress.PlateauFactor = Number(json["plateau_factor"]);
        foreach (var epoch in json["epochs"]!.AsArray())
        {
            progress.Epochs.Add(new EpochSummary(epoch![0]!.GetValue<int>(), Number(epoch[1]), Number(epoch[2]), Number(epoch[3])));
        }

        Require(progress is { Epoch: >= 0, Batch: >= 0, Step: >= 0 }, "a position in it is negative");
    }

    /// <summary>JSON has no NaN and no infinity; they are written as texts.</summary>
    private static double Number(JsonNode? node) => node!.GetValueKind() == System.Text.Json.JsonValueKind.String
        ? double.Parse(node.GetValue<string>(), System.Globalization.CultureInfo.InvariantCulture)
        : node.GetValue<double>();

    private static void Require(bool holds, string otherwise)
    {
        if (!holds)
        {
            throw new InvalidDataException(otherwise);
        }
    }
}
