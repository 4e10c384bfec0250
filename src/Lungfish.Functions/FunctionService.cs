using System.Collections.Concurrent;
using System.Collections.Immutable;
using Lungfish.Engine.Identifiers;
using Lungfish.Engine.Storage;
using Lungfish.Functions.Code;
using Lungfish.Functions.Invoking;
using Lungfish.Functions.Logs;
using Lungfish.Functions.Registry;
using Microsoft.Extensions.Logging;

namespace Lungfish.Functions;

/// <summary>Functions: their registry, code and processes.</summary>
/// <remarks>Refusals are <see cref="Lungfish.Engine.ApiException"/>s with the Lambda API's codes and texts. Safe
/// for use
/// from many threads.</remarks>
public sealed class FunctionService : IAsyncDisposable
{
    private readonly FunctionRegistry _registry;
    private readonly FunctionOperations _operations;
    private readonly CodeStore _code;
    private readonly LogStore _logs;
    private readonly Pools _pools;
    private readonly AsyncInvocations _asynchronous;
    private readonly TimeProvider _time;
    private readonly ConcurrentDictionary<string, InProcessFunction> _inProcess = new(StringComparer.Ordinal);

    private FunctionService(
        FunctionOptions options,
        FunctionRegistry registry,
        CodeStore code,
        LogStore logs,
        Pools pools,
        IStore store,
        TimeProvider time,
        ILoggerFactory loggers)
    {
        Options = options;
        _registry = registry;
        _code = code;
        _logs = logs;
        _pools = pools;
        _time = time;
        _operations = new(registry, code, options.Account, time);
        _asynchronous = new(store, options, InvokeAsync, time, loggers.CreateLogger<FunctionService>());
    }

    public FunctionOptions Options { get; }

    public AwsAccount Account => Options.Account;

    /// <summary>Opens the registry, goes on with asynchronous invocations that were not done, and is ready to
    /// invoke.</summary>
    public static async Task<FunctionService> StartAsync(
        IStore store,
        FunctionOptions options,
        TimeProvider time,
        ILoggerFactory loggers,
        CancellationToken cancellationToken)
    {
        options = options with { Directory = Path.GetFullPath(options.Directory) };
        _ = Directory.CreateDirectory(options.Directory);
        var registry = new FunctionRegistry(store);
        await registry.LoadAsync(cancellationToken);
        var code = new CodeStore(options.Directory);
        var logs = new LogStore(options.Directory);
        var pools = await Pools.StartAsync(options, code, logs, time, loggers, cancellationToken);
        var service = new FunctionService(options, registry, code, logs, pools, store, time, loggers);
        await service._asynchronous.ResumeAsync(cancellationToken);
        return service;
    }

    /// <summary>Makes a method of this application a function, until the service ends. It hides a stored function of
    /// that name, and is not stored itself.</summary>
    public void Register(string name, InProcessHandler handler, TimeSpan timeout)
    {
        var configuration = new FunctionConfiguration
        {
            Name = name,
            Version = FunctionReference.Latest,
            Runtime = "dotnet10",
            Handler = "in-process",
            Role = $"arn:aws:iam::{Account.AccountId}:role/in-process",
            Timeout = timeout,
            Code = new FunctionCode(Sha256: "", Size: 0, Folder: null),
            LastModified = _time.GetUtcNow(),
            RevisionId = Guid.NewGuid().ToString(),
        };
        _inProcess[name] = new(configuration, handler, _logs, _time);
    }

    public Task<FunctionConfiguration> CreateAsync(NewFunction function, CancellationToken cancellationToken) =>
        _operations.CreateAsync(function, cancellationToken);

    public async Task<FunctionConfiguration> UpdateCodeAsync(
        FunctionReference function, FunctionCodeChange change, CancellationToken cancellationToken) =>
        Renewed(await _operations.UpdateCodeAsync(function, change, cancellationToken));

    public async Task<FunctionConfiguration> UpdateConfigurationAsync(
        FunctionReference function, FunctionChange change, CancellationToken cancellationToken) =>
        Renewed(await _operations.UpdateConfigurationAsync(function, change, cancellationToken));

    public Task<FunctionConfiguration> PublishVersionAsync(
        FunctionReference function, VersionRequest request, CancellationToken cancellationToken) =>
        _operations.PublishAsync(function, request, cancellationToken);

    /// <summary>Deletes the version that is named, or without a qualifier the function with all versions.</summary>
    public async Task DeleteAsync(FunctionReference function, CancellationToken cancellationToken)
    {
        await _operations.DeleteAsync(function, cancellationToken);
        _pools.Remove(function.Name, function.Qualifier);
    }

