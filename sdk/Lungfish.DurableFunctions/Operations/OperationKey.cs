namespace Lungfish.DurableFunctions;

/// <summary>What the code says an operation is; on replay it must say the same.</summary>
internal sealed record OperationKey(string Id, string Type, string SubType, string? Name, string? ParentId)
{
    /// <exception cref="InvalidOperationException">The running code is another context's, or a step's.</exception>
    public static OperationKey Take(ContextScope scope, string type, string subType, string? name)
    {
        Ambient.VerifyOwns(scope);
        return new OperationKey(scope.TakeId(), type, subType, name, scope.ParentId);
    }

    /// <exception cref="NonDeterministicExecutionException">
    /// The journal has another operation in this place.
    /// </exception>
    public void VerifyAgainst(Operation known)
    {
        if (known.Type == Type
            && Same(known.SubType, SubType) && Same(known.Name, Name) && Same(known.ParentId, ParentId))
        {
            return;
        }

        throw new NonDeterministicExecutionException(
            $"""
            The code does not do what it did before: operation '{Id}' is another one now.
                         {"before",-28} now
              type       {known.Type,-28} {Type}
              subtype    {known.SubType ?? "-",-28} {SubType}
              name       {known.Name ?? "-",-28} {Name ?? "-"}
              parent     {known.ParentId ?? "-",-28} {ParentId ?? "-"}
            Between two replays the calls of a workflow must stay the same: clock, chance, ids and I/O belong into
            steps, and changed code into a new version of the function.
            """);
    }

    public OperationUpdate Update(string action) => new()
    {
        Id = Id,
        Type = Type,
        Action = action,
        SubType = SubType,
        Name = Name,
        ParentId = ParentId,
    };

    // An older service may not tell a name that is empty from one that is not there.
    private static bool Same(string? before, string? now) =>
        string.Equals(before ?? "", now ?? "", StringComparison.Ordinal);
}
