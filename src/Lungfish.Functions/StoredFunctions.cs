using Lungfish.Engine.Storage;
using Lungfish.Functions.Registry;

namespace Lungfish.Functions;

/// <summary>Functions read off the catalog by those who run none.</summary>
public static class StoredFunctions
{
    /// <summary>Entries of functions, then of their published versions.</summary>
    public static IReadOnlyList<string> Kinds { get; } = [FunctionRegistry.FunctionKind, FunctionRegistry.VersionKind];

    public static FunctionConfiguration Read(CatalogEntry entry) => entry.Kind == FunctionRegistry.FunctionKind
        ? FunctionRegistry.Read<StoredFunction>(entry).Latest
        : FunctionRegistry.Read<FunctionConfiguration>(entry);
}
