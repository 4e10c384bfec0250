namespace Lungfish.EndToEnd.KillTests;

/// <summary>What the kill tests have in common: how they are set, how they tell, how they end.</summary>
internal static class KillRun
{
    public static int? Setting(string name) =>
        int.TryParse(Environment.GetEnvironmentVariable(name), CultureInfo.InvariantCulture, out var value)
            ? value
            : null;

    /// <summary>Into the test's output, and where it is seen while the test runs.</summary>
    public static void Report(ITestOutputHelper output, string line)
    {
        output.WriteLine(line);
        Console.WriteLine(line);
    }

    /// <summary>Waits for those who were told to stop.</summary>
    public static async Task EndAsync(IReadOnlyCollection<Task> tasks)
    {
        try
        {
            await Task.WhenAll(tasks);
        }
        catch (OperationCanceledException)
        {
            // They were told to.
        }
    }
}
