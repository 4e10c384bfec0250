using System.Collections.Immutable;

using Lungfish.States.Model;
using Lungfish.States.Parsing;

namespace Lungfish.Engine.Api;

/// <summary>The registry of state machines.</summary>
/// <remarks>Refusals are <see cref="ApiException"/>s with AWS's codes and texts.</remarks>
public interface IStateMachines
{
    /// <summary>Creates a machine; the same again answers the first one's ARN.</summary>
    Task<StateMachineDescription> CreateAsync(NewStateMachine machine, CancellationToken cancellationToken);

    /// <summary>Checks a definition as its creation would, and keeps nothing.</summary>
    DefinitionParse Validate(string definition, StateMachineType type);

    Task<StateMachineDescription> DescribeAsync(string stateMachineArn, CancellationToken cancellationToken);

    Task<StateMachineUpdated> UpdateAsync(
        string stateMachineArn, StateMachineChange change, CancellationToken cancellationToken);

    /// <summary>Deletes a machine: running executions are aborted. An unknown ARN is no error.</summary>
    Task DeleteAsync(string stateMachineArn, CancellationToken cancellationToken);

    Task<Page<StateMachineDescription>> ListAsync(int countMax, string? nextToken, CancellationToken cancellationToken);
}

public sealed record NewStateMachine
{
    public required string Name { get; init; }

    /// <summary>JSON text, kept as it is.</summary>
    public required string Definition { get; init; }

    public required string RoleArn { get; init; }

    public StateMachineType Type { get; init; } = StateMachineType.Standard;

    /// <summary>The request's loggingConfiguration as JSON text, or null.</summary>
    public string? LoggingConfiguration { get; init; }

    /// <summary>The request's tracingConfiguration as JSON text, or null.</summary>
    public string? TracingConfiguration { get; init; }

    /// <summary>Kept with the machine; those of the first creation stay.</summary>
    public IReadOnlyList<Tag> Tags { get; init; } = [];
}

public sealed record Tag(string Key, string Value);

public sealed record StateMachineChange
{
    public string? Definition { get; init; }

    public string? RoleArn { get; init; }

    public string? LoggingConfiguration { get; init; }

    public string? TracingConfiguration { get; init; }
}

public sealed record StateMachineDescription
{
    public required string Arn { get; init; }

    public required string Name { get; init; }

    /// <summary><c>ACTIVE</c> or <c>DELETING</c>.</summary>
    public required string Status { get; init; }

    public required string Definition { get; init; }

    public required string RoleArn { get; init; }

    /// <summary><c>STANDARD</c>.</summary>
    public required string Type { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset UpdatedAt { get; init; }

    /// <summary>Null until the first update, as AWS answers.</summary>
    public string? RevisionId { get; init; }

    public string? LoggingConfiguration { get; init; }

    public string? TracingConfiguration { get; init; }

    /// <summary>The variables that each state reads, by its name; states that read none are not here.</summary>
    public ImmutableSortedDictionary<string, ImmutableArray<string>> VariableReferences { get; init; } =
        ImmutableSortedDictionary<string, ImmutableArray<string>>.Empty;

    /// <summary>Set where a child execution of a map run was asked about.</summary>
    public string? MapRunArn { get; init; }

    /// <summary>The label of its Map state, declared or generated.</summary>
    public string? Label { get; init; }
}

/// <param name="RevisionId">Null if the machine was never changed.</param>
public sealed record StateMachineUpdated(DateTimeOffset UpdatedAt, string? RevisionId);
