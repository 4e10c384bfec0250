using System.Globalization;
using Lungfish.Durable;
using Lungfish.Engine;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Lungfish.Bench.Hosting;

/// <summary>How many executions have ended since somebody first asked, told at <c>/bench/closed</c>: who does not ask
/// does not pay for the counting.</summary>
internal sealed class ClosedCount : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly Lock _gate = new();
    private LungfishEngine? _engine;
    private Task? _counting;
    private int _count;

    public void Map(IEndpointRouteBuilder routes) => routes.MapGet("/bench/closed", context =>
    {
        CountFromNowOn();
        return context.Response.WriteAsync(Volatile.Read(ref _count).ToString(CultureInfo.InvariantCulture));
    });

    public void Connect(LungfishEngine engine) => Volatile.Write(ref _engine, engine);

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        try
        {
            await (_counting ?? Task.CompletedTask);
        }
        catch (OperationCanceledException)
        {
            // As asked for.
        }

        _stop.Dispose();
    }

    private void CountFromNowOn()
    {
        lock (_gate)
        {
            if (_counting is null && Volatile.Read(ref _engine) is { } engine)
            {
                _counting = Task.WhenAll(CountMachinesAsync(engine), CountDurableAsync(engine));
            }
        }
    }

    private async Task CountMachinesAsync(LungfishEngine engine)
    {
        var closed = engine.Executions.WatchClosedAsync(null, _stop.Token).GetAsyncEnumerator();
        await using (closed)
        {
            while (await closed.MoveNextAsync())
            {
                Interlocked.Increment(ref _count);
            }
        }
    }

    private async Task CountDurableAsync(LungfishEngine engine)
    {
        await foreach (var change in engine.DurableExecutions.WatchStatusAsync(_stop.Token))
        {
            if (change.Status != DurableStatus.Running)
            {
                Interlocked.Increment(ref _count);
            }
        }
    }
}
