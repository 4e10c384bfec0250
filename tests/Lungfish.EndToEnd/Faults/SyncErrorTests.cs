using Lungfish.Tests.Shared;

namespace Lungfish.EndToEnd.Faults;

/// <summary>A disk that says it could not make something durable: nobody knows what is on it, so the server ends, and
/// the next one reads what is there.</summary>
public sealed class SyncErrorTests
{
    private const int StoreFailed = 70;
    private const int InputOutputError = 5;

    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);

    [Theory]
    [InlineData("posix/io/sync/*")]
    [InlineData("posix/io/rw/pwrite")]
    public async Task Commit_TheDiskFails_EndsTheServerInOneSentenceAndLosesNothingAcknowledged(string calls)
    {
        using var folder = new TemporaryFolder();
        var control = folder["fiu"];
        var acknowledged = new List<string>();
        await using (var server = await ServerProcess.ServeAsync(folder["data"], Preload.Fiu(control)))
        {
            using var api = new AwsApi(server.Url);
            var machine = await Machines.CreateAsync(api, "m", Machines.Pass);
            for (var i = 0; i < 20; i++)
            {
                acknowledged.Add(await Machines.StartAsync(api, machine));
            }

            await Preload.TellFiuAsync(control, server, $"enable name={calls},failinfo={InputOutputError}");
            acknowledged.AddRange(await StartUntilItEndsAsync(api, machine, server));

            Assert.True(await server.EndsWithinAsync(s_patience), server.Output);
            Assert.Equal(StoreFailed, server.ExitCode);
            Assert.Contains("The data could not be written", server.Output, StringComparison.Ordinal);
            Assert.DoesNotContain("Unhandled exception", server.Output, StringComparison.Ordinal);
        }

        await using var next = await ServerProcess.ServeAsync(folder["data"]);
        using var later = new AwsApi(next.Url);
        foreach (var execution in acknowledged)
        {
            await later.WaitForEndAsync(execution);
        }
    }

    /// <returns>What was acknowledged all the same.</returns>
    private static async Task<List<string>> StartUntilItEndsAsync(AwsApi api, string machine, ServerProcess server)
    {
        var acknowledged = new List<string>();
        while (!server.HasExited)
        {
            try
            {
                if (await Machines.TryStartAsync(api, machine) is { IsSuccess: true } started)
                {
                    acknowledged.Add(Machines.Text(started.Body, "executionArn"));
                }
            }
            catch (HttpRequestException)
            {
                break; // It has ended, or is just about to.
            }
        }

        return acknowledged;
    }
}
