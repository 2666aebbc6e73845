using System.Text;
using LibGit2Sharp;

namespace Roux.Tracking.Capture;

/// <summary>Answers about single files of a repository; opened when first asked. Where git cannot answer, neither does this.</summary>
internal sealed class GitFiles : IDisposable
{
    private Repository? _repository;
    private string? _root;

    /// <summary>Whether HEAD holds a file just as it is; null where it lies in no repository that can be read.</summary>
    /// <param name="path">Full path.</param>
    public bool? IsCommitted(string path)
    {
        try
        {
            return Open(path) is { } repository && Relative(path) is { } relative && !repository.Ignore.IsPathIgnored(relative)
                ? repository.Head.Tip?[relative] is not null && repository.RetrieveStatus(relative) is FileStatus.Unaltered
                : _root is null ? null : false;
        }
        catch (Exception error) when (GitCapture.IsExpected(error))
        {
            return null;
        }
    }

    /// <summary>Text of a file as HEAD has it, without any filter.</summary>
    /// <param name="path">Full path.</param>
    /// <param name="largest">Bytes at most.</param>
    /// <returns>Null where HEAD has none, a larger one, or there is no repository.</returns>
    public string? HeadText(string path, int largest)
    {
        try
        {
            if (Open(path) is not { } repository || Relative(path) is not { } relative || repository.Head.Tip?[relative]?.Target is not Blob blob || blob.Size > largest)
            {
                return null;
            }

            using var stream = blob.GetContentStream();
            using var reader = new StreamReader(stream, Encoding.UTF8);
            return reader.ReadToEnd();
        }
        catch (Exception error) when (GitCapture.IsExpected(error))
        {
            return null;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _repository?.Dispose();

    private string? Relative(string path) =>
        Path.GetRelativePath(_root!, path).Replace('\\', '/') is var relative && !relative.StartsWith("../", StringComparison.Ordinal) && relative != ".." ? relative : null;

    private Repository? Open(string path)
    {
        if (GitHead.Find(Path.GetDirectoryName(path)!) is not { WorkingTree: { } root })
        {
            _root = null;
            return null;
        }

        if (root != _root)
        {
            _repository?.Dispose();
            _repository = null;
            _root = root;
            _repository = new Repository(root);
        }

        return _repository;
    }
}
