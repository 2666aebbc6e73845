using Roux.Learning.Learners.Baselines;
using Roux.Learning.Learners.Boosting;
using Roux.Learning.Learners.Kernels;
using Roux.Learning.Learners.Linear;
using Roux.Learning.Learners.NaiveBayes;
using Roux.Learning.Learners.Neighbours;
using Roux.Learning.Learners.Trees;
using Roux.Learning.Pipelines;

namespace Roux.Learning.Learners;

/// <summary>Finds the reader of a stored model by its kind. Only kinds listed here can be read: no type is ever named by a file.</summary>
public static class ModelCatalog
{
    private static readonly Dictionary<string, Func<ArchiveReader, Model>> Readers = new(StringComparer.Ordinal)
    {
        [ConstantModel.KindName] = ConstantModel.Read,
        [RandomModel.KindName] = RandomModel.Read,
        [OneVsRestModel.KindName] = OneVsRestModel.Read,
        [PresentClassesModel.KindName] = PresentClassesModel.Read,
        [LinearModel.KindName] = LinearModel.Read,
        [OneRuleModel.KindName] = OneRuleModel.Read,
        [NaiveBayesModel.KindName] = NaiveBayesModel.Read,
        [NeighboursModel.KindName] = NeighboursModel.Read,
        [RbfSvmModel.KindName] = RbfSvmModel.Read,
        [ForestModel.KindName] = ForestModel.Read,
        ["lightgbm"] = archive => BoostedTreesModel.Read(BoostingFormat.LightGbm, archive),
        ["xgboost"] = archive => BoostedTreesModel.Read(BoostingFormat.XGBoost, archive),
    };

    private static Lazy<IReadOnlyDictionary<string, Func<ArchiveReader, Model>>> added = new(new Dictionary<string, Func<ArchiveReader, Model>>());

    /// <summary>Adds the readers of another project by kind, in place of those added before.</summary>
    /// <param name="readers">Asked once, when a kind turns up that is not of this project.</param>
    public static void Extend(Func<IReadOnlyDictionary<string, Func<ArchiveReader, Model>>> readers) => added = new(readers);

    /// <summary>Reads a model written by <see cref="Model.Write"/>.</summary>
    /// <exception cref="InvalidDataException">The kind is unknown or its parts do not fit together.</exception>
    public static Model Read(string kind, ArchiveReader archive) => Readers.TryGetValue(kind, out var read) || added.Value.TryGetValue(kind, out read)
        ? read(archive)
        : throw new InvalidDataException($"model kind '{kind}' is unknown to this version; known: {string.Join(", ", Readers.Keys.Concat(added.Value.Keys))}");
}
