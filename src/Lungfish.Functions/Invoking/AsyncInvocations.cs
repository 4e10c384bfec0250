using System.Text;
using System.Text.Json;
using Lungfish.Engine;
using Lungfish.Engine.Storage;
using Microsoft.Extensions.Logging;

namespace Lungfish.Functions.Invoking;

internal delegate Task<InvokeResult> Invoke(
    FunctionReference function,
    ReadOnlyMemory<byte> payload,
    InvokeOptions options,
    CancellationToken cancellationToken);

/// <summary>Asynchronous invocations: durable from the moment they are accepted until they are done or given
/// up.</summary>
internal sealed partial class AsyncInvocations(
    IStore store, FunctionOptions options, Invoke invoke, TimeProvider time, ILogger logger) : IAsyncDisposable
{
    public const string Kind = "async-invocation";
    private const int PageSize = 200;
    private const int RunningMax = 256;

    // Documented: events that are throttled or meet an error of the service are tried again for up to 6 hours, from
    // 1 second to 5 minutes apart.
    private static readonly TimeSpan AgeMax = TimeSpan.FromHours(6);
    private static readonly TimeSpan ThrottledWait = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan ThrottledWaitMax = TimeSpan.FromMinutes(5);

    private readonly CancellationTokenSource _stopping = new();
    private readonly SemaphoreSlim _running = new(RunningMax);
    private readonly HashSet<Task> _tasks = [];

    /// <summary>Returns when the invocation is durable. One of the same request id that is not done yet is that
    /// one.</summary>
    public async Task AddAsync(
        FunctionReference function,
        ReadOnlyMemory<byte> payload,
        Invocation invocation,
        CancellationToken cancellationToken)
    {
        var accepted = new AcceptedInvocation
        {
            Name = function.Name,
            Qualifier = function.Qualifier,
            RequestId = invocation.RequestId,
            TraceId = invocation.TraceId,
            TenantId = invocation.TenantId,
            Payload = Encoding.UTF8.GetString(payload.Span),
            AcceptedAt = time.GetUtcNow(),
        };
        try
        {
            await WriteAsync(accepted, expectedVersion: 0, cancellationToken);
        }
        catch (CatalogConflictException)
        {
            return;
        }

        Run(accepted);
    }

    public async Task ResumeAsync(CancellationToken cancellationToken)
    {
        string? after = null;
        IReadOnlyList<CatalogEntry> page;
        do
        {
            page = await store.ListCatalogAsync(Kind, "", after, PageSize, cancellationToken);
            foreach (var entry in page)
            {
                after = entry.Key;
                Run(Read(entry));
            }
        }
        while (page.Count == PageSize);
    }

    /// <summary>Reads what is stored, only to see whether it can be read.</summary>
    public static void Check(CatalogEntry entry) => _ = Read(entry);

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        Task[] tasks;
        lock (_tasks)
        {
            tasks = [.. _tasks];
        }

        await Task.WhenAll(tasks);
        _stopping.Dispose();
        _running.Dispose();
    }

    private static AcceptedInvocation Read(CatalogEntry entry) =>
        JsonSerializer.Deserialize<AcceptedInvocation>(entry.Value.Span)
            ?? throw new InvalidDataException($"The {Kind} '{entry.Key}' is stored as null.");

    private void Run(AcceptedInvocation accepted)
    {
        var task = RunAsync(accepted);
        lock (_tasks)
        {
            _ = _tasks.Add(task);
        }

        _ = task.ContinueWith(Forget, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);

        void Forget(Task done)
        {
            lock (_tasks)
            {
                _ = _tasks.Remove(done);
            }
        }
    }

    private async Task RunAsync(AcceptedInvocation accepted)
    {
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        try
        {
            var throttled = ThrottledWait;
            while (true)
            {
                await WaitUntilAsync(accepted.NotBefore);
                var attempt = await AttemptAsync(accepted);
                if (attempt == AttemptResult.Done || IsGivenUp(accepted, attempt))
                {
                    await store.WriteCatalogAsync(
                        [new(Kind, accepted.RequestId, ExpectedVersion: null, Value: null)], _stopping.Token);
                    return;
                }

                var isFailure = attempt == AttemptResult.FunctionFailed;
                var wait = isFailure ? options.AsyncRetryDelays[accepted.Failures] : throttled;
                throttled = isFailure ? ThrottledWait : Min(throttled * 2, ThrottledWaitMax);
                accepted = accepted with
                {
                    Failures = accepted.Failures + (isFailure ? 1 : 0),
                    NotBefore = time.GetUtcNow() + wait,
                };
                await WriteAsync(accepted, expectedVersion: null, _stopping.Token);
            }
        }
        catch (OperationCanceledException)
        {
            // The server stops; the entry is still there and goes on at the next start.
        }
        catch (StoreUnavailableException e)
        {
            LogStuck(logger, accepted.RequestId, accepted.Name, e.Message);
        }
    }

    private async Task<AttemptResult> AttemptAsync(AcceptedInvocation accepted)
    {
        await _running.WaitAsync(_stopping.Token);
        try
        {
            var result = await invoke(
                new(accepted.Name, accepted.Qualifier),
                Encoding.UTF8.GetBytes(accepted.Payload),
                new InvokeOptions
                {
                    RequestId = accepted.RequestId,
                    TraceId = accepted.TraceId,
                    TenantId = accepted.TenantId,
                },
                _stopping.Token);
            return result.FunctionError is null ? AttemptResult.Done : AttemptResult.FunctionFailed;
        }
        catch (ApiException e) when (e.HttpStatus == 404)
        {
            return AttemptResult.FunctionGone;
        }
        catch (ApiException)
        {
            _stopping.Token.ThrowIfCancellationRequested();
            return AttemptResult.Unavailable;
        }
        finally
        {
            _ = _running.Release();
        }
    }

    private bool IsGivenUp(AcceptedInvocation accepted, AttemptResult attempt)
    {
        var reason = attempt switch
        {
            AttemptResult.FunctionGone => "the function does not exist any more",
            AttemptResult.FunctionFailed when accepted.Failures >= options.AsyncRetryDelays.Length =>
                "it failed in every attempt",
            _ when time.GetUtcNow() - accepted.AcceptedAt > AgeMax => "it could not be run for 6 hours",
            _ => null,
        };
        if (reason is not null)
        {
            LogGivenUp(logger, accepted.RequestId, accepted.Name, reason);
        }

        return reason is not null;
    }

    private Task WaitUntilAsync(DateTimeOffset? notBefore)
    {
        var wait = notBefore - time.GetUtcNow();
        return wait > TimeSpan.Zero ? Task.Delay(wait.Value, time, _stopping.Token) : Task.CompletedTask;
    }

    private Task WriteAsync(AcceptedInvocation accepted, long? expectedVersion, CancellationToken cancellationToken) =>
        store.WriteCatalogAsync(
            [new(Kind, accepted.RequestId, expectedVersion, JsonSerializer.SerializeToUtf8Bytes(accepted))],
            cancellationToken);

    private static TimeSpan Min(TimeSpan a, TimeSpan b) => a < b ? a : b;

    private enum AttemptResult
    {
        Done,
        FunctionFailed,
        FunctionGone,

        /// <summary>Throttled, or the machine cannot run it now: does not count as one of its attempts.</summary>
        Unavailable,
    }

    /// <summary>An asynchronous invocation as it is stored.</summary>
    private sealed record AcceptedInvocation
    {
        public required string Name { get; init; }

        public string? Qualifier { get; init; }

        public required string RequestId { get; init; }

        public required string TraceId { get; init; }

        public string? TenantId { get; init; }

        /// <summary>JSON text.</summary>
        public required string Payload { get; init; }

        public required DateTimeOffset AcceptedAt { get; init; }

        public int Failures { get; init; }

        public DateTimeOffset? NotBefore { get; init; }
    }

    [LoggerMessage(2020, LogLevel.Warning, "Asynchronous invocation {RequestId} of {Function} was given up: {Reason}.")]
    private static partial void LogGivenUp(ILogger logger, string requestId, string function, string reason);

    [LoggerMessage(2021, LogLevel.Error,
        "Asynchronous invocation {RequestId} of {Function} waits for the next start: {Reason}")]
    private static partial void LogStuck(ILogger logger, string requestId, string function, string reason);
}
