namespace Lungfish.Functions.Tests;

public sealed class FunctionVersionTests
{
    [Fact]
    public async Task PublishVersion_OfAFolder_KeepsItsCodeWhenTheFolderChanges()
    {
        await using var host = await FunctionHost.StartAsync();
        var folder = Directory.CreateDirectory(Path.Combine(host.Options.Directory, "source")).FullName;
        var file = Path.Combine(folder, "handler.py");
        await File.WriteAllTextAsync(file, Returning("old"), FunctionHost.Cancellation);
        var code = CodeSource.Folder(folder);
        _ = await host.Service.CreateAsync(
            new NewFunction
            {
                Name = "fn",
                Runtime = "python3.12",
                Handler = "handler.handler",
                Timeout = TimeSpan.FromSeconds(30),
                Code = code,
                Publish = true,
            },
            FunctionHost.Cancellation);

        await File.WriteAllTextAsync(file, Returning("new!"), FunctionHost.Cancellation);
        _ = await host.Service.UpdateCodeAsync(
            new("fn", null), new FunctionCodeChange { Code = code }, FunctionHost.Cancellation);

        var one = await host.Service.InvokeAsync(
            new("fn", "1"), default, InvokeOptions.Default, FunctionHost.Cancellation);
        Assert.Equal("\"old\"", FunctionHost.TextOf(one));
        Assert.Equal("\"new!\"", await host.InvokeForTextAsync("{}"));
    }

    private static string Returning(string text) => $"def handler(event, context):\n    return '{text}'\n";
}
