using Lungfish.Engine.Identifiers;
using Lungfish.Engine.Storage;
using Lungfish.States.Deciding;

namespace Lungfish.Server.Keeping;

/// <summary>What is exported; what is null leaves nothing out.</summary>
public sealed record ExportOptions
{
    /// <summary>Whose functions these are, for their ARNs.</summary>
    public AwsAccount Account { get; init; } = AwsAccount.Default;

    /// <summary>The ARN or name of a state machine: it, its executions and the child executions of its map runs, and
    /// nothing of functions.</summary>
    public string? Machine { get; init; }

    /// <summary>The name of a function: its versions and its durable executions, and nothing of machines.</summary>
    public string? Function { get; init; }

    public ExecutionStatus? Status { get; init; }

    /// <summary>Executions that started then or later.</summary>
    public DateTimeOffset? Since { get; init; }

    /// <summary>Executions that started before.</summary>
    public DateTimeOffset? Until { get; init; }

    public bool WithHistory { get; init; } = true;

    internal bool SelectsMachine(string arn) => Function is null && (Machine is null || IsMachine(arn));

    internal bool SelectsFunction(string name) => Machine is null && (Function is null || Function == name);

    internal bool Selects(ExecutionHeader header) =>
        (header.Key.IsDurable
            ? SelectsFunction(FunctionOf(header.Key.OwnerArn))
            : SelectsMachine(MapRunNames.MachineArn(header.Key.OwnerArn)))
        && (Status is null || Status == header.Status)
        && !(header.StartedAt < Since)
        && !(header.StartedAt >= Until);

    private bool IsMachine(string arn) => arn == Machine || arn[(arn.LastIndexOf(':') + 1)..] == Machine;

    /// <summary>arn:aws:lambda:REGION:ACCOUNT:function:NAME:VERSION</summary>
    private static string FunctionOf(string arn) => arn.Split(':') is { Length: > 6 } parts ? parts[6] : arn;
}
