using System.Diagnostics;
using System.Text.Json;
using Lungfish.Server.Lambda;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Logging;

namespace Lungfish.Functions.Tests;

/// <summary>Runs a script that drives the Lambda API with boto3.</summary>
internal static class LambdaClient
{
    /// <returns>The members of the object that the script printed, as JSON texts.</returns>
    public static async Task<Dictionary<string, string>> RunAsync(string script)
    {
        await using var host = await FunctionHost.StartAsync();
        var builder = WebApplication.CreateSlimBuilder();
        _ = builder.Logging.ClearProviders();
        _ = builder.WebHost.UseUrls("http://127.0.0.1:0");
        await using var server = builder.Build();
        _ = server.MapLambda(host.Service);
        await server.StartAsync(FunctionHost.Cancellation);

        using var client = Process.Start(new ProcessStartInfo(
            "python3", [Path.Combine(AppContext.BaseDirectory, script), server.Urls.First()])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        });
        Assert.NotNull(client);
        var errors = client.StandardError.ReadToEndAsync(FunctionHost.Cancellation);
        var output = await client.StandardOutput.ReadToEndAsync(FunctionHost.Cancellation);
        await client.WaitForExitAsync(FunctionHost.Cancellation);
        Assert.True(client.ExitCode == 0, await errors);
        using var seen = JsonDocument.Parse(output);
        return seen.RootElement.EnumerateObject().ToDictionary(
            p => p.Name,
            p => p.Value.GetRawText(),
            StringComparer.Ordinal);
    }
}