    public FunctionDescription? Find(FunctionReference function)
    {
        if (FindInProcess(function) is { } own)
        {
            return new(own.Configuration, ImmutableSortedDictionary<string, string>.Empty, function.ToArn(Account));
        }

        return _registry.Find(function.Name) is { } registered
            && registered.FindVersion(function.Qualifier) is { } version
                ? new(version, registered.Function.Tags, function.ToArn(Account))
                : null;
    }

    public FunctionDescription Get(FunctionReference function) =>
        Find(function) ?? throw LambdaErrors.FunctionNotFound(function.ToArn(Account));

    /// <summary>The functions as they are now (<c>$LATEST</c>), in ordinal order of their names.</summary>
    public IReadOnlyList<FunctionConfiguration> List() =>
    [
        .. _registry.List().Select(f => f.Latest).Where(f => !_inProcess.ContainsKey(f.Name))
            .Concat(_inProcess.Values.Select(f => f.Configuration))
            .OrderBy(f => f.Name, StringComparer.Ordinal),
    ];

    /// <summary><c>$LATEST</c>, then the published versions, oldest first.</summary>
    public IReadOnlyList<FunctionConfiguration> ListVersions(FunctionReference function) =>
        _inProcess.TryGetValue(function.Name, out var own) ? [own.Configuration]
            : _registry.Find(function.Name) is { } registered ? [registered.Latest, .. registered.Versions]
            : throw LambdaErrors.FunctionNotFound(Account.FunctionArn(function.Name));

    /// <summary>The deployment package of a version, as it was uploaded; null for a folder that is used in
    /// place.</summary>
    public string? FindPackageFile(FunctionConfiguration version) =>
        version.Code.Folder is null ? _code.FindPackage(version.Code.Sha256) : null;

    /// <summary>Runs a function, or for <see cref="InvocationType.Event"/> promises durably that it will be
    /// run.</summary>
    /// <param name="payload">JSON text in UTF-8; empty counts as <c>{}</c>.</param>
    /// <param name="cancellationToken">Ends the waiting. As on AWS, a function that runs already runs to its
    /// end.</param>
    public async Task<InvokeResult> InvokeAsync(
        FunctionReference function,
        ReadOnlyMemory<byte> payload,
        InvokeOptions options,
        CancellationToken cancellationToken)
    {
        var target = Find(function)?.Configuration
            ?? throw LambdaErrors.FunctionNotFound(
                (function with { Qualifier = function.Qualifier ?? FunctionReference.Latest }).ToArn(Account));
        payload = payload.IsEmpty ? "{}"u8.ToArray() : payload;
        PayloadRules.Check(payload, options.Type);
        var invocation = new Invocation(
            payload, options, function.ToArn(Account), _time.GetUtcNow(), _time.GetTimestamp());
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

        var outcome = await RunAsync(target, invocation, cancellationToken);
        return result with
        {
            Payload = outcome.Payload,
            FunctionError = outcome.IsError ? "Unhandled" : null,
            ExecutedVersion = target.Version,
            LogTail = outcome.LogTail,
        };
    }

    /// <summary>Lines of a function's log, oldest first.</summary>
    public IAsyncEnumerable<LogLine> ReadLogsAsync(
        FunctionReference function, LogFilter filter, CancellationToken cancellationToken) =>
        _logs.ReadAsync(Get(function with { Qualifier = null }).Configuration.Name, filter, cancellationToken);

    /// <summary>Ends all processes. Asynchronous invocations that are not done go on at the next start.</summary>
    public async ValueTask DisposeAsync()
    {
        await _asynchronous.DisposeAsync();
        await _pools.DisposeAsync();
        await _logs.DisposeAsync();
    }

    private async Task<InvocationOutcome> RunAsync(
        FunctionConfiguration target, Invocation invocation, CancellationToken cancellationToken)
    {
        var outcome = _inProcess.TryGetValue(target.Name, out var own)
            ? own.RunAsync(invocation)
            : _pools.Run(target, invocation);
        if (!cancellationToken.CanBeCanceled)
        {
            return await outcome;
        }

        await using var abandoning = cancellationToken.Register(() => invocation.IsAbandoned = true);
        return await outcome.WaitAsync(cancellationToken);
    }

    private InProcessFunction? FindInProcess(FunctionReference function) =>
        function.Qualifier is null or FunctionReference.Latest ? _inProcess.GetValueOrDefault(function.Name) : null;

    private FunctionConfiguration Renewed(FunctionConfiguration changed)
    {
        _pools.Remove(changed.Name, FunctionReference.Latest);
        return changed;
    }
}
