using Roux.Server.Security;
using Roux.Tracking;
using Roux.Tracking.Service;

namespace Roux.Server.Reports;

/// <summary>
/// Changes of reports, each on the latest version: whoever changes another block than somebody else did meanwhile loses nothing and notices nothing; whoever
/// changes the same one is told, and what they wrote stays with them.
/// </summary>
internal sealed class ReportBook(TrackingService service, BlockReader reader, TimeProvider time)
{
    /// <summary>Adds a block at the end, frozen if asked.</summary>
    /// <param name="id">The report.</param>
    /// <param name="block">What to add.</param>
    /// <param name="runs">The runs whose data a plot was copied from.</param>
    /// <param name="freeze">Whether to copy the data now.</param>
    /// <param name="caller">Who.</param>
    public Task<int> PinAsync(string id, ReportBlock block, IReadOnlyList<string> runs, bool freeze, Caller caller)
    {
        var pinned = block.Kind == BlockKind.Plot ? block with { Frozen = new FrozenAt(time.GetUtcNow(), caller.Name, reader.ProjectsOf(runs, caller.Reach)) }
            : freeze ? Frozen(block, caller) : block;
        return ChangeAsync(id, caller, blocks => [.. blocks, pinned]);
    }

    /// <summary>Puts a block in the place of one, which must be as it was when the change began.</summary>
    /// <exception cref="ServiceException">It is another one now, or gone.</exception>
    public Task<int> ReplaceAsync(string id, ReportBlock before, ReportBlock after, Caller caller) => ChangeAsync(id, caller, blocks =>
    {
        var place = Place(blocks, before.Id);
        return BlockJson.AreSame(blocks[place], before) ? [.. blocks.Take(place), after, .. blocks.Skip(place + 1)] : throw Changed("this block was changed while you wrote");
    });

    /// <summary>Copies the data of a block, or makes it live again.</summary>
    public Task<int> FreezeAsync(string id, ReportBlock block, bool frozen, Caller caller) =>
        ReplaceAsync(id, block, frozen ? Frozen(block, caller) : block with { Data = null, Frozen = null }, caller);

    /// <summary>Moves a block up (below zero) or down.</summary>
    public Task<int> MoveAsync(string id, string block, int by, Caller caller) => ChangeAsync(id, caller, blocks =>
    {
        var place = Place(blocks, block);
        var moved = blocks.ToList();
        moved.RemoveAt(place);
        moved.Insert(Math.Clamp(place + by, 0, moved.Count), blocks[place]);
        return moved;
    });

    /// <summary>Takes a block out.</summary>
    public Task<int> RemoveAsync(string id, string block, Caller caller) => ChangeAsync(id, caller, blocks =>
    {
        var place = Place(blocks, block);
        return [.. blocks.Take(place), .. blocks.Skip(place + 1)];
    });

    /// <summary>Adds a text after a block, or at the start.</summary>
    public Task<int> InsertAsync(string id, string? after, ReportBlock block, Caller caller) => ChangeAsync(id, caller, blocks =>
    {
        var place = after is null ? 0 : blocks.ToList().FindIndex(one => one.Id == after) + 1;
        return [.. blocks.Take(place), block, .. blocks.Skip(place)];
    });

    public Task<int> RenameAsync(string id, string before, string title, Caller caller) => service.Reports.ChangeAsync(id, caller.Name, now =>
        now.Title == before ? (title, now.Content) : throw Changed($"the title was changed meanwhile, to '{now.Title}'"));

    /// <summary>Writes the whole report anew on a version that must still be the latest.</summary>
    public Task<int> SaveAsync(string id, int version, string title, IReadOnlyList<ReportBlock> blocks, Caller caller) => service.Reports.ChangeAsync(id, caller.Name, now =>
    {
        if (now.Version != version)
        {
            throw Changed($"{now.SavedBy} saved version {now.Version} meanwhile; yours began with version {version}");
        }

        // Who was not given a block's data sends it back without.
        var known = BlockJson.Parse(now.Content).ToDictionary(block => block.Id);
        return (title, BlockJson.Write(blocks.Select(block => !block.IsWithheld ? block
            : known.GetValueOrDefault(block.Id) ?? throw ServiceException.Invalid($"block '{block.Id}' has no data"))));
    });

    /// <summary>Makes what an earlier version said the latest version.</summary>
    public Task<int> RevertAsync(string id, int version, Caller caller)
    {
        var old = service.Reports.Text(id, version);
        return service.Reports.ChangeAsync(id, caller.Name, _ => (old.Title, old.Content));
    }

    /// <summary>The blocks as a reader may have them.</summary>
    public static IReadOnlyList<ReportBlock> For(ReportVersion text, Reach reach) =>
        [.. BlockJson.Parse(text.Content).Select(block => BlockReader.IsWithheld(block, reach) ? block with { Data = null, IsWithheld = true } : block)];

    private Task<int> ChangeAsync(string id, Caller caller, Func<IReadOnlyList<ReportBlock>, IReadOnlyList<ReportBlock>> change) => service.Reports.ChangeAsync(id, caller.Name, now =>
    {
        var blocks = change(BlockJson.Parse(now.Content));
        return blocks.Count > BlockJson.MostBlocks ? throw ServiceException.Invalid($"a report holds at most {BlockJson.MostBlocks} blocks: begin another one") : (now.Title, BlockJson.Write(blocks));
    });

    private ReportBlock Frozen(ReportBlock block, Caller caller) => reader.Freeze(block, caller.Reach, caller.Name, time.GetUtcNow());

    private static int Place(IReadOnlyList<ReportBlock> blocks, string id)
    {
        for (var place = 0; place < blocks.Count; place++)
        {
            if (blocks[place].Id == id)
            {
                return place;
            }
        }

        throw Changed("this block was taken out meanwhile");
    }

    private static ServiceException Changed(string message) => new(ServiceError.Conflict, message);
}
