namespace Lungfish.Engine.Identifiers;

/// <summary>ARNs that follow from what an execution is stored under.</summary>
internal static class ExecutionArns
{
    public static string Of(ExecutionKey key)
    {
        var machine = StatesArn.Parse(key.OwnerArn, "stateMachine");
        return $"{machine.Prefix}:execution:{machine.Name}:{key.Name}";
    }

    public static string? MapRunOf(ExecutionKey key, Storage.MapRunChild? child)
    {
        if (child is null)
        {
            return null;
        }

        var machine = StatesArn.Parse(key.OwnerArn, "stateMachine");
        return $"{machine.Prefix}:mapRun:{machine.Name}:{child.MapRun}";
    }
}
