using Lungfish.Deployment.Documents;
using Lungfish.Json;

namespace Lungfish.Deployment.Intrinsics;

/// <summary>What intrinsic functions look things up in.</summary>
internal interface IReferences
{
    /// <summary>Names to suggest where one is not known.</summary>
    IEnumerable<string> Names { get; }

    /// <summary>Text or a list of texts; null if nothing has that name.</summary>
    JsonValue? FindRef(string name);

    /// <summary>Null if there is no such attribute.</summary>
    JsonValue? FindAttribute(string name, string attribute);

    /// <summary>Null if there is no such condition.</summary>
    bool? FindCondition(string name);

    string? FindExport(string name);

    /// <summary>The section Mappings, if there is one.</summary>
    MapNode? Mappings { get; }
}
