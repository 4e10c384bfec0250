using System.Diagnostics;
using System.Globalization;

namespace Lungfish.Engine.Faults;

/// <summary>Ends the process, as <c>kill -9</c> does, when it passes a named point for the nth time: set by the
/// environment variable <c>LUNGFISH_CRASH_AT=NAME[:NTH]</c>, for tests.</summary>
/// <remarks>Read once, when the process starts: where it is not set, a point costs nothing at all.</remarks>
public static class CrashPoints
{
    public const string Variable = "LUNGFISH_CRASH_AT";

    private static readonly (CrashPoint Point, int Nth)? Plan = Parse(
        Environment.GetEnvironmentVariable(Variable), out Refused);

    private static readonly bool IsArmed = Plan is not null; // A constant for the compiler of hot code.
    private static int _passed;

    /// <summary>What is wrong with the variable, in one sentence; null if nothing is.</summary>
    public static readonly string? Refused;

    /// <summary>Does not return if this is where the process is to end.</summary>
    public static void Pass(CrashPoint point)
    {
        if (IsArmed && IsDue(point))
        {
            End(point);
        }
    }

    /// <summary>The work that follows takes a while: if the process is to end here, it ends at some moment of
    /// it.</summary>
    public static void PassDuring(CrashPoint point)
    {
        const int microsecondsMax = 3_000;
        if (IsArmed && IsDue(point))
        {
            var moment = TimeSpan.FromMicroseconds(Random.Shared.Next(microsecondsMax));
            new Thread(() =>
            {
                Thread.Sleep(moment);
                End(point);
            }).Start();
        }
    }

    /// <returns>Null if there is none, or if it is refused.</returns>
    internal static (CrashPoint Point, int Nth)? Parse(string? text, out string? refusal)
    {
        refusal = null;
        if (string.IsNullOrEmpty(text))
        {
            return null;
        }

        var parts = text.Split(':');
        var nth = 1;
        if (parts.Length <= 2
            && Enum.TryParse<CrashPoint>(parts[0], out var point) && point.ToString() == parts[0]
            && (parts.Length == 1
                || (int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out nth) && nth > 0)))
        {
            return (point, nth);
        }

        refusal = $"{Variable}=\"{text}\" names no crash point: write NAME or NAME:NTH, where NAME is one of "
            + $"{string.Join(", ", Enum.GetNames<CrashPoint>())}.";
        return null;
    }

    private static bool IsDue(CrashPoint point) =>
        Plan is { } plan && plan.Point == point && Interlocked.Increment(ref _passed) == plan.Nth;

    private static void End(CrashPoint point)
    {
        Console.Error.WriteLine($"{Variable}: the process ends itself at {point}.");
        using var process = Process.GetCurrentProcess();
        process.Kill(); // SIGKILL: nothing is flushed, nobody is told.
        Thread.Sleep(Timeout.Infinite);
    }
}
