using Lungfish.Engine.Storage;
using Lungfish.Functions.Durable;
using Lungfish.Functions.Registry;
using Microsoft.Extensions.Logging;

namespace Lungfish.Functions.Invoking;

/// <summary>The operation Invoke: what may be invoked how, and what comes of it.</summary>
internal sealed class Invoker : IAsyncDisposable
{
    private readonly FunctionDirectory _directory;
    private readonly FunctionRunner _runner;
    private readonly DurableStarts _durable;
    private readonly AsyncInvocations _asynchronous;
    private readonly TimeProvider _time;

    public Invoker(
        FunctionDirectory directory,
        FunctionRunner runner,
        DurableStarts durable,
        FunctionOptions options,
        IStore store,
        TimeProvider time,
        ILogger logger)
    {
        _directory = directory;
        _runner = runner;
        _durable = durable;
        _time = time;
        _asynchronous = new(store, options, InvokeAsync, time, logger);
    }

    public Task ResumeAsync(CancellationToken cancellationToken) => _asynchronous.ResumeAsync(cancellationToken);

    /// <inheritdoc cref="FunctionService.InvokeAsync"/>
    public Task<InvokeResult> InvokeAsync(
        FunctionReference function,
        ReadOnlyMemory<byte> payload,
        InvokeOptions options,
        CancellationToken cancellationToken)
    {
        var chance = options.DurableExecutionName is { } name ? FunctionAlias.ChanceOf(name) : Chance();
        var target = _directory.Choose(function, chance)
            ?? throw LambdaErrors.FunctionNotFound(
                (function with { Qualifier = function.Qualifier ?? FunctionReference.Latest })
                    .ToArn(_directory.Account));
        PayloadRules.CheckSize(payload, options.Type);
        if (!payload.IsEmpty)
        {
            PayloadRules.CheckIsJson(payload);
        }

        InvokeRules.CheckTenant(target, options.TenantId);
        InvokeRules.CheckDurable(target, function, options);
        return target.Durable is { } config && options.Type != InvocationType.DryRun
            ? _durable.InvokeAsync(target, config, payload, options, cancellationToken)
            : InvokePlainAsync(
                target, function, payload.IsEmpty ? "{}"u8.ToArray() : payload, options, cancellationToken);
    }

    public ValueTask DisposeAsync() => _asynchronous.DisposeAsync();

    private async Task<InvokeResult> InvokePlainAsync(
        FunctionConfiguration target,
        FunctionReference function,
        ReadOnlyMemory<byte> payload,
        InvokeOptions options,
        CancellationToken cancellationToken)
    {
        var invocation = new Invocation(
            payload, options, function.ToArn(_directory.Account), _time.GetUtcNow(), _time.GetTimestamp());
        var result = new InvokeResult
        {
            StatusCode = 200,
            RequestId = invocation.RequestId,
            TraceId = invocation.TraceId,
        };
        switch (options.Type)
        {
            case InvocationType.DryRun:
                return result with { StatusCode = 204 };
            case InvocationType.Event:
                await _asynchronous.AddAsync(function, payload, invocation, cancellationToken);
                return result with { StatusCode = 202 };
        }

        var outcome = await _runner.RunAsync(target, invocation, cancellationToken);
        return result with
        {
            Payload = outcome.Payload,
            FunctionError = outcome.IsError ? "Unhandled" : null,
            ExecutedVersion = target.Version,
            LogTail = outcome.LogTail,
        };
    }

    private static ulong Chance() => unchecked((ulong)Random.Shared.NextInt64(long.MinValue, long.MaxValue));
}
