using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;

namespace Lungfish.Jsonata.Library;

/// <summary>How long the regular expressions of one evaluation have gone back in their texts. Each of very many matches
/// may take a little less than what a single one may: together they get no more than that.</summary>
internal sealed class BacktrackingTime
{
    /// <summary>Of a single match, and of all matches of one evaluation.</summary>
    public static readonly TimeSpan Max = TimeSpan.FromSeconds(1);

    private TimeSpan _spent;

    /// <exception cref="JsonataFault">U1001: it takes too long.</exception>
    [SuppressMessage("ApiDesign", "RS0030", Justification =
        "The one clock in the core. What it stops would not have ended in a useful time on any machine.")]
    public T Measure<T>(Func<T> match)
    {
        Check();
        var began = Stopwatch.GetTimestamp();
        var result = match(); // If this one alone takes too long, it says so itself.
        _spent += Stopwatch.GetElapsedTime(began);
        Check();
        return result;
    }

    private void Check()
    {
        if (_spent > Max)
        {
            throw TooLong();
        }
    }

    public static JsonataFault TooLong() =>
        JsonataFault.Saying("U1001", "Expression evaluation timeout: Check for infinite loop");
}
