using System.IO.Compression;
using System.Text.Json.Nodes;
using Lungfish.EndToEnd.Running;
using Lungfish.Tests.Shared;

namespace Lungfish.EndToEnd.Soak;

/// <summary>The functions and machines of the soak run, on a server.</summary>
internal sealed class SoakWork
{
    /// <summary>A durable function in C# that takes a step, waits and takes another.</summary>
    public const string Napping = "napping";

    private const string Role = "arn:aws:iam::000000000000:role/any";
    private const string CSharpHandlers = "Lungfish.DurableConformance.Handlers";

    private static readonly IReadOnlyDictionary<string, (string Runtime, string Code)> s_functions =
        new Dictionary<string, (string, string)>(StringComparer.Ordinal)
        {
            ["ask"] = ("python3.12", """
                import json, urllib.request

                def handler(event, context):
                    request = urllib.request.Request(event["desk"], data=json.dumps(event).encode())
                    urllib.request.urlopen(request, timeout=20).read()
                """),
            ["python"] = ("python3.12", """
                def handler(event, context):
                    print("working on", event["n"])
                    return {"doubled": event["n"] * 2}
                """),
            ["node"] = ("nodejs20.x", """
                exports.handler = async (event) => ({ doubled: event.n * 2 });
                """),
            ["failing"] = ("python3.12", """
                def handler(event, context):
                    raise ValueError("as always")
                """),
            // It leaves a process behind, in a session of its own.
            ["crashing"] = ("python3.12", """
                import os, subprocess

                def handler(event, context):
                    subprocess.Popen(["sleep", "600"], start_new_session=True)
                    os._exit(3)
                """),
            ["hanging"] = ("python3.12", """
                def handler(event, context):
                    while True: pass
                """),
            ["flooding"] = ("nodejs20.x", """
                exports.handler = async () => { for (let i = 0; i < 300; i++) console.log("x".repeat(10000)); };
                """),
        };

    private readonly Dictionary<string, string> _machines = new(StringComparer.Ordinal);

    public required AwsApi Api { get; init; }

    public string MachineOf(SoakKind kind) => _machines[kind.Name];

    public static async Task<SoakWork> CreateAsync(AwsApi api, Uri desk)
    {
        var functions = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, (runtime, code)) in s_functions)
        {
            var (file, handler) = runtime.StartsWith("node", StringComparison.Ordinal)
                ? ("index.js", "index.handler")
                : ("app.py", "app.handler");
            functions[name] = await CreateFunctionAsync(api, new JsonObject
            {
                ["FunctionName"] = name,
                ["Runtime"] = runtime,
                ["Handler"] = handler,
                ["Role"] = Role,
                ["Timeout"] = name == "hanging" ? 1 : 60,
                ["Code"] = new JsonObject { ["ZipFile"] = await Zip.OfAsync(file, code) },
            });
        }

        _ = await CreateFunctionAsync(api, new JsonObject
        {
            ["FunctionName"] = Napping,
            ["Runtime"] = "provided.al2023",
            ["Handler"] = "napping",
            ["Role"] = Role,
            ["Timeout"] = 60,
            ["MemorySize"] = 256,
            ["DurableConfig"] = new JsonObject { ["ExecutionTimeout"] = 300, ["RetentionPeriodInDays"] = 1 },
            ["Code"] = new JsonObject { ["ZipFile"] = await PackHandlersAsync() },
        });
        var activity = await api.GetAsync("CreateActivity", new JsonObject { ["name"] = "nobody" });
        var work = new SoakWork { Api = api };
        foreach (var kind in SoakKind.All)
        {
            var definition = kind.Definition
                .Replace("DESK", desk.ToString(), StringComparison.Ordinal)
                .Replace("ACTIVITY", activity["activityArn"]?.GetValue<string>(), StringComparison.Ordinal);
            foreach (var (name, arn) in functions)
            {
                definition = definition.Replace($"<{name}>", arn, StringComparison.Ordinal);
            }

            var body = new JsonObject { ["name"] = kind.Name, ["definition"] = definition, ["roleArn"] = Role };
            var created = await api.GetAsync("CreateStateMachine", body);
            work._machines[kind.Name] = created["stateMachineArn"]?.GetValue<string>() ?? "";
        }

        return work;
    }

    private static async Task<string> CreateFunctionAsync(AwsApi api, JsonObject function)
    {
        var answer = await api.LambdaAsync(HttpMethod.Post, "functions", function);
        return answer.Body["FunctionArn"]?.GetValue<string>() ?? throw new AwsApiException(answer);
    }

    /// <summary>The handlers of the conformance run, as a user deploys a program on the C# SDK.</summary>
    private static async Task<string> PackHandlersAsync()
    {
        var build = Path.GetFileName(Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory));
        var folder = Path.GetFullPath(Path.Combine(AppContext.BaseDirectory, "..", "..", CSharpHandlers, build));
        using var bytes = new MemoryStream();
        await using (var zip = new ZipArchive(bytes, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (var path in Directory.EnumerateFiles(folder))
            {
                if (Path.GetExtension(path) is ".dll" or ".json")
                {
                    _ = await zip.CreateEntryFromFileAsync(path, Path.GetFileName(path), CompressionLevel.Fastest);
                }
            }

            _ = await zip.CreateEntryFromFileAsync(
                Path.Combine(folder, CSharpHandlers), "bootstrap", CompressionLevel.Fastest);
        }

        return Convert.ToBase64String(bytes.ToArray());
    }
}
