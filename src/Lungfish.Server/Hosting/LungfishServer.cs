using System.Text.Json;
using Lungfish.Engine;
using Lungfish.Engine.Faults;
using Lungfish.Engine.Storage;
using Lungfish.Functions;
using Lungfish.Integrations;
using Lungfish.Integrations.ApiShapes;
using Lungfish.Integrations.Items;
using Lungfish.Integrations.Messaging;
using Lungfish.Integrations.StepFunctions;
using Lungfish.Json;
using Lungfish.Server.Console;
using Lungfish.Server.Lambda;
using Lungfish.Server.Lambda.Durable;
using Lungfish.Server.Protocol;
using Lungfish.Server.StepFunctions;
using Lungfish.Storage.Sqlite;
using Lungfish.States.Quotas;
using Microsoft.Extensions.Logging;

namespace Lungfish.Server.Hosting;

/// <summary>A running server: store, engine, functions and the HTTP edge put together.</summary>
public sealed class LungfishServer : IAsyncDisposable
{
    private readonly HttpEdge _edge;
    private readonly SqliteStore _store;
    private readonly ObjectStorage _objects;
    private bool _disposed;

    private LungfishServer(
        HttpEdge edge, SqliteStore store, ObjectStorage objects, FunctionService functions, LungfishEngine engine)
    {
        _edge = edge;
        _store = store;
        _objects = objects;
        Functions = functions;
        Engine = engine;
    }

    public LungfishEngine Engine { get; }

    public FunctionService Functions { get; }

    /// <summary>The first address that it listens on, with the real port.</summary>
    public Uri Url => _edge.Url;

    /// <exception cref="StoreRefusedException">The data cannot be opened.</exception>
    /// <exception cref="ServerRefusedException">The settings are not acceptable, or the address is taken.</exception>
    public static async Task<LungfishServer> StartAsync(ServerOptions options, CancellationToken cancellationToken)
    {
        if (CrashPoints.Refused is { } refused)
        {
            throw new ServerRefusedException(refused);
        }

        KeepAThreadForTheDisk();

        // What was started so far, to be stopped in reverse order should a later part not start.
        var started = new Stack<IAsyncDisposable>();
        try
        {
            var edge = Push(started, await HttpEdge.BindAsync(options, cancellationToken));
            var directory = DataDirectory.Create(options.DataDirectory);
            var tokenKey = TokenKeyFile.ReadOrCreate(directory);
            var database = Path.Combine(directory, "lungfish.db");
            var store = Push(started, await SqliteStore.OpenAsync(database, new SqliteStoreOptions()));
            var functions = Push(started, await ReadingAsync(
                database, StartFunctionsAsync(options, directory, edge, store, cancellationToken)));
            var objects = Push(started, ObjectStorage.Open(options, directory));
            var engine = Push(started, await ReadingAsync(
                database, StartEngineAsync(options, tokenKey, edge, store, objects, functions, cancellationToken)));
            var server = new LungfishServer(edge, store, objects, functions, engine);
            server.Open(options, directory);
            return server;
        }
        catch
        {
            while (started.TryPop(out var part))
            {
                await part.DisposeAsync();
            }

            throw;
        }
    }

    /// <summary>Drains: answers what is open, lets what is decided become durable, ends function processes.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_disposed)
        {
            return;
        }

