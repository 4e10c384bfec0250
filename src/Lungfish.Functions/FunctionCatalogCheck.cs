using System.Security.Cryptography;
using System.Text.Json;
using Lungfish.Engine.Checking;
using Lungfish.Engine.Storage;
using Lungfish.Functions.Code;
using Lungfish.Functions.Invoking;
using Lungfish.Functions.Registry;

namespace Lungfish.Functions;

/// <summary>Checks that the catalog's entries of functions can be read, and that their code is there.</summary>
/// <param name="directory">Where code lives; null: it is not looked at.</param>
public sealed class FunctionCatalogCheck(string? directory)
{
    // By the name of the file: versions share packages.
    private readonly Dictionary<string, (FindingKind Kind, string Problem)?> _packages = new(StringComparer.Ordinal);

    public static IReadOnlyList<string> Kinds { get; } =
    [
        FunctionRegistry.FunctionKind, FunctionRegistry.VersionKind, FunctionRegistry.AliasKind, AsyncInvocations.Kind,
    ];

    /// <summary>Where a server keeps packages, below the directory of its functions.</summary>
    public static string PackagesIn(string directory) => Path.Combine(directory, "code");

    public IEnumerable<Finding> Check(CatalogEntry entry)
    {
        FunctionCode? code = null;
        (FindingKind Kind, string Problem)? problem = null;
        try
        {
            code = ReadCode(entry);
        }
        catch (Exception e) when (e is JsonException or InvalidDataException or NotSupportedException)
        {
            problem = (FindingKinds.CatalogEntry, $"It cannot be read: {e.Message}");
        }

        problem ??= code is null || directory is null ? null : FindProblem(code, directory);
        if (problem is { } found)
        {
            yield return new Finding(found.Kind, $"{entry.Kind} {entry.Key}", found.Problem);
        }
    }

    /// <returns>Null for what has no code.</returns>
    private static FunctionCode? ReadCode(CatalogEntry entry)
    {
        switch (entry.Kind)
        {
            case FunctionRegistry.FunctionKind or FunctionRegistry.VersionKind:
                return StoredFunctions.Read(entry).Code;
            case FunctionRegistry.AliasKind:
                _ = FunctionRegistry.Read<FunctionAlias>(entry);
                return null;
            default:
                AsyncInvocations.Check(entry);
                return null;
        }
    }

    private (FindingKind Kind, string Problem)? FindProblem(FunctionCode code, string functions)
    {
        if (code.Folder is { } folder)
        {
            return Directory.Exists(folder)
                ? null
                : (FindingKinds.CodeFolder, $"It runs the code in '{folder}', which is not there.");
        }

        var name = CodeStore.Hex(code.Sha256) + ".zip";
        if (!_packages.TryGetValue(name, out var problem))
        {
            problem = Look(Path.Combine(PackagesIn(functions), name), code.Sha256);
            _packages[name] = problem;
        }

        return problem;
    }

    private static (FindingKind Kind, string Problem)? Look(string path, string sha256)
    {
        if (!File.Exists(path))
        {
            return (FindingKinds.CodeMissing, $"Its code '{path}' is not there.");
        }

        using var file = File.OpenRead(path);
        return Convert.ToBase64String(SHA256.HashData(file)) == sha256
            ? null
            : (FindingKinds.CodeDamaged, $"Its code '{path}' is not what was deployed.");
    }
}
