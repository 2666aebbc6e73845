using System.Globalization;
using Roux.Learning.Data;
using Roux.Learning.Evaluation.Annotations;
using Roux.Tracking.Exports;

namespace Roux.Cli.Commands;

/// <summary>Writes the consensus of annotators as CSV: item, consensus, confidence, vote, whether the vote was tied, number of labels; for classes the probability of each.</summary>
internal static class ConsensusFile
{
    public static void Write(string path, AnnotationStudy study) => PredictionFile.WriteWhole(path, writer =>
    {
        var set = study.Set;
        writer.Write($"item,consensus,{(set.IsNumeric ? "deviation" : "confidence")},vote,tied,labels");
        foreach (var name in set.Classes)
        {
            writer.Write($",{CsvText.Cell("p_" + name)}");
        }

        writer.Write('\n');
        for (var item = 0; item < set.Items.Count; item++)
        {
            var labels = set.Of(item).ToArray().Count(rating => !double.IsNaN(rating));
            writer.Write(string.Create(CultureInfo.InvariantCulture,
                $"{CsvText.Cell(set.Items[item])},{Text(set, study.Consensus.Values[item])},{Number(study.Consensus.Confidence[item])},{Text(set, study.Vote.Values[item])},{(study.Vote.Tied[item] ? "true" : "false")},{labels}"));
            for (var k = 0; k < set.Classes.Length; k++)
            {
                writer.Write(',');
                writer.Write(Number(study.Model!.Posterior[item * set.Classes.Length + k]));
            }

            writer.Write('\n');
        }
    });

    private static string Text(AnnotationSet set, double value) => set.IsNumeric ? Number(value) : CsvText.Cell(set.Text(value));

    private static string Number(double value) => double.IsNaN(value) ? "" : value.ToString("R", CultureInfo.InvariantCulture);
}