        _disposed = true;
        await _edge.DisposeAsync();
        await Engine.DisposeAsync();
        await _objects.DisposeAsync();
        await Functions.DisposeAsync();
        await _store.DisposeAsync();
    }

    /// <summary>Who commits waits for the disk where it stands: one thread more than there are processors lets all of
    /// them work meanwhile, also where there is one.</summary>
    private static void KeepAThreadForTheDisk()
    {
        ThreadPool.GetMinThreads(out var workers, out var completions);
        _ = ThreadPool.SetMinThreads(Math.Max(workers, Environment.ProcessorCount + 1), completions);
    }

    /// <exception cref="StoreDamagedException">What it reads of the catalog is not what was written.</exception>
    private static async Task<T> ReadingAsync<T>(string database, Task<T> part)
    {
        try
        {
            return await part;
        }
        catch (Exception e) when (e is JsonParseException or JsonException or InvalidDataException)
        {
            throw new StoreDamagedException(database, e.Message, e);
        }
    }

    private static Task<FunctionService> StartFunctionsAsync(
        ServerOptions options,
        string directory,
        HttpEdge edge,
        SqliteStore store,
        CancellationToken cancellationToken) =>
        FunctionService.StartAsync(
            store,
            new FunctionOptions
            {
                Account = options.Account,
                Directory = Path.Combine(directory, "functions"),
                Endpoint = edge.Url,
            },
            TimeProvider.System,
            edge.Loggers,
            cancellationToken);

    private static async Task<LungfishEngine> StartEngineAsync(
        ServerOptions options,
        byte[] tokenKey,
        HttpEdge edge,
        SqliteStore store,
        ObjectStorage objects,
        FunctionService functions,
        CancellationToken cancellationToken)
    {
        var stepFunctions = new StepFunctionsTasks(TimeProvider.System);
        var lambda = new LambdaTasks(functions, TimeProvider.System);
        var engine = await LungfishEngine.StartAsync(
            store,
            [
                .. lambda.All,
                objects.Tasks,
                .. stepFunctions.All,
                .. MessagingTasks.All(options.Sqs, options.Sns, TimeProvider.System),
                .. options.MoreTaskHandlers,
            ],
            new EngineOptions
            {
                Account = options.Account,
                TokenKey = tokenKey,
                Retention = options.Retention,
                RetentionInterval = ShorterOf(options.Retention / 10, EngineOptions.RetentionIntervalDefault),
                Quotas = new QuotaPolicy { Mode = options.Quotas },
                ItemReaders = [objects.Items],
                ResultWriters = [objects.Results],
                AnswerSchemas = new MockedAnswers(),
                ItemTexts = new ItemTextReader(),
                Functions = functions.Durable,
            },
            TimeProvider.System,
            edge.Loggers,
            cancellationToken);
        stepFunctions.Connect(engine.Executions);
        functions.Connect(engine.DurableExecutions);
        lambda.Connect(engine.DurableExecutions);
        return engine;
    }

    private static TimeSpan ShorterOf(TimeSpan one, TimeSpan other) => one < other ? one : other;

    private static T Push<T>(Stack<IAsyncDisposable> started, T part)
        where T : IAsyncDisposable
    {
        started.Push(part);
        return part;
    }

    private void Open(ServerOptions options, string directory)
    {
        var service = StepFunctionsService.Over(
            Engine.Executions,
            Engine.StateMachines,
            Engine.Activities,
            Engine.MapRuns,
            Engine.StateTests,
            _edge.Stopping);
        var awsJson = new AwsJsonEndpoint(
            service,
            _edge.Loggers.CreateLogger<AwsJsonEndpoint>(),
            keepsQuotas: options.Quotas == QuotaMode.Strict);
        var durable = new DurableEndpoint(
            Engine.DurableExecutions,
            options.Account,
            function => Functions.Get(function).Configuration.Version,
            _edge.Loggers.CreateLogger<DurableEndpoint>());
        Functions.Connect(new ChannelCheckpoints(
            Engine.DurableExecutions, _edge.Loggers.CreateLogger<ChannelCheckpoints>()));
        var search = new ExecutionSearch(_store);
        var facts = new ServerFacts
        {
            Url = Url,
            DataDirectory = directory,
            Account = options.Account,
            StartedAt = TimeProvider.System.GetUtcNow(),
            Space = () => _store.Space,
            SetAside = () => Engine.SetAside,
        };
        var functionRoutes = new FunctionRoutes(Functions, _edge.Stopping);
        var resolver = new Resolver(
            Engine.StateMachines,
            Engine.Activities,
            Engine.Executions,
            Engine.DurableExecutions,
            search,
            functionRoutes.List);
        var console = new ConsoleApi(facts, Engine.StateMachines, Engine.Executions, search, resolver, _edge.Stopping);
        _edge.Open(RequestPipeline.Build(
            _edge.Services,
            awsJson.HandleAsync,
            _objects.Endpoint,
            durable,
            new InvokeEndpoint(Functions, _edge.Stopping),
            () => facts.Trouble,
            routes =>
            {
                console.Map(routes);
                new DurableRoutes(Engine.DurableExecutions, _edge.Stopping).Map(routes);
                new CallbackRoutes(Engine.StateMachines, Engine.Executions, Engine.DurableExecutions).Map(routes);
                functionRoutes.Map(routes);
                routes.MapLambda(Functions, _edge.Stopping);
            },
            options.MapMore));
        if (options.OnStoreFailed is { } tell)
        {
            _ = TellWhenFailedAsync(tell);
        }
    }

    private async Task TellWhenFailedAsync(Action<Exception> tell) => tell(await _store.Failed);
}
