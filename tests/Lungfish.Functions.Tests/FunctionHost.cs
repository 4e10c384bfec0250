using System.IO.Compression;
using System.Text;
using Microsoft.Extensions.Logging.Abstractions;

namespace Lungfish.Functions.Tests;

/// <summary>A service in a folder of its own, with the functions that a test needs.</summary>
internal sealed class FunctionHost : IAsyncDisposable
{
    private FunctionHost(FunctionService service, CatalogStore store, FunctionOptions options)
    {
        Service = service;
        Store = store;
        Options = options;
    }

    public FunctionService Service { get; private set; }

    public CatalogStore Store { get; }

    public FunctionOptions Options { get; }

    public static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static async Task<FunctionHost> StartAsync(Func<FunctionOptions, FunctionOptions>? configure = null)
    {
        var options = new FunctionOptions
        {
            Directory = Directory.CreateTempSubdirectory("lungfish-functions-").FullName,
            Endpoint = new Uri("http://127.0.0.1:9/"),
        };
        options = configure?.Invoke(options) ?? options;
        var store = new CatalogStore();
        return new(await StartServiceAsync(store, options), store, options);
    }

    /// <summary>Ends the service and starts it again on what is stored.</summary>
    public async Task RestartAsync()
    {
        await Service.DisposeAsync();
        Service = await StartServiceAsync(Store, Options);
    }

    public Task<FunctionConfiguration> CreatePythonAsync(
        string code, string name = "fn", TimeSpan? timeout = null, int memorySizeMb = 128, string? inert = null) =>
        Service.CreateAsync(
            new NewFunction
            {
                Name = name,
                Runtime = "python3.12",
                Handler = "handler.handler",
                Timeout = timeout ?? TimeSpan.FromSeconds(30),
                MemorySizeMb = memorySizeMb,
                Inert = inert,
                Code = CodeSource.Zip(ZipOf(("handler.py", code))),
            },
            Cancellation);

    /// <param name="atOnce">Invocations that one process runs at once.</param>
    public Task<FunctionConfiguration> CreateNodeAsync(
        string code, string file = "index.js", string name = "fn", TimeSpan? timeout = null, int? atOnce = null) =>
        Service.CreateAsync(
            new NewFunction
            {
                Name = name,
                Runtime = "nodejs22.x",
                Handler = "index.handler",
                Timeout = timeout ?? TimeSpan.FromSeconds(30),
                CapacityProvider = atOnce is null ? null : new("arn", atOnce),
                Code = CodeSource.Zip(ZipOf((file, code))),
            },
            Cancellation);

    public Task<InvokeResult> InvokeAsync(string payload, InvokeOptions? options = null, string name = "fn") =>
        Service.InvokeAsync(
            new FunctionReference(name, null),
            Encoding.UTF8.GetBytes(payload),
            options ?? InvokeOptions.Default,
            Cancellation);

    public async Task<string> InvokeForTextAsync(string payload) => TextOf(await InvokeAsync(payload));

    public static string TextOf(InvokeResult result) => Encoding.UTF8.GetString(result.Payload.Span);

    public static ReadOnlyMemory<byte> ZipOf(params (string Name, string Content)[] files)
    {
        using var bytes = new MemoryStream();
        using (var zip = new ZipArchive(bytes, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (var (name, content) in files)
            {
                using var entry = zip.CreateEntry(name).Open();
                entry.Write(Encoding.UTF8.GetBytes(content));
            }
        }

        return bytes.ToArray();
    }

    public async ValueTask DisposeAsync()
    {
        await Service.DisposeAsync();
        Directory.Delete(Options.Directory, recursive: true);
    }

    private static Task<FunctionService> StartServiceAsync(CatalogStore store, FunctionOptions options) =>
        FunctionService.StartAsync(store, options, TimeProvider.System, NullLoggerFactory.Instance, Cancellation);
}
