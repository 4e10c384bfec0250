namespace Lungfish.Functions.Tests;

public sealed class TenantTests
{
    [Fact]
    public async Task Invoke_TwoTenants_NeverShareAProcess()
    {
        await using var host = await FunctionHost.StartAsync();
        _ = await host.Service.CreateAsync(
            new NewFunction
            {
                Name = "fn",
                Runtime = "python3.12",
                Handler = "handler.handler",
                Timeout = TimeSpan.FromSeconds(30),
                IsolatesTenants = true,
                Code = CodeSource.Zip(FunctionHost.ZipOf(
                    ("handler.py", "import os\ndef handler(event, context): return [os.getpid(), context.tenant_id]"))),
            },
            FunctionHost.Cancellation);

        var blue = await InvokeAsync(host, "blue");
        var green = await InvokeAsync(host, "green");
        var blueAgain = await InvokeAsync(host, "blue");

        Assert.EndsWith("\"blue\"]", blue, StringComparison.Ordinal);
        Assert.EndsWith("\"green\"]", green, StringComparison.Ordinal);
        Assert.Equal(blue, blueAgain);
        Assert.NotEqual(blue.Split(',')[0], green.Split(',')[0]);
    }

    private static async Task<string> InvokeAsync(FunctionHost host, string tenant) =>
        FunctionHost.TextOf(await host.InvokeAsync("{}", new InvokeOptions { TenantId = tenant }));
}
