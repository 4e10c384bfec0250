using System.Reflection;
using System.Text;
using System.Text.Json;

namespace Lungfish.Functions.Tests;

public sealed class DotnetFunctionTests
{
    private const int TestMilliseconds = 180_000; // Only to fail rather than hang.
    private const string Library = "Lungfish.Functions.Tests.ClassLibrary";

    [Theory]
    [InlineData("Double", """{"Id":"a","Count":2}""", """{"Id":"a","Count":4}""")]
    [InlineData("LaterAsync", """{"Id":"a","Count":2}""", "\"a\"")]
    [InlineData("Echo", """{ "any" : 1 }""", """{ "any" : 1 }""")]
    public async Task Invoke_ClassLibrary_CallsItsMethod(string method, string payload, string expected)
    {
        await using var host = await StartAsync(method);

        Assert.Equal(expected, await host.InvokeForTextAsync(payload));
        Assert.Equal(expected, await host.InvokeForTextAsync(payload));
    }

    [Fact]
    public async Task Invoke_MethodWithContext_SeesTheInvocation()
    {
        await using var host = await StartAsync("Double");

        var result = await host.InvokeAsync("""{"Id":"a","Count":2}""", new InvokeOptions { TailLog = true });

        var log = Encoding.UTF8.GetString(Convert.FromBase64String(result.LogTail ?? ""));
        Assert.Contains("\nfn 256 True\n", log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Invoke_MethodThrows_AnswersTypeMessageTraceAndCause()
    {
        await using var host = await StartAsync("Fail");

        var result = await host.InvokeAsync("{}");

        using var error = JsonDocument.Parse(result.Payload);
        Assert.Equal("Unhandled", result.FunctionError);
        Assert.Equal("InvalidOperationException", error.RootElement.GetProperty("errorType").GetString());
        Assert.Equal("no good", error.RootElement.GetProperty("errorMessage").GetString());
        Assert.StartsWith(
            "at Lungfish.Functions.Tests.ClassLibrary.Orders.Fail()",
            error.RootElement.GetProperty("stackTrace")[0].GetString(),
            StringComparison.Ordinal);
        Assert.Equal("ArgumentException", error.RootElement.GetProperty("cause").GetProperty("errorType").GetString());
    }

    [Fact]
    public async Task Invoke_NoSuchMethod_SaysSo()
    {
        await using var host = await StartAsync("Nothing");

        Assert.Contains("Found no method 'Nothing'", await host.InvokeForTextAsync("{}"), StringComparison.Ordinal);
    }

    [Fact(Timeout = TestMilliseconds)]
    public async Task Invoke_AsManyAsAProcessMayRun_RunInOne()
    {
        await using var host = await StartAsync("MeetAsync", atOnce: 5);

        for (var round = 0; round < 2; round++)
        {
            var answers = await Task.WhenAll(
                Enumerable.Range(0, 5).Select(i => host.InvokeForTextAsync($$"""{"Id":"{{i}}","Count":5}""")));

            Assert.Equal(Enumerable.Range(0, 5).Select(i => $"\"{i}\""), answers);
        }
    }

    [Fact(Timeout = TestMilliseconds)]
    public async Task Invoke_SeveralAtOnce_EachHasWhatItsCodeWroteToTheConsole()
    {
        await using var host = await StartAsync("MeetAsync", atOnce: 5);

        var results = await Task.WhenAll(Enumerable.Range(0, 5).Select(i => host.InvokeAsync(
            $$"""{"Id":"{{i}}","Count":5}""", new InvokeOptions { TailLog = true })));

        Assert.All(results, (result, i) => Assert.Equal(
            ["START", $"info seen {i}", "fail two", $"fail lines {i}", "END", "REPORT"],
            Encoding.UTF8.GetString(Convert.FromBase64String(result.LogTail ?? "")).TrimEnd().Split('\n')
                .Select(line => line.Split('\t') is [_, var id, var level, var text]
                    ? (id == result.RequestId ? $"{level} {text}" : "another's")
                    : line.Split(' ')[0])));
    }

    [Fact(Timeout = TestMilliseconds)]
    public async Task Invoke_LineThatIsTooLongToWaitForItsEnd_IsCutAndEachPartNamesItsInvocation()
    {
        await using var host = await StartAsync("WriteOn", atOnce: 2);

        var result = await host.InvokeAsync("{}");

        var parts = new List<int>();
        var filter = new LogFilter { RequestId = result.RequestId };
        await foreach (var line in host.Service.ReadLogsAsync(new("fn", null), filter, FunctionHost.Cancellation))
        {
            if (line.Text.Contains("xxx", StringComparison.Ordinal))
            {
                var isNamed = line.Text.Contains($"\t{result.RequestId}\tinfo\tx", StringComparison.Ordinal);
                parts.Add(isNamed ? line.Text.Count(c => c == 'x') : 0);
            }
        }

        Assert.Equal([65_000, 35_000], parts);
    }

    private static async Task<FunctionHost> StartAsync(string method, int atOnce = 1)
    {
        var folder = typeof(DotnetFunctionTests).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
            .First(a => a.Key == "ClassLibraryFolder").Value;
        var host = await FunctionHost.StartAsync(options => options with { ProcessesMax = 1 });
        _ = await host.Service.CreateAsync(
            new NewFunction
            {
                Name = "fn",
                Runtime = "dotnet10",
                Handler = $"{Library}::{Library}.Orders::{method}",
                Timeout = TimeSpan.FromSeconds(30),
                MemorySizeMb = 256,
                CapacityProvider = atOnce > 1 ? new("arn", atOnce) : null,
                Code = CodeSource.Folder(folder ?? ""),
            },
            FunctionHost.Cancellation);
        return host;
    }
}
