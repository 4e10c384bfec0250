using System.Runtime;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Lungfish.Bench.Hosting;

/// <summary>Gives back what a burst has left in the heap, when it is asked to: <c>lungfish serve</c> does the same by
/// itself after it was quiet for a while.</summary>
internal static class GivenBack
{
    public const string Path = "/bench/give-back";

    public static void Map(IEndpointRouteBuilder routes) => _ = routes.MapGet(Path, context =>
    {
        GCSettings.LargeObjectHeapCompactionMode = GCLargeObjectHeapCompactionMode.CompactOnce;
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        return context.Response.WriteAsync("");
    });
}
