using Lungfish.Engine;

namespace Lungfish.Simulation.Scheduling;

/// <summary>What the engine gets in place of the thread pool and of real ids.</summary>
internal class SimSurroundings(SimContext process, Random random, int inlinePercent) : EngineSurroundings
{
    private readonly SimContext _elsewhere = process.Scheduler.NewContext("cancelling");

    public override bool RunsWorkHere => random.Next(100) < inlinePercent;

    public override void Queue(IThreadPoolWorkItem work) =>
        process.Post(static state => ((IThreadPoolWorkItem?)state)?.Execute(), work);

    public override Task CancelAsync(CancellationTokenSource source)
    {
        // From elsewhere, so that what awaits the cancelled comes to its turn and does not run right here.
        SynchronizationContext.SetSynchronizationContext(_elsewhere);
        try
        {
            source.Cancel();
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(process);
        }

        return Task.CompletedTask;
    }

    public override Guid NewUuid()
    {
        Span<byte> bytes = stackalloc byte[16];
        random.NextBytes(bytes);
        bytes[6] = (byte)((bytes[6] & 0x0F) | 0x40);
        bytes[8] = (byte)((bytes[8] & 0x3F) | 0x80);
        return new Guid(bytes, bigEndian: true);
    }

    public override Guid NewUuid(DateTimeOffset at)
    {
        Span<byte> bytes = stackalloc byte[16];
        random.NextBytes(bytes);
        var ms = at.ToUnixTimeMilliseconds();
        for (var i = 5; i >= 0; i--)
        {
            bytes[i] = (byte)(ms & 0xFF);
            ms >>= 8;
        }

        bytes[6] = (byte)((bytes[6] & 0x0F) | 0x70);
        bytes[8] = (byte)((bytes[8] & 0x3F) | 0x80);
        return new Guid(bytes, bigEndian: true);
    }
}
