namespace Lungfish.Engine.Identifiers;

/// <summary>Whose resources these are: part of every ARN.</summary>
public sealed record AwsAccount
{
    public static readonly AwsAccount Default = new();

    public string AccountId { get; init; } = "000000000000";

    public string Region { get; init; } = "us-east-1";

    public string Partition { get; init; } = "aws";

    public string StateMachineArn(string name) => $"arn:{Partition}:states:{Region}:{AccountId}:stateMachine:{name}";

    public string ActivityArn(string name) => $"arn:{Partition}:states:{Region}:{AccountId}:activity:{name}";

    public string ExecutionArn(string machineName, string executionName) =>
        $"arn:{Partition}:states:{Region}:{AccountId}:execution:{machineName}:{executionName}";

    public string FunctionArn(string name) => $"arn:{Partition}:lambda:{Region}:{AccountId}:function:{name}";
}
