using System.Security.Cryptography;
using System.Text;

namespace Roux.Tracking.Transfer.Mlflow;

/// <summary>Ids of MLflow as ids here: the same, unless they are of another form; then one that always comes out the same.</summary>
internal static class MlflowIds
{
    /// <summary>Tag of a run whose id was of another form.</summary>
    public const string OriginTag = "roux.imported_id";

    public static string Run(string id) => TransferRules.IsId(id) ? id : Hash("run:" + id);

    public static string LoggedModel(string id) => id.StartsWith("m-", StringComparison.Ordinal) && TransferRules.IsId(id[2..]) ? id : "m-" + Hash("model:" + id);

    /// <summary>The name of the registry's copy of a version.</summary>
    public static string Copy(string model, int version) => Hash(string.Create(System.Globalization.CultureInfo.InvariantCulture, $"version:{model}/{version}"));

    private static string Hash(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes("mlflow:" + text)))[..32];
}
