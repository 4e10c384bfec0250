using System.Text.Json.Nodes;
using Lungfish.EndToEnd.Running;
using Lungfish.Tests.Shared;

namespace Lungfish.EndToEnd.KillTests.Durable;

/// <summary>The durable functions that the kill test runs, and who starts them.</summary>
internal static class DurableWork
{
    /// <summary>What each execution does: a step that may be repeated, one that may not, a wait, a callback, a step
    /// that fails once, branches that wait, another durable function.</summary>
    private const string Code = """
        const { withDurableExecution, StepSemantics } = require("@aws/durable-execution-sdk-js");
        const failed = new Set(); // In this process.

        async function post(path, body) {
            const response = await fetch(process.env.DESK + path, { method: "POST", body: JSON.stringify(body) });
            if (!response.ok) throw new Error(`The desk answered ${response.status}`);
            return await response.text();
        }

        const again = { retryStrategy: (error, attempt) => ({ shouldRetry: attempt < 50, delay: { seconds: 1 } }) };
        const never = { retryStrategy: () => ({ shouldRetry: false }) };

        exports.order = withDurableExecution(async (event, context) => {
            const effect = (step) => post("effect", { execution: event.name, step });
            const charged = await context.step("charge", () => effect("charge"), again);
            let shipped;
            try {
                shipped = await context.step(
                    "ship", () => effect("ship"), { semantics: StepSemantics.AtMostOncePerRetry, ...never });
            } catch (error) {
                shipped = "unknown";
            }
            await context.wait("rest", { seconds: 1 });
            const approved = await context.waitForCallback(
                "approval", (callbackId) => post("callback", { callbackId }), again);
            const flaky = await context.step("flaky", async () => {
                if (event.number % 2 === 0 && !failed.has(event.name)) {
                    failed.add(event.name);
                    throw new Error("the first time");
                }
                return await effect("flaky");
            }, again);
            const branches = await context.parallel("branches", [1, 2, 3].map((n) => async (branch) => {
                await branch.wait("pause", { seconds: 1 });
                return await branch.step("part", () => effect("part" + n), again);
            }));
            const child = await context.invoke("child", process.env.CHILD, { name: event.name, number: event.number });
            return { number: event.number, charged, shipped, approved: JSON.parse(approved), flaky,
                parts: branches.getResults(), child };
        });

        exports.child = withDurableExecution(async (event, context) => {
            await context.wait("rest", { seconds: 1 });
            const receipt = await context.step(
                "child", () => post("effect", { execution: event.name, step: "child" }), again);
            return { doubled: event.number * 2, receipt };
        });
        """;

    public const string FunctionName = "order";

    public static async Task CreateAsync(CrashingServer server, Uri desk)
    {
        await CreateAsync(server, "child", desk);
        await CreateAsync(server, FunctionName, desk);
    }

    /// <summary>Starts executions one after the other, until cancelled.</summary>
    public static async Task StartAsync(
        CrashingServer server, DurableLedger ledger, int seed, CancellationToken cancellationToken)
    {
        const int pauseMillisecondsMax = 400;
        var random = new Random(seed);
        for (var i = 0; !cancellationToken.IsCancellationRequested; i++)
        {
            var number = (seed * 1_000) + i;
            var name = $"order-{number}";
            var input = new JsonObject { ["name"] = name, ["number"] = number };
            var reply = await server.CallAsync(
                api => api.RestAsync(
                    HttpMethod.Post,
                    $"/2015-03-31/functions/{FunctionName}/invocations?Qualifier=$LATEST",
                    input.ToJsonString(),
                    cancellationToken,
                    ("X-Amz-Invocation-Type", "Event"),
                    ("X-Amz-Durable-Execution-Name", name)),
                cancellationToken);
            if (reply.Answer.Headers.TryGetValue("X-Amz-Durable-Execution-Arn", out var arn))
            {
                ledger.NoteStart(new StartedDurable(arn, name, number));
            }
            else
            {
                ledger.Breach($"{name}: the start was refused: {reply.Answer.Body.ToJsonString()}");
            }

            await Task.Delay(random.Next(pauseMillisecondsMax), cancellationToken);
        }
    }

    private static async Task CreateAsync(CrashingServer server, string name, Uri desk)
    {
        var api = await server.GetApiAsync();
        var answer = await api.LambdaAsync(HttpMethod.Post, "functions", new JsonObject
        {
            ["FunctionName"] = name,
            ["Runtime"] = "nodejs20.x",
            ["Handler"] = $"index.{name}",
            ["Role"] = "arn:aws:iam::000000000000:role/any",
            ["Timeout"] = 30,
            ["MemorySize"] = 512,
            // Beyond any run, and beyond what the clock jumps ahead in it: an execution that is stuck must never end.
            ["DurableConfig"] = new JsonObject { ["ExecutionTimeout"] = 86_400, ["RetentionPeriodInDays"] = 1 },
            ["Environment"] = new JsonObject
            {
                ["Variables"] = new JsonObject
                {
                    ["DESK"] = desk.ToString(),
                    ["CHILD"] = "child:$LATEST",
                    ["NODE_PATH"] = Repository.PathOf("tests/js/node_modules"),
                },
            },
            ["Code"] = new JsonObject { ["ZipFile"] = await Zip.OfAsync("index.js", Code) },
        });
        if (!answer.IsSuccess)
        {
            throw new AwsApiException(answer);
        }
    }
}
