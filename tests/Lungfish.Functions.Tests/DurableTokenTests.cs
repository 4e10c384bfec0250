using System.Text;
using Lungfish.Json;
using Lungfish.Server.Hosting;

namespace Lungfish.Functions.Tests;

/// <summary>A durable function that misuses its tokens, from outside over HTTP: what was done is done once, what is
/// stale or forged is refused, and the execution stays what it is.</summary>
public sealed class DurableTokenTests : IDisposable
{
    private const string Abuser = """
        import http.client, json, os, urllib.parse

        HOST = urllib.parse.urlparse(os.environ['AWS_ENDPOINT_URL']).netloc
        EXECUTIONS = '/2025-12-01/durable-executions/'
        CALLBACKS = '/2025-12-01/durable-execution-callbacks/'

        def call(path, body):
            api = http.client.HTTPConnection(HOST)
            api.request('POST', path, json.dumps(body), {'Content-Type': 'application/json'})
            answer = api.getresponse()
            return answer.status, answer.getheader('x-amzn-ErrorType') or '', json.loads(answer.read() or '{}')

        def checkpoint(arn, token, client, *updates):
            body = {'CheckpointToken': token, 'ClientToken': client, 'Updates': list(updates)}
            return call(EXECUTIONS + urllib.parse.quote(arn, safe='') + '/checkpoint', body)

        def step(name):
            return {'Id': name, 'Name': name, 'Type': 'STEP', 'Action': 'START'}

        def changed(token):
            middle = len(token) // 2
            return token[:middle] + ('A' if token[middle] != 'A' else 'B') + token[middle + 1:]

        def handler(event, context):
            arn, token = event['DurableExecutionArn'], event['CheckpointToken']
            seen = {}
            status, _, first = checkpoint(arn, token, 'one', step('a'))
            seen['first'] = status
            status, _, again = checkpoint(arn, token, 'one', step('a'))
            seen['the same again'] = status, again.get('CheckpointToken') == first['CheckpointToken']
            seen['used, other body'] = checkpoint(arn, token, 'two', step('b'))[:2]
            current = first['CheckpointToken']
            seen['bit flipped'] = checkpoint(arn, changed(current), 'three', step('b'))[:2]
            seen['cut'] = checkpoint(arn, current[:-4], 'four', step('b'))[:2]
            status, _, second = checkpoint(
                arn, current, 'five', {'Id': 'cb', 'Name': 'cb', 'Type': 'CALLBACK', 'Action': 'START'})
            seen['current'] = status
            callback = [o for o in second['NewExecutionState']['Operations'] if o['Id'] == 'cb'][0]
            identifier = urllib.parse.quote(callback['CallbackDetails']['CallbackId'], safe='')
            forged = urllib.parse.quote(changed(callback['CallbackDetails']['CallbackId']), safe='')
            seen['forged callback'] = call(CALLBACKS + forged + '/succeed', 1)[:2]
            seen['callback'] = call(CALLBACKS + identifier + '/succeed', 1)[0]
            for late in ['succeed', 'fail', 'heartbeat']:
                seen['late ' + late] = call(CALLBACKS + identifier + '/' + late, {})[:2]
            return {'Status': 'SUCCEEDED', 'Result': json.dumps(seen)}
        """;

    private readonly DirectoryInfo _data = Directory.CreateTempSubdirectory("lungfish-durable-");

    public void Dispose() => _data.Delete(recursive: true);

    [Fact]
    public async Task Tokens_Misused_AreRefusedAndTheExecutionHasWhatWasAcknowledged()
    {
        var stop = TestContext.Current.CancellationToken;
        await using var server = await LungfishServer.StartAsync(
            new ServerOptions
            {
                DataDirectory = _data.FullName,
                Urls = ["http://127.0.0.1:0"],
                ConfigureLogging = _ => { },
            },
            stop);
        using var client = new HttpClient { BaseAddress = server.Url };
        var function = JsonObject.Of(
            ("FunctionName", "abuser"),
            ("Runtime", "python3.12"),
            ("Handler", "app.handler"),
            ("Role", "arn:aws:iam::000000000000:role/r"),
            ("Timeout", 60),
            ("DurableConfig", JsonObject.Of(("ExecutionTimeout", 300))),
            ("Code", JsonObject.Of(
                ("ZipFile", Convert.ToBase64String(FunctionHost.ZipOf(("app.py", Abuser)).ToArray())))));
        using var created = await PostAsync(client, "/2015-03-31/functions", function.ToText());
        Assert.True(created.IsSuccessStatusCode, await created.Content.ReadAsStringAsync(stop));

        using var answer = await PostAsync(
            client, "/2015-03-31/functions/abuser/invocations?Qualifier=$LATEST", "{}");

        const string Invalid = "InvalidParameterValueException";
        const string Late = "CallbackTimeoutException";
        var seen = Assert.IsType<JsonObject>(JsonValue.Parse(await answer.Content.ReadAsStringAsync(stop)));
        Assert.Equal("200", TextOf(seen, "first"));
        Assert.Equal("[200,true]", TextOf(seen, "the same again"));
        Assert.Equal($"[400,\"{Invalid}\"]", TextOf(seen, "used, other body"));
        Assert.Equal($"[400,\"{Invalid}\"]", TextOf(seen, "bit flipped"));
        Assert.Equal($"[400,\"{Invalid}\"]", TextOf(seen, "cut"));
        Assert.Equal("200", TextOf(seen, "current"));
        Assert.Equal($"[400,\"{Invalid}\"]", TextOf(seen, "forged callback"));
        Assert.Equal("200", TextOf(seen, "callback"));
        Assert.Equal($"[400,\"{Late}\"]", TextOf(seen, "late succeed"));
        Assert.Equal($"[400,\"{Late}\"]", TextOf(seen, "late fail"));
        Assert.Equal($"[400,\"{Late}\"]", TextOf(seen, "late heartbeat"));
        Assert.Equal(
            ["ExecutionStarted", "StepStarted", "CallbackStarted", "CallbackSucceeded", "InvocationCompleted",
                "ExecutionSucceeded"],
            await HistoryAsync(client, answer.Headers.GetValues("X-Amz-Durable-Execution-Arn").Single()));
    }

    private static string TextOf(JsonObject json, string name) => json[name]?.ToText() ?? "nothing";

    private static async Task<string[]> HistoryAsync(HttpClient client, string arn)
    {
        var text = await client.GetStringAsync(
            new Uri($"/2025-12-01/durable-executions/{Uri.EscapeDataString(arn)}/history", UriKind.Relative),
            TestContext.Current.CancellationToken);
        var events = Assert.IsType<JsonArray>(Assert.IsType<JsonObject>(JsonValue.Parse(text))["Events"]);
        return [.. events.Select(e => ((JsonString?)((JsonObject)e)["EventType"])?.Value ?? "")];
    }

    private static async Task<HttpResponseMessage> PostAsync(HttpClient client, string path, string body)
    {
        using var content = new StringContent(body, Encoding.UTF8, "application/json");
        return await client.PostAsync(
            new Uri(path, UriKind.Relative), content, TestContext.Current.CancellationToken);
    }
}
