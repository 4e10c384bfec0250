using System.CommandLine;

namespace Lungfish.Cli.CommandLine;

/// <summary>A command that shows how it is used: help begins with examples.</summary>
internal sealed class DocumentedCommand(string name, string description) : Command(name, description)
{
    public IReadOnlyList<string> Examples { get; init; } = [];
}
