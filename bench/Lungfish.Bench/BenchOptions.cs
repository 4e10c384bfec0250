using System.Globalization;
using Lungfish.Bench.Measuring;
using Lungfish.Bench.Peers;

namespace Lungfish.Bench;

internal sealed record BenchOptions
{
    public required IReadOnlyList<string> Workloads { get; init; }

    public IReadOnlyList<int> Clients { get; init; } = [1, 16, 64];

    public int Takes { get; init; } = 3;

    public TimeSpan Duration { get; init; } = TimeSpan.FromSeconds(4);

    /// <summary>How long it waits in all for moments in which others on the host leave it the processors.</summary>
    public TimeSpan Patience { get; init; } = Calm.UsualPatience;

    public string? SaveAs { get; init; }

    /// <summary>Which other engines are measured as well.</summary>
    public IReadOnlyList<Peer> Peers { get; init; } = [];

    public bool WithLungfish { get; init; } = true;

    public int WarmUpClients => Clients.Max();

    /// <summary>Until the JIT has compiled the hot path for good: on two busy cores it gets little time, and functions
    /// have one of their own in each process.</summary>
    public TimeSpan WarmUpOf(Target target) =>
        target.Name == Measurement.Lungfish ? TimeSpan.FromSeconds(Math.Max(20, Duration.TotalSeconds)) : Duration;

    /// <returns>Null: not understood.</returns>
    public static BenchOptions? Parse(string[] arguments, string[] allWorkloads, string[] moreWorkloads)
    {
        var options = new BenchOptions { Workloads = [] };
        var rest = new Queue<string>(arguments);
        while (rest.TryDequeue(out var argument))
        {
            var next = argument switch
            {
                "--quick" => options with { Takes = 1, Duration = TimeSpan.FromSeconds(2) },
                "--takes" when Number(rest) is { } count => options with { Takes = count },
                "--seconds" when Number(rest) is { } seconds =>
                    options with { Duration = TimeSpan.FromSeconds(seconds) },
                "--clients" when rest.TryDequeue(out var list) && Numbers(list) is { } clients =>
                    options with { Clients = clients },
                "--patience" when Number(rest) is { } minutes =>
                    options with { Patience = TimeSpan.FromMinutes(minutes) },
                "--save" when rest.TryDequeue(out var name) => options with { SaveAs = name },
                "--peers" => options with { Peers = Peer.All },
                "--peer" when rest.TryDequeue(out var name) && Peer.All.FirstOrDefault(one => one.Name == name)
                    is { } peer => options with { Peers = [.. options.Peers, peer] },
                "--without-lungfish" => options with { WithLungfish = false },
                _ when allWorkloads.Contains(argument) || moreWorkloads.Contains(argument) =>
                    options with { Workloads = [.. options.Workloads, argument] },
                _ => null,
            };
            if (next is null)
            {
                return null;
            }

            options = next;
        }

        return options.Workloads.Count > 0 ? options : options with { Workloads = allWorkloads };
    }

    /// <summary>A number above zero is next.</summary>
    public static int? Number(Queue<string> rest) =>
        rest.TryDequeue(out var text) && Numbers(text) is [var number] ? number : null;

    private static int[]? Numbers(string list)
    {
        var numbers = list.Split(',').Select(text =>
            int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0).ToArray();
        return numbers.All(number => number > 0) ? numbers : null;
    }
}
