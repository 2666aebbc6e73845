using System.Text.Json;
using Roux.Tracking;

namespace Roux.Server.Mlflow;

/// <summary>Lists of files.</summary>
internal static class ArtifactJson
{
    public static void Write(Utf8JsonWriter json, IReadOnlyList<ArtifactInfo> files, Func<ArtifactInfo, string> path)
    {
        if (files.Count == 0)
        {
            return;
        }

        json.WriteStartArray("files"u8);
        foreach (var file in files)
        {
            json.WriteStartObject();
            json.WriteString("path"u8, path(file));
            json.WriteBoolean("is_dir"u8, file.IsDirectory);
            if (!file.IsDirectory)
            {
                json.WriteNumber("file_size"u8, file.Bytes);
            }

            json.WriteEndObject();
        }

        json.WriteEndArray();
    }
}
