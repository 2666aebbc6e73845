using TorchSharp;

namespace Roux.Torch.Watch;

/// <summary>Passes a tensor on as it is, and says when its gradient comes by: the beginning of a backward pass.</summary>
internal sealed class BackwardMark : torch.autograd.SingleTensorFunction<BackwardMark>
{
    private const string Key = "reached";

    /// <inheritdoc/>
    public override string Name => nameof(BackwardMark);

    /// <summary>Marks a tensor.</summary>
    public static torch.Tensor On(torch.Tensor tensor, Action reached) => apply(tensor, reached);

    /// <inheritdoc/>
    public override torch.Tensor forward(torch.autograd.AutogradContext ctx, params object[] vars)
    {
        ArgumentNullException.ThrowIfNull(ctx);
        ArgumentNullException.ThrowIfNull(vars);
        ctx.save_data(Key, vars[1]);
        return ((torch.Tensor)vars[0]).view_as((torch.Tensor)vars[0]);
    }

    /// <inheritdoc/>
    public override List<torch.Tensor> backward(torch.autograd.AutogradContext ctx, torch.Tensor grad_output)
    {
        ArgumentNullException.ThrowIfNull(ctx);
        ((Action)ctx.get_data(Key))();
        return [grad_output, null!];
    }
}
