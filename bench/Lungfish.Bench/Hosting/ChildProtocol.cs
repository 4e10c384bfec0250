namespace Lungfish.Bench.Hosting;

/// <summary>How the measured processes talk to the one that started them: a line when ready, the end of the input
/// when to stop. So none stays behind, however the benchmark ends.</summary>
internal static class ChildProtocol
{
    public const string Ready = "ready ";

    public static async Task SayReadyAndWaitAsync(Uri url)
    {
        await Console.Out.WriteLineAsync(Ready + url.GetLeftPart(UriPartial.Authority));
        await Console.Out.FlushAsync();
        await Console.In.ReadToEndAsync();
    }
}
