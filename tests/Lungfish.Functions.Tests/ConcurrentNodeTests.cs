using System.Text;
using System.Text.Json.Nodes;

namespace Lungfish.Functions.Tests;

/// <summary>Several invocations at once in one Node process.</summary>
public sealed class ConcurrentNodeTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    // Waits until as many have come as the event says.
    private const string Together = """
        let came = [];
        const together = (count) => new Promise((resolve) => {
          came.push(resolve);
          if (came.length === count) for (const go of came.splice(0)) go();
        });

        """;

    [Fact]
    public async Task Invoke_SeveralAtOnce_RunTogetherInOneProcess()
    {
        await using var host = await StartAsync(
            """
            exports.handler = async (event, context) => {
              await together(3);
              return { n: event.n, id: context.awsRequestId, pid: process.pid, trace: context.xRayTraceId,
                environment: process.env._X_AMZN_TRACE_ID };
            };
            """);

        var results = await InvokeAllAsync(host, """{"n":1}""", """{"n":2}""", """{"n":3}""");

        var answers = results.Select(AnswerOf).ToList();
        Assert.Equal(["1", "2", "3"], answers.Select(answer => $"{answer["n"]}"));
        Assert.Equal(results.Select(result => result.RequestId), answers.Select(answer => $"{answer["id"]}"));
        Assert.Single(answers.Select(answer => $"{answer["pid"]}").Distinct());
        // Documented for several at once: what all share cannot tell whose it is.
        Assert.All(answers, answer => Assert.NotNull(answer["trace"]));
        Assert.All(answers, answer => Assert.Null(answer["environment"]));
        Assert.Equal(3, answers.Select(answer => $"{answer["trace"]}").Distinct().Count());
    }

    [Fact]
    public async Task Invoke_SeveralAtOnceWriteLines_EachHasItsOwnRequestId()
    {
        await using var host = await StartAsync(
            """
            const lines = [];
            const write = process.stdout.write;
            process.stdout.write = function (line) { lines.push(line); return write.apply(this, arguments); };
            const { Console } = require('console');
            exports.handler = async (event) => {
              console.log('began', event.n, '.');
              await together(2);
              await new Promise((resolve) => setTimeout(resolve, 1));
              console.warn('went on', event.n, '.');
              return lines.filter((line) => line.includes(` ${event.n} .`));
            };
            """);

        var results = await InvokeAllAsync(host, """{"n":1}""", """{"n":2}""");

        foreach (var result in results)
        {
            var lines = AnswerOf(result).AsArray().Select(line => $"{line}".Split('\t')).ToList();
            Assert.Equal(["INFO", "WARN"], lines.Select(line => line[2]));
            Assert.All(lines, line => Assert.Equal(result.RequestId, line[1]));
        }
    }

    [Theory]
    [InlineData("setTimeout(() => { throw new TypeError('lost'); }, 1)", "TypeError", "lost")]
    [InlineData("Promise.reject(new TypeError('lost'))", "Runtime.UnhandledPromiseRejection", "TypeError: lost")]
    public async Task Invoke_ErrorThrownAtNobody_NamesItsOwnInvocationAndEndsTheOthers(
        string fault, string errorType, string message)
    {
        await using var host = await StartAsync(
            $$"""
            exports.handler = async (event) => {
              await together(2);
              if (event.n === 2) {{fault}};
              await new Promise((resolve) => setTimeout(resolve, 100_000));
            };
            """);

        var results = await InvokeAllAsync(host, """{"n":1}""", """{"n":2}""");

        Assert.Equal("Runtime.ExitError", $"{AnswerOf(results[0])["errorType"]}");
        Assert.Equal(errorType, $"{AnswerOf(results[1])["errorType"]}");
        Assert.Equal(message, $"{AnswerOf(results[1])["errorMessage"]}");
    }

    [Fact]
    public async Task Invoke_NoneCanBeAnsweredAnyMore_AnswersNull()
    {
        await using var host = await StartAsync(
            "exports.handler = (event, context, callback) => {};", atOnceMax: 2);

        // With one only, another might come and answer it.
        var results = await InvokeAllAsync(host, "{}", "{}");

        Assert.Equal(["null", "null"], results.Select(FunctionHost.TextOf));
    }

    [Fact]
    public async Task Invoke_CallbackWhileOthersRun_AnswersAtOnce()
    {
        await using var host = await StartAsync(
            """
            let release;
            exports.handler = (event, context, callback) => {
              if (event.waits) {
                const timer = setInterval(() => {}, 1000);
                release = () => { clearInterval(timer); callback(null, 'released'); };
              } else {
                const answer = () => {
                  if (!release) return setImmediate(answer);
                  callback(null, 'called');
                  setImmediate(release);
                };
                answer();
              }
            };
            """);

        var results = await InvokeAllAsync(host, """{"waits":true}""", "{}");

        Assert.Equal(["\"released\"", "\"called\""], results.Select(FunctionHost.TextOf));
    }

    [Fact]
    public async Task Checkpoint_OfSeveralAtOnce_AreBroughtTogether()
    {
        await using var endpoint = await FakeEndpoint.StartAsync();
        await using var host = await StartAsync(Checkpoints, endpoint: endpoint.Url);
        var checkpoints = new NotedCheckpoints("""{"CheckpointToken":"next"}""");
        host.Service.Connect(checkpoints);

        var results = await InvokeAllAsync(host, Envelope("one", 1), Envelope("another", 1));

        Assert.All(results, result => Assert.Equal("""["next","next","next"]""", FunctionHost.TextOf(result)));
        Assert.Equal(3, checkpoints.Taken.Count);
        foreach (var together in checkpoints.Taken)
        {
            Assert.Equal(
                ["another", "one"], together.Select(one => $"{JsonNode.Parse(one)?["DurableExecutionArn"]}").Order());
        }

        Assert.Empty(endpoint.Calls);
    }

    [Fact]
    public async Task Checkpoint_Refused_IsMadeOverHttpAndThrowsAsTheAwsSdkDoes()
    {
        await using var endpoint = await FakeEndpoint.StartAsync();
        const string Refusal = """{"message":"it is old"}""";
        endpoint.Answers.Enqueue((400, "InvalidParameterValueException", Refusal));
        endpoint.Answers.Enqueue((400, "InvalidParameterValueException", Refusal));
        await using var host = await StartAsync(Checkpoints, endpoint: endpoint.Url);
        var checkpoints = new NotedCheckpoints("""{"ErrorType":"E","Message":"m"}""", status: 400);
        host.Service.Connect(checkpoints);

        var results = await InvokeAllAsync(host, Envelope("one", 1), Envelope("another", 1));

        Assert.All(results, result => Assert.Equal(
            "InvalidParameterValueException: it is old (400)", $"{AnswerOf(result)["errorMessage"]}"));
        Assert.Equal(
            checkpoints.Taken.SelectMany(together => together).Select(ClientTokenOf).Order(),
            endpoint.Calls.Select(call => ClientTokenOf(call.Body)).Order());

        static string ClientTokenOf(string checkpoint) => $"{JsonNode.Parse(checkpoint)?["ClientToken"]}";
    }

    [Fact]
    public async Task Invoke_LargeEventsAndAnswers_AreWholeAndLargerOnesAreRefused()
    {
        await using var host = await StartAsync(
            "exports.handler = async (event) => 'x'.repeat(event.answer) + event.text.length;");
        const int AnswerMax = 6_291_556 - 2 - 7; // Quotes, and the length.
        var text = new string('y', 3_000_000);

        var results = await InvokeAllAsync(
            host,
            $$"""{"answer":{{AnswerMax}},"text":"{{text}}"}""",
            $$"""{"answer":{{AnswerMax + 1}},"text":"{{text}}"}""",
            """{"answer":0,"text":"z"}""");

        Assert.Equal($"\"{new string('x', AnswerMax)}3000000\"", FunctionHost.TextOf(results[0]));
        Assert.Equal("Function.ResponseSizeTooLarge", $"{AnswerOf(results[1])["errorType"]}");
        Assert.Equal("\"1\"", FunctionHost.TextOf(results[2]));
    }

    [Fact]
    public async Task Invoke_ChannelBreaks_AllThatRunFailAndTheNextRunsInAnotherProcess()
    {
        await using var host = await StartAsync(
            """
            const net = require('net');
            const sockets = [];
            const { connect } = net;
            net.connect = (...args) => {
              sockets.push(connect(...args));
              return sockets[sockets.length - 1];
            };
            exports.handler = async (event) => {
              if (event.n === 3) return 'fine';
              await together(2);
              sockets.forEach((socket) => socket.destroy());
              await new Promise((resolve) => setTimeout(resolve, 100_000));
            };
            """);

        var results = await InvokeAllAsync(host, """{"n":1}""", """{"n":2}""");

        Assert.All(results, result => Assert.Equal("Runtime.ExitError", $"{AnswerOf(result)["errorType"]}"));
        Assert.Equal("\"fine\"", await host.InvokeForTextAsync("""{"n":3}"""));
    }

    // Begin each checkpoint in the same turn of the event loop.
    private const string Checkpoints = """
        exports.handler = async (event) => {
          const { DurableExecutionArn, CheckpointToken, payloadLength } = event;
          const tokens = [];
          for (let i = 0; i < 3; i++) {
            await together(2);
            const Updates = [{ Id: '1', Type: 'STEP', Action: 'START', Payload: 'x'.repeat(payloadLength) }];
            const call = { DurableExecutionArn, CheckpointToken, Updates };
            try {
              tokens.push((await event.durableExecutionClient.checkpoint(call)).CheckpointToken);
            } catch (e) {
              throw new Error(`${e.name}: ${e.message} (${e.$metadata.httpStatusCode})`);
            }
          }
          return tokens;
        };
        """;

    private static string Envelope(string arn, int payloadLength) =>
        $$$"""
        {"DurableExecutionArn":"{{{arn}}}","CheckpointToken":"t","payloadLength":{{{payloadLength}}},
         "InitialExecutionState":{"Operations":[]}}
        """;

    private static async Task<InvokeResult[]> InvokeAllAsync(FunctionHost host, params string[] payloads) =>
        await Task.WhenAll(payloads.Select(payload => host.InvokeAsync(payload))).WaitAsync(Patience);

    private static JsonNode AnswerOf(InvokeResult result) =>
        JsonNode.Parse(Encoding.UTF8.GetString(result.Payload.Span)) ?? new JsonObject();

    private static async Task<FunctionHost> StartAsync(string code, int atOnceMax = 8, Uri? endpoint = null)
    {
        var host = await FunctionHost.StartAsync(options => options with
        {
            ProcessesMax = 1,
            Endpoint = endpoint ?? options.Endpoint,
        });
        _ = await host.Service.CreateAsync(
            new NewFunction
            {
                Name = "fn",
                Runtime = "nodejs20.x",
                Handler = "index.handler",
                Timeout = TimeSpan.FromSeconds(100),
                Code = CodeSource.Zip(FunctionHost.ZipOf(("index.js", Together + code))),
                CapacityProvider = new CapacityProviderConfig("arn:any", atOnceMax),
            },
            FunctionHost.Cancellation);
        return host;
    }
}
