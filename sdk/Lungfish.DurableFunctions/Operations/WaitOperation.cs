namespace Lungfish.DurableFunctions;

/// <summary>A timer of the service's.</summary>
internal sealed class WaitOperation(
    ContextScope scope, OperationKey key, TimeSpan duration, CancellationToken cancellationToken)
    : DurableOperation<Nothing>(scope, key, cancellationToken)
{
    protected override Nothing ResultOf(Operation ended) => default;

    protected override async Task<Nothing> ExecuteAsync(Operation? known)
    {
        if (known is null)
        {
            var start = new OperationUpdate
            {
                Id = Key.Id,
                Type = Key.Type,
                Action = OperationActions.Start,
                SubType = Key.SubType,
                Name = Key.Name,
                ParentId = Key.ParentId,
                WaitSeconds = Seconds.AtLeastOne(duration),
            };
            await StoreStartAsync(known, start, first: true).ConfigureAwait(false);
        }

        return ResultOf(await WaitForOutsideAsync().ConfigureAwait(false));
    }
}
