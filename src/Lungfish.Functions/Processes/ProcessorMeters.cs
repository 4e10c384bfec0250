using System.Buffers.Text;

namespace Lungfish.Functions.Processes;

/// <summary>Counts the processor time that is spent and that functions cannot have.</summary>
internal interface IProcessorMeter
{
    /// <summary>How many processors there are for all that is counted.</summary>
    int Cores { get; }

    /// <summary>Grows with time; only differences mean something.</summary>
    TimeSpan ReadUsed();
}

internal static class ProcessorMeters
{
    /// <param name="functions">Processor time of each function process that runs.</param>
    public static IProcessorMeter OfThisMachine(Func<IEnumerable<TimeSpan>> functions) =>
        LinuxMeter.IsForAllOfTheMachine ? new LinuxMeter() : new OwnProcessesMeter(functions);
}

/// <summary>All that runs on the machine, as the kernel counts it.</summary>
internal sealed class LinuxMeter : IProcessorMeter
{
    private const string Source = "/proc/stat";
    private const double TicksPerSecond = 100; // USER_HZ: the same on every architecture that .NET runs on.
    private const int FirstLineMax = 256;

    /// <summary>A container with a share of the machine sees all of it there, which says little about its own.
    /// </summary>
    public static bool IsForAllOfTheMachine
    {
        get
        {
            try
            {
                return OperatingSystem.IsLinux() && Environment.ProcessorCount == File.ReadLines(Source).Count(
                    line => line.StartsWith("cpu", StringComparison.Ordinal) && char.IsAsciiDigit(line[3]));
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                return false;
            }
        }
    }

    public int Cores => Environment.ProcessorCount;

    public TimeSpan ReadUsed()
    {
        using var file = File.OpenHandle(Source);
        Span<byte> text = stackalloc byte[FirstLineMax];
        return UsedOf(text[..RandomAccess.Read(file, text, fileOffset: 0)]);
    }

    /// <summary>The sum of what is neither idle nor waiting for a disk.</summary>
    /// <param name="text">"cpu  user nice system idle iowait irq softirq steal ...", and more lines.</param>
    public static TimeSpan UsedOf(ReadOnlySpan<byte> text)
    {
        const int Idle = 3;
        const int WaitingForDisk = 4;
        const int Counted = 8; // What comes then is the time of virtual machines, which is part of the first.
        text = text["cpu".Length..];
        long used = 0;
        for (var field = 0; field < Counted; field++)
        {
            text = text.TrimStart((byte)' ');
            if (!Utf8Parser.TryParse(text, out long ticks, out var length))
            {
                break;
            }

            used += field is Idle or WaitingForDisk ? 0 : ticks;
            text = text[length..];
        }

        return TimeSpan.FromSeconds(used / TicksPerSecond);
    }
}

/// <summary>This process and the functions' own, anywhere.</summary>
internal sealed class OwnProcessesMeter(Func<IEnumerable<TimeSpan>> functions) : IProcessorMeter
{
    public int Cores => Environment.ProcessorCount;

    public TimeSpan ReadUsed() =>
        functions().Aggregate(Environment.CpuUsage.TotalTime, (sum, function) => sum + function);
}
