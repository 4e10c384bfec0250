using Lungfish.Engine.Storage;
using Lungfish.Functions.Registry;

namespace Lungfish.Functions;

/// <summary>Functions read off the catalog by those who run none.</summary>
public static class StoredFunctions
{
    /// <summary>Entries of functions, then of their published versions.</summary>
    public static IReadOnlyList<string> Kinds { get; } = [FunctionRegistry.FunctionKind, FunctionRegistry.VersionKind];

    /// <exception cref="InvalidDataException">It is not what was written, though it is JSON.</exception>
    /// <exception cref="System.Text.Json.JsonException">It is not what was written.</exception>
    public static FunctionConfiguration Read(CatalogEntry entry)
    {
        var function = entry.Kind == FunctionRegistry.FunctionKind
            ? FunctionRegistry.Read<StoredFunction>(entry).Latest
            : FunctionRegistry.Read<FunctionConfiguration>(entry);
        return function is { Code: not null } // The serializer takes what is missing for null.
            ? function
            : throw new InvalidDataException("It has no code.");
    }
}
