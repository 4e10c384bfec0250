using System.Collections.Immutable;
using Lungfish.States.Model;
using Lungfish.States.Validation;

namespace Lungfish.States.Parsing;

/// <summary>Reads a definition and checks it as AWS does when a state machine is created.</summary>
public static class DefinitionParser
{
    /// <param name="text">The definition as JSON text.</param>
    /// <param name="options">What this server can run.</param>
    public static DefinitionParse Parse(string text, DefinitionOptions options) => throw new NotSupportedException();
}

/// <param name="Definition">Null if there is any error.</param>
public sealed record DefinitionParse(StateMachineDefinition? Definition, ImmutableArray<Diagnostic> Diagnostics);

public sealed record DefinitionOptions
{
    /// <summary>Tells whether a task handler exists for this resource; the parser refuses the others by name.</summary>
    public required Func<TaskResource, bool> CanRun { get; init; }
}
