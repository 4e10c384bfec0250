namespace Lungfish.Functions.Tests;

/// <summary>The call of the Runtime API that is ours alone: an answer that asks for the next invocation.</summary>
public sealed class AnswerNextTests
{
    // Takes the runtime's place: answers its own invocation, and then the one that it gets for that.
    private const string Handler = """
        import http.client, json, os

        def call(path, body):
            api = http.client.HTTPConnection(os.environ['AWS_LAMBDA_RUNTIME_API'])
            api.request('POST', '/2018-06-01/runtime/invocation/' + path, body)
            answer = api.getresponse()
            return answer.status, answer.headers.get('Lambda-Runtime-Aws-Request-Id'), answer.read().decode()

        def handler(event, context):
            status, next_id, payload = call('%s/%s/next' % (context.aws_request_id, event['call']), event['answer'])
            call(next_id + '/response', json.dumps([status, next_id == context.aws_request_id, json.loads(payload)]))
        """;

    [Theory]
    [InlineData("response", false)]
    [InlineData("error", true)]
    public async Task AnswerNext_AnswerIsTaken_GivesTheNextInvocation(string call, bool isError)
    {
        await using var host = await StartAsync();

        var first = await host.InvokeAsync($$"""{"call":"{{call}}","answer":"\"mine\""}""");
        var second = await host.InvokeForTextAsync("""{"order":2}""");

        Assert.Equal("\"mine\"", FunctionHost.TextOf(first));
        Assert.Equal(isError, first.FunctionError is not null);
        Assert.Equal("""[200, false, {"order": 2}]""", second);
    }

    [Fact]
    public async Task AnswerNext_AnswerToAnother_IsNoWayAroundTheOwn()
    {
        await using var host = await StartAsync("""
            def handler(event, context):
                status, next_id, payload = call('no-such-id/response/next', '1')
                return [status, json.loads(payload)['errorType']]
            """);

        Assert.Equal("""[403, "InvalidStateTransition"]""", await host.InvokeForTextAsync("{}"));
    }

    [Fact]
    public async Task Start_Process_IsToldOfTheCall()
    {
        await using var host = await StartAsync("""
            def handler(event, context):
                return os.environ['LUNGFISH_RUNTIME_API'].split(' ')
            """);

        Assert.Contains("\"answer-next\"", await host.InvokeForTextAsync("{}"));
    }

    private static async Task<FunctionHost> StartAsync(string handler = "")
    {
        var host = await FunctionHost.StartAsync(options => options with { ProcessesMax = 1 });
        _ = await host.CreatePythonAsync($"{Handler}\n\n{handler}\n");
        return host;
    }
}
