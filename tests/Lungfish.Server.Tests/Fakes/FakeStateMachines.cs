using Lungfish.Engine;
using Lungfish.Engine.Api;
using Lungfish.States.Model;
using Lungfish.States.Parsing;

namespace Lungfish.Server.Tests.Fakes;

/// <summary>One machine, named <c>m</c>; remembers what it was asked.</summary>
internal sealed class FakeStateMachines : IStateMachines
{
    public const string Arn = "arn:aws:states:us-east-1:000000000000:stateMachine:m";

    public static readonly DateTimeOffset CreatedAt = DateTimeOffset.FromUnixTimeMilliseconds(1_700_000_000_123);

    public StateMachineDescription Machine { get; set; } = new()
    {
        Arn = Arn,
        Name = "m",
        Status = "ACTIVE",
        Definition = """{"StartAt": "A"}""",
        RoleArn = "arn:aws:iam::000000000000:role/r",
        Type = "STANDARD",
        CreatedAt = CreatedAt,
        UpdatedAt = CreatedAt,
    };

    public NewStateMachine? Created { get; private set; }

    public StateMachineChange? Changed { get; private set; }

    public (int CountMax, string? NextToken)? Listed { get; private set; }

    public Task<StateMachineDescription> CreateAsync(NewStateMachine machine, CancellationToken cancellationToken)
    {
        Created = machine;
        return Task.FromResult(Machine);
    }

    /// <summary>The parser's own word, of a server that can run functions alone.</summary>
    public DefinitionParse Validate(string definition, StateMachineType type) => DefinitionParser.Parse(
        definition, new DefinitionOptions { CanRun = resource => resource is LambdaFunctionResource, Type = type });

    public Task<StateMachineDescription> DescribeAsync(string stateMachineArn, CancellationToken cancellationToken) =>
        stateMachineArn == Arn
            ? Task.FromResult(Machine)
            : throw new ApiException("StateMachineDoesNotExist", $"State Machine Does Not Exist: '{stateMachineArn}'");

    public Task<StateMachineUpdated> UpdateAsync(
        string stateMachineArn, StateMachineChange change, CancellationToken cancellationToken)
    {
        Changed = change;
        return Task.FromResult(new StateMachineUpdated(CreatedAt, "r1"));
    }

    public Task DeleteAsync(string stateMachineArn, CancellationToken cancellationToken) => Task.CompletedTask;

    public Task<Page<StateMachineDescription>> ListAsync(
        int countMax, string? nextToken, CancellationToken cancellationToken)
    {
        Listed = (countMax, nextToken);
        return Task.FromResult(new Page<StateMachineDescription>([Machine], null));
    }
}
