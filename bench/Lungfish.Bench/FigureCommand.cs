using Lungfish.Bench.Measuring;

namespace Lungfish.Bench;

/// <param name="Count">How many executions, where a number is meant.</param>
internal sealed record FigureOptions(bool Quick, int? Count, string? SaveAs)
{
    /// <summary>How long it waits in all for moments in which others on the host leave it the processors.</summary>
    public TimeSpan Patience { get; init; } = Calm.UsualPatience;

    /// <returns>Null: not understood.</returns>
    public static FigureOptions? Parse(string[] arguments)
    {
        var options = new FigureOptions(Quick: false, Count: null, SaveAs: null);
        var rest = new Queue<string>(arguments);
        while (rest.TryDequeue(out var argument))
        {
            var next = argument switch
            {
                "--quick" => options with { Quick = true },
                "--count" when BenchOptions.Number(rest) is { } count => options with { Count = count },
                "--patience" when BenchOptions.Number(rest) is { } minutes =>
                    options with { Patience = TimeSpan.FromMinutes(minutes) },
                "--save" when rest.TryDequeue(out var name) => options with { SaveAs = name },
                _ => null,
            };
            if (next is null)
            {
                return null;
            }

            options = next;
        }

        return options;
    }
}

/// <summary>A command that measures some figures in a folder of its own, prints and saves them.</summary>
internal static class FigureCommand
{
    public static async Task<int> RunAsync(
        string name, string[] arguments, Func<FigureOptions, string, Task<IReadOnlyList<Figure>>> measure)
    {
        if (FigureOptions.Parse(arguments) is not { } options)
        {
            await Console.Error.WriteLineAsync(
                $"Usage: ./bench/run {name} [--quick] [--count N] [--patience MINUTES] [--save NAME]");
            return 64;
        }

        using var directory = new WorkDirectory();
        var figures = await measure(options, directory.Path);
        await Reports.PublishAsync(
            new Report(
                $"./bench/run {string.Join(' ', arguments.Prepend(name))}",
                DateTimeOffset.UtcNow,
                Machine.Describe(directory.Path),
                SecondsEach: 0,
                Takes: 0,
                Results: [],
                figures),
            options.SaveAs);
        return 0;
    }
}
