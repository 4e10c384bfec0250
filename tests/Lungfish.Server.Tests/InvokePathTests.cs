using System.Net;
using System.Text;
using Lungfish.Server.Hosting;
using Lungfish.Tests.Shared;

namespace Lungfish.Server.Tests;

/// <summary>The path of Invoke, in spellings that go past routing and in others: all come to the same.</summary>
public sealed class InvokePathTests : IAsyncLifetime
{
    private const string Arn = "arn:aws:lambda:us-east-1:000000000000:function:echo";

    private readonly TemporaryFolder _data = new();
    private LungfishServer? _server;

    private LungfishServer Server => _server ?? throw new InvalidOperationException("Not started.");

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _server = await Servers.StartAsync(_data);
        Server.Functions.Register("echo", (input, _, _) => Task.FromResult(input), TimeSpan.FromSeconds(30));
    }

    public async ValueTask DisposeAsync()
    {
        await Server.DisposeAsync();
        _data.Dispose();
    }

    [Theory]
    [InlineData("/2015-03-31/functions/echo/invocations")]
    [InlineData("/2015-03-31/functions/echo/invocations/")]
    [InlineData("/2015-03-31/Functions/echo/Invocations")]
    [InlineData("/2015-03-31/functions/ech%6F/invocations")]
    [InlineData("/2015-03-31/functions/echo/invocations?Qualifier=$LATEST")]
    [InlineData("/2015-03-31/functions/echo:$LATEST/invocations")]
    [InlineData("/2015-03-31/functions/arn%3Aaws%3Alambda%3Aus-east-1%3A000000000000%3Afunction%3Aecho/invocations")]
    public async Task Invoke_PathOfTheFunction_AnswersItsResult(string path)
    {
        var (status, headers, body) = await PostAsync(path, "application/json");

        Assert.Equal((HttpStatusCode.OK, """{"a":1}"""), (status, body));
        Assert.Contains(headers, header => header.Key.Equals("x-amzn-RequestId", StringComparison.OrdinalIgnoreCase));
        Assert.Contains(headers, header => header.Key == "X-Content-Type-Options");
    }

    [Theory]
    [InlineData("/2015-03-31/functions/none/invocations", $"Function not found: {Arn}", "ResourceNotFoundException")]
    [InlineData("/2015-03-31/FUNCTIONS/none/invocations", $"Function not found: {Arn}", "ResourceNotFoundException")]
    [InlineData("/2015-03-31/functions/a%20b/invocations", "failed to satisfy constraint", "ValidationException")]
    [InlineData("/2015-03-31/functions/a%2Fb/invocations", "failed to satisfy constraint", "ValidationException")]
    public async Task Invoke_NoFunction_IsRefusedByItsName(string path, string message, string error)
    {
        var (_, headers, body) = await PostAsync(path, "application/json");

        Assert.Contains(message.Replace(":echo", ":none", StringComparison.Ordinal), body, StringComparison.Ordinal);
        Assert.Contains(headers, header => header.Value.Contains(error));
    }

    [Theory]
    [InlineData("/2015-03-31/functions//invocations")]
    [InlineData("/2015-03-31/functions/a/b/invocations")]
    [InlineData("/2015-03-31/functions/invocations")]
    public async Task Invoke_NotOneName_IsNotThere(string path)
    {
        var (status, _, _) = await PostAsync(path, "application/json");

        Assert.Contains(status, (HttpStatusCode[])[HttpStatusCode.NotFound, HttpStatusCode.MethodNotAllowed]);
    }

    [Theory]
    [InlineData("/2015-03-31/functions/echo/invocations")]
    [InlineData("/2015-03-31/Functions/echo/invocations")]
    public async Task Invoke_FormOfAWebPage_IsForbidden(string path)
    {
        var (status, _, body) = await PostAsync(path, "text/plain");

        Assert.Equal(HttpStatusCode.Forbidden, status);
        Assert.Contains("what web forms send", body, StringComparison.Ordinal);
    }

    private async Task<(HttpStatusCode Status, List<KeyValuePair<string, IEnumerable<string>>> Headers, string Body)>
        PostAsync(string path, string contentType)
    {
        using var client = new HttpClient { BaseAddress = Server.Url };
        using var content = new StringContent("""{"a":1}""", Encoding.UTF8, contentType);
        using var response = await client.PostAsync(new Uri(path, UriKind.Relative), content, Cancelled);
        return (response.StatusCode, [.. response.Headers], await response.Content.ReadAsStringAsync(Cancelled));
    }
}
