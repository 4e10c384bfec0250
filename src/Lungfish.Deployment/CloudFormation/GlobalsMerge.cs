using Lungfish.Deployment.Documents;
using Lungfish.Deployment.Intrinsics;

namespace Lungfish.Deployment.CloudFormation;

/// <summary>SAM's section Globals: what all resources of a type have, unless they say otherwise.</summary>
internal static class GlobalsMerge
{
    /// <summary>Documented: maps are merged, lists are put together, and for the rest the resource's own value
    /// wins.</summary>
    public static MapNode Over(MapNode own, MapNode? defaults)
    {
        if (defaults is null)
        {
            return own;
        }

        var merged = own.Entries.Select(entry =>
            defaults.TryGet(entry.Key, out var inherited)
                ? entry with { Value = Merge(entry.Value, inherited) }
                : entry);
        var rest = defaults.Entries.Where(entry => !own.TryGet(entry.Key, out _));
        return own with { Entries = [.. merged, .. rest] };
    }

    private static DocumentNode Merge(DocumentNode own, DocumentNode inherited) => (own, inherited) switch
    {
        _ when IntrinsicResolver.IsIntrinsic(own) || IntrinsicResolver.IsIntrinsic(inherited) => own,
        (MapNode ownMap, MapNode map) => Over(ownMap, map),
        (ListNode ownList, ListNode list) => ownList with { Items = list.Items.AddRange(ownList.Items) },
        _ => own,
    };
}
