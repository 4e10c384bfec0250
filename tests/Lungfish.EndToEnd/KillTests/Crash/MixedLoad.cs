using Lungfish.EndToEnd.KillTests.Durable;

namespace Lungfish.EndToEnd.KillTests.Crash;

/// <summary>A little of everything on one server: state machines of all kinds, durable executions, changes of the
/// catalog, and those who answer.</summary>
internal sealed class MixedLoad : IAsyncDisposable
{
    private const int StarterCount = 2;
    private const int WorkerCount = 2;
    private const int DeskClerkCount = 2;

    private readonly CrashingServer _server;
    private readonly CallbackDesk _desk;
    private readonly DurableDesk _durableDesk;
    private readonly Ledger _ledger = new();
    private readonly DurableLedger _durableLedger;
    private readonly CatalogClient _catalog;
    private readonly Work _work;
    private readonly CancellationTokenSource _starting = new();
    private readonly CancellationTokenSource _answering = new();
    private readonly List<Task> _starters = [];
    private readonly List<Task> _others = [];

    private MixedLoad(
        CrashingServer server, CallbackDesk desk, DurableDesk durableDesk, DurableLedger durableLedger, Work work)
    {
        _server = server;
        _desk = desk;
        _durableDesk = durableDesk;
        _durableLedger = durableLedger;
        _work = work;
        _catalog = new CatalogClient(server, _ledger);
    }

    public int StartCount => _ledger.Starts.Count + _durableLedger.Starts.Count;

    public int AnswerCount => _ledger.ResultCount + _durableLedger.AnswerCount;

    public IReadOnlyList<string> Breaches => [.. _ledger.Breaches, .. _durableLedger.Breaches];

    /// <summary>Begins on a server that runs.</summary>
    public static async Task<MixedLoad> BeginAsync(CrashingServer server, int seed)
    {
        var durableLedger = new DurableLedger();
        var desk = await CallbackDesk.OpenAsync();
        var durableDesk = await DurableDesk.OpenAsync(durableLedger);
        var work = await Work.CreateAsync(server, desk.Url);
        await DurableWork.CreateAsync(server, durableDesk.Url);
        var load = new MixedLoad(server, desk, durableDesk, durableLedger, work);
        load.Begin(seed);
        return load;
    }

    /// <summary>Starts nothing more, and compares what the server knows with what was acknowledged.</summary>
    public async Task AuditAsync()
    {
        await _starting.CancelAsync();
        await KillRun.EndAsync(_starters);
        await _server.KillAndRestartAsync(); // Once more with nothing new coming in.
        var api = await _server.GetApiAsync();
        await new ExecutionAudit(api, _work, _ledger).CheckAsync();
        await new DurableAudit(api, _durableLedger).CheckAsync();
        await _catalog.AuditAsync(api);
    }

    public async ValueTask DisposeAsync()
    {
        await _starting.CancelAsync();
        await _answering.CancelAsync();
        await KillRun.EndAsync([.. _starters, .. _others]);
        await _desk.DisposeAsync();
        await _durableDesk.DisposeAsync();
        _starting.Dispose();
        _answering.Dispose();
    }

    private void Begin(int seed)
    {
        var clients = new Clients(_server, _work, _ledger);
        for (var i = 0; i < StarterCount; i++)
        {
            _starters.Add(clients.StartExecutionsAsync(seed + i, _starting.Token));
        }

        _starters.Add(DurableWork.StartAsync(_server, _durableLedger, seed, _starting.Token));
        _starters.Add(_catalog.ChangeAsync(seed, _starting.Token));
        for (var i = 0; i < WorkerCount; i++)
        {
            _others.Add(clients.WorkAsync(_answering.Token));
        }

        for (var i = 0; i < DeskClerkCount; i++)
        {
            _others.Add(_desk.AnswerAsync(_server, _ledger, seed - i, _answering.Token));
            _others.Add(_durableDesk.AnswerAsync(_server, seed - i, _answering.Token));
        }
    }
}
