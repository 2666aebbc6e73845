using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Rendering;
using Roux.Server.Components.Reports;

namespace Roux.Server.Reports;

/// <summary>A picture by itself, for a file.</summary>
internal sealed class PictureRoot : ComponentBase
{
    [Parameter]
    public BlockPicture? Picture { get; set; }

    [Parameter]
    public string Title { get; set; } = "";

    protected override void BuildRenderTree(RenderTreeBuilder builder)
    {
        builder.OpenComponent<CascadingValue<BlockPicture?>>(0);
        builder.AddComponentParameter(1, "Value", Picture);
        builder.AddComponentParameter(2, "ChildContent", (RenderFragment)(inside =>
        {
            inside.OpenComponent<PictureView>(0);
            inside.AddComponentParameter(1, nameof(PictureView.Title), Title);
            inside.CloseComponent();
        }));
        builder.CloseComponent();
    }
}
