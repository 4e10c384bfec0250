using Lungfish.Deployment.Packaging;

namespace Lungfish.Deployment;

/// <summary>Where the code of a function comes from.</summary>
public abstract record FunctionCode
{
    private protected FunctionCode() { } // Closed: folders, archives and text.
}

/// <param name="Folder">Absolute, or relative to the folder of the application.</param>
/// <param name="IsSource">What people write: it may need its packages, or a build, before it runs. What a tool has
/// put together already is taken as it is.</param>
public sealed record FolderCode(string Folder, PackagePatterns Patterns, bool IsSource) : FunctionCode;

/// <summary>A zip file as it is.</summary>
public sealed record ArchiveCode(string File) : FunctionCode;

/// <summary>Code that stands in the template itself.</summary>
/// <param name="FileName">What it is called in the package; the handler's module is <c>index</c>.</param>
public sealed record InlineCode(string FileName, string Text) : FunctionCode;
