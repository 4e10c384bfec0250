using System.IO.Compression;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Lungfish.Server.Hosting;
using Lungfish.Tests.Shared;

namespace OrderWorkflow.Tests;

/// <summary>A server on which the order workflow is deployed, as it was built.</summary>
public sealed class OrderServer : IAsyncLifetime
{
    public const string FunctionName = "orders";

    private readonly TemporaryFolder _data = new();
    private LungfishServer? _server;

    public Uri Url => _server?.Url ?? throw new InvalidOperationException("Not started.");

    public async ValueTask InitializeAsync()
    {
        _server = await LungfishServer.StartAsync(
            new ServerOptions { DataDirectory = _data.Path, Urls = ["http://127.0.0.1:0"] }, CancellationToken.None);
        using var http = new HttpClient { BaseAddress = Url };
        using var answer = await http.PostAsJsonAsync("/2015-03-31/functions", new JsonObject
        {
            ["FunctionName"] = FunctionName,
            ["Runtime"] = "dotnet10",
            ["Role"] = "arn:aws:iam::000000000000:role/orders",
            ["Handler"] = "OrderWorkflow",
            ["Code"] = new JsonObject { ["ZipFile"] = Convert.ToBase64String(Pack()) },
            ["Timeout"] = 60,
            ["Environment"] = new JsonObject { ["Variables"] = new JsonObject { ["WAREHOUSE_BUSY"] = "0" } },
            ["DurableConfig"] = new JsonObject { ["ExecutionTimeout"] = 600, ["RetentionPeriodInDays"] = 1 },
        });
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
    }

    public async ValueTask DisposeAsync()
    {
        if (_server is not null)
        {
            await _server.DisposeAsync();
        }

        _data.Dispose();
    }

    // The build's own folder: the program, what it needs, and no executable, so that any machine's dotnet runs it.
    private static byte[] Pack()
    {
        var build = Path.GetFileName(Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory));
        var folder = Path.GetFullPath(Path.Combine(AppContext.BaseDirectory, "..", "..", "OrderWorkflow", build));
        using var bytes = new MemoryStream();
        using (var zip = new ZipArchive(bytes, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (var file in Directory.EnumerateFiles(folder).Where(file => Path.GetExtension(file).Length > 0))
            {
                zip.CreateEntryFromFile(file, Path.GetFileName(file), CompressionLevel.Fastest);
            }
        }

        return bytes.ToArray();
    }
}
