namespace Lungfish.Cli.CommandLine;

/// <summary>What a command sees of the world; tests bring their own.</summary>
internal sealed record Surroundings
{
    public required TextWriter Out { get; init; }

    public required TextWriter Error { get; init; }

    public required TextReader In { get; init; }

    /// <summary>A person looks at the output: colours, relative times and live views are welcome.</summary>
    public required bool OutIsTerminal { get; init; }

    public required bool ErrorIsTerminal { get; init; }

    public required bool InIsTerminal { get; init; }

    public required Func<string, string?> Environment { get; init; }

    /// <summary>Columns of the terminal.</summary>
    public Func<int> Width { get; init; } = () => 80;

    /// <summary>Lines of the terminal.</summary>
    public Func<int> Height { get; init; } = () => 24;

    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Cancelled when nobody reads what is written to <see cref="Out"/> any more.</summary>
    public CancellationToken OutIsClosed { get; init; }

    /// <summary>Carries the requests to the server.</summary>
    public required Func<HttpMessageHandler> Handler { get; init; }

    /// <summary>What to type for this program; the script of a checkout says how it was called.</summary>
    public string Program => Environment("LUNGFISH_COMMAND") is { Length: > 0 } command ? command : "lungfish";

    /// <summary>Has the commands of this program in a text as they can be typed here.</summary>
    public string Typed(string text) => text.Replace("lungfish ", Program + " ", StringComparison.Ordinal);

    public bool Colours => Environment("NO_COLOR") is null or "" && Environment("TERM") is not "dumb";

    /// <summary>A terminal that nobody has given a size says zero, as in a container.</summary>
    private static int Known(int size, int otherwise) => size > 0 ? size : otherwise;

    public static Surroundings OfThisProcess() => new()
    {
        Out = Console.Out,
        Error = Console.Error,
        In = Console.In,
        OutIsTerminal = !Console.IsOutputRedirected,
        ErrorIsTerminal = !Console.IsErrorRedirected,
        InIsTerminal = !Console.IsInputRedirected,
        Environment = System.Environment.GetEnvironmentVariable,
        Width = () => Known(Console.WindowWidth, 80),
        Height = () => Known(Console.WindowHeight, 24),
        OutIsClosed = OutputPipe.OfStandardOutput(),
        Handler = () => new SocketsHttpHandler
        {
            ConnectTimeout = TimeSpan.FromSeconds(5),
            UseProxy = false, // The server is on this machine; a proxy would look for it on its own.
        },
    };
}
