using Xunit;

namespace Roux.Learning.Tests.Data;

/// <summary>Tests that measure memory or time: nothing else runs beside them.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class MeasuredAlone
{
    public const string Name = "measured alone";
}
