using System.Collections.Immutable;
using Lungfish.Engine.Api;
using Lungfish.Engine.Durable;
using Lungfish.Engine.Identifiers;
using Lungfish.Engine.Storage;
using Lungfish.Functions.Code;
using Lungfish.Functions.Durable;
using Lungfish.Functions.Invoking;
using Lungfish.Functions.Logs;
using Lungfish.Functions.Registry;
using Microsoft.Extensions.Logging;

namespace Lungfish.Functions;

/// <summary>Functions: their registry, code and processes.</summary>
/// <remarks>Refusals are <see cref="Lungfish.Engine.ApiException"/>s with the Lambda API's codes and texts. Safe for
/// use from many threads.</remarks>
public sealed class FunctionService : IAsyncDisposable
{
    private readonly FunctionDirectory _directory;
    private readonly FunctionOperations _operations;
    private readonly AliasOperations _aliases;
    private readonly CodeStore _code;
    private readonly LogStore _logs;
    private readonly Pools _pools;
    private readonly DurableStarts _durableStarts;
    private readonly Invoker _invoker;
    private readonly TimeProvider _time;
    private volatile ICheckpointCalls? _checkpoints;

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
        _code = code;
        _logs = logs;
        _pools = pools;
        _time = time;
        _operations = new(registry, code, options.Account, time);
        _aliases = new(registry, options.Account);
        _directory = new(registry, options.Account);
        _durableStarts = new(options.Account);
        var runner = new FunctionRunner(_directory, pools);
        _invoker = new(
            _directory, runner, _durableStarts, options, store, time, loggers.CreateLogger<FunctionService>());
        var chained = new ChainedInvokes(_directory, _invoker.InvokeAsync, _durableStarts, time);
        Durable = new DurableFunctions(_directory, runner, chained, time);
    }

    public FunctionOptions Options { get; }

    public AwsAccount Account => Options.Account;

    /// <summary>What the engine runs durable executions with.</summary>
    public IDurableFunctions Durable { get; }

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
        var service = default(FunctionService);
        var pools = await Pools.StartAsync(
            options, code, logs, () => service?._checkpoints, time, loggers, cancellationToken);
        service = new FunctionService(options, registry, code, logs, pools, store, time, loggers);
        await service._invoker.ResumeAsync(cancellationToken);
        return service;
    }

    /// <summary>Once, when the engine has started: until then invocations of durable functions wait.</summary>
    public void Connect(IDurableExecutions executions) => _durableStarts.Connect(executions);

    /// <summary>Once, when the engine has started: who takes the checkpoints that processes bring over their
    /// channels.</summary>
    public void Connect(ICheckpointCalls checkpoints) => _checkpoints = checkpoints;

    /// <summary>Makes a method of this application a function, until the service ends. It hides a stored function of
    /// that name, and is not stored itself.</summary>
    /// <param name="durable">Set: the method gets envelopes of durable executions, and answers as their SDKs
    /// do.</param>
    public void Register(string name, InProcessHandler handler, TimeSpan timeout, DurableConfig? durable = null)
    {
        var configuration = new FunctionConfiguration
        {
            Name = name,
            Version = FunctionReference.Latest,
            Runtime = "dotnet10",
            Handler = "in-process",
            Role = $"arn:aws:iam::{Account.AccountId}:role/in-process",
            Timeout = timeout,
            Durable = durable,
            Code = new FunctionCode(Sha256: "", Size: 0, Folder: null),
            LastModified = _time.GetUtcNow(),
            RevisionId = Guid.NewGuid().ToString(),
        };
        _directory.Add(new(configuration, handler, _logs, _time));
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

    /// <param name="change">From the tags that the function has to those that it is to have.</param>
    public Task ChangeTagsAsync(
        FunctionReference function,
        Func<ImmutableSortedDictionary<string, string>, ImmutableSortedDictionary<string, string>> change,
        CancellationToken cancellationToken) =>
        _operations.ChangeTagsAsync(function, change, cancellationToken);

    public Task<FunctionAlias> CreateAliasAsync(
        string functionName, string name, AliasChange request, CancellationToken cancellationToken) =>
        _aliases.CreateAsync(functionName, name, request, cancellationToken);

    public Task<FunctionAlias> UpdateAliasAsync(
        string functionName, string name, AliasChange change, CancellationToken cancellationToken) =>
        _aliases.UpdateAsync(functionName, name, change, cancellationToken);

    public Task DeleteAliasAsync(string functionName, string name, CancellationToken cancellationToken) =>
        _aliases.DeleteAsync(functionName, name, cancellationToken);

    public FunctionAlias GetAlias(string functionName, string name) => _aliases.Get(functionName, name);

    /// <summary>In ordinal order of their names.</summary>
    /// <param name="version">Only those that lead to it; null: all.</param>
    public IReadOnlyList<FunctionAlias> ListAliases(string functionName, string? version) =>
        _aliases.List(functionName, version);

    /// <summary>The version that a name stands for; of an alias that leads to two, the first.</summary>
    public FunctionDescription? Find(FunctionReference function) => _directory.Find(function);

    public FunctionDescription Get(FunctionReference function) =>
        Find(function) ?? throw LambdaErrors.FunctionNotFound(function.ToArn(Account));

    /// <summary>The functions as they are now (<c>$LATEST</c>), in ordinal order of their names.</summary>
    public IReadOnlyList<FunctionConfiguration> List() => _directory.List();

    /// <summary><c>$LATEST</c>, then the published versions, oldest first.</summary>
    public IReadOnlyList<FunctionConfiguration> ListVersions(FunctionReference function) =>
        _directory.ListVersions(function.Name);

    /// <summary>The deployment package of a version, as it was uploaded; null for a folder that is used in
    /// place.</summary>
    public string? FindPackageFile(FunctionConfiguration version) =>
        version.Code.Folder is null ? _code.FindPackage(version.Code.Sha256) : null;

    /// <summary>Runs a function, or for <see cref="InvocationType.Event"/> promises durably that it will be run. Of a
    /// durable function it starts an execution, or finds the one of that name, and waits for its end.</summary>
    /// <param name="payload">JSON text in UTF-8; empty counts as <c>{}</c>.</param>
    /// <param name="cancellationToken">Ends the waiting. As on AWS, a function that runs already runs to its end, and a
    /// durable execution goes on.</param>
    public Task<InvokeResult> InvokeAsync(
        FunctionReference function,
        ReadOnlyMemory<byte> payload,
        InvokeOptions options,
        CancellationToken cancellationToken) =>
        _invoker.InvokeAsync(function, payload, options, cancellationToken);

    /// <summary>Lines of a function's log, oldest first.</summary>
    public IAsyncEnumerable<LogLine> ReadLogsAsync(
        FunctionReference function, LogFilter filter, CancellationToken cancellationToken) =>
        _logs.ReadAsync(Get(function with { Qualifier = null }).Configuration.Name, filter, cancellationToken);

    /// <summary>Ends all processes. Asynchronous invocations that are not done go on at the next start.</summary>
    public async ValueTask DisposeAsync()
    {
        await _invoker.DisposeAsync();
        await _pools.DisposeAsync();
        await _logs.DisposeAsync();
    }

    private FunctionConfiguration Renewed(FunctionConfiguration changed)
    {
        _pools.Remove(changed.Name, FunctionReference.Latest);
        return changed;
    }
}
