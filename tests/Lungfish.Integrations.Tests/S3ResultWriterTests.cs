using System.Text;
using Lungfish.Engine.MapRuns;
using Lungfish.Integrations.Results;
using Lungfish.Integrations.S3;
using Lungfish.Json;
using Lungfish.States.Deciding;
using Lungfish.States.Model;
using Lungfish.Tests.Shared;

namespace Lungfish.Integrations.Tests;

public sealed class S3ResultWriterTests : IDisposable
{
    private const string Id = "11111111-2222-3333-4444-555555555555";

    private static readonly DateTimeOffset s_noon = new(2026, 1, 2, 12, 0, 0, TimeSpan.Zero);

    private static readonly MapRunIdentity s_run = new(
        $"arn:aws:states:us-east-1:000000000000:mapRun:m/L:{Id}",
        Id,
        "arn:aws:states:us-east-1:000000000000:stateMachine:m/L");

    private readonly TemporaryFolder _folder = new();
    private readonly FolderBuckets _store;

    public S3ResultWriterTests()
    {
        _store = new FolderBuckets(_folder["buckets"]);
        _ = Directory.CreateDirectory(_folder["buckets/out"]);
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Write_None_GivesFilesByStatusAndAManifest()
    {
        var result = await WriteAsync(
            WriterConfig.Default, [Succeeded("a", "1"), Failed("b", ExecutionStatus.Failed), Succeeded("c", "[2]")]);

        Assert.Equal(
            $$$"""
            {"MapRunArn":"{{{s_run.Arn}}}","ResultWriterDetails":
            {"Bucket":"out","Key":"results/{{{Id}}}/manifest.json"}}
            """.ReplaceLineEndings(""),
            result.ToText());
        var (failed, succeeded) = (Read("FAILED_0.json"), Read("SUCCEEDED_0.json"));
        Assert.Equal(
            JsonValue.Parse($$"""
                {"DestinationBucket":"out","MapRunArn":"{{s_run.Arn}}","ResultFiles":{
                    "FAILED":[{"Key":"results/{{Id}}/FAILED_0.json","Size":{{failed.Length}} } ],
                    "PENDING":[],
                    "SUCCEEDED":[{"Key":"results/{{Id}}/SUCCEEDED_0.json","Size":{{succeeded.Length}} } ] } }
                """),
            JsonValue.Parse(Read("manifest.json")));
        Assert.Equal(
            JsonValue.Parse("""
                [{"Cause":"why","Error":"E","ExecutionArn":"arn:b","Input":"{\"item\":\"b\"}",
                  "InputDetails":{"Included":true},"Name":"b","RedriveCount":0,"RedriveStatus":"REDRIVABLE_BY_MAP_RUN",
                  "StartDate":"2026-01-02T12:00:00.000Z","StateMachineArn":
                  "arn:aws:states:us-east-1:000000000000:stateMachine:m/L","Status":"FAILED",
                  "StopDate":"2026-01-02T12:00:01.500Z"}]
                """),
            JsonValue.Parse(failed));
        var first = (JsonObject)((JsonArray)JsonValue.Parse(succeeded))[0];
        Assert.Equal("1", first["Output"]);
        Assert.Equal("SUCCEEDED", first["Status"]);
        Assert.Equal("NOT_REDRIVABLE", first["RedriveStatus"]);
    }

    [Theory]
    [InlineData("COMPACT", "JSON", "SUCCEEDED_0.json", """[1,[2,[3]],{"o":4}]""")]
    [InlineData("FLATTEN", "JSON", "SUCCEEDED_0.json", """[1,2,[3],{"o":4}]""")]
    [InlineData("COMPACT", "JSONL", "SUCCEEDED_0.jsonl", "1\n[2,[3]]\n{\"o\":4}\n")]
    [InlineData("FLATTEN", "JSONL", "SUCCEEDED_0.jsonl", "1\n2\n[3]\n{\"o\":4}\n")]
    public async Task Write_Transformation_ShapesTheOutputs(
        string transformation, string type, string file, string text)
    {
        _ = await WriteAsync(
            new WriterConfig { Transformation = transformation, OutputType = type },
            [Succeeded("a", "1"), Succeeded("b", "[2,[3]]"), Succeeded("c", """{"o":4}""")]);

        Assert.Equal(text, Read(file));
    }

    [Theory]
    [InlineData(ExecutionStatus.Failed, "FAILED")]
    [InlineData(ExecutionStatus.TimedOut, "TIMED_OUT")]
    [InlineData(ExecutionStatus.Aborted, "ABORTED")]
    public async Task Write_CompactAndNotSucceeded_IsWrittenWhole(ExecutionStatus status, string text)
    {
        _ = await WriteAsync(new WriterConfig { Transformation = "COMPACT" }, [Failed("a", status)]);

        var record = (JsonObject)((JsonArray)JsonValue.Parse(Read("FAILED_0.json")))[0];
        Assert.Equal(text, record["Status"]);
        Assert.Equal("a", record["Name"]);
    }

    [Fact]
    public async Task Write_ManyResults_AreSplitAndAllThere()
    {
        var config = new WriterConfig { Transformation = "COMPACT" };
        var results = Enumerable.Range(0, 1000).Select(i => Succeeded($"n{i}", $"{i}")).ToList();

        _ = await WriteAsync(config, results, fileBytes: 1000);

        var manifest = JsonValue.Parse(Read("manifest.json")) as JsonObject;
        var files = (manifest?["ResultFiles"] as JsonObject)?["SUCCEEDED"];
        var keys = Assert.IsType<JsonArray>(files).Select(file => ((JsonObject)file)["Key"]).OfType<JsonString>();
        var all = keys.SelectMany(key => (JsonArray)JsonValue.Parse(
            File.ReadAllText(Path.Combine(_folder["buckets/out"], key.Value))));
        Assert.Equal(Enumerable.Range(0, 1000).Select(i => (JsonValue)i), all);
        Assert.InRange(((JsonArray)files).Count, 4, 5); // 3,890 bytes of numbers and commas.
    }

    [Fact]
    public async Task Write_NoResults_GivesAnEmptyManifest()
    {
        _ = await WriteAsync(WriterConfig.Default, []);

        Assert.EndsWith(
            """{"FAILED":[],"PENDING":[],"SUCCEEDED":[]}}""", Read("manifest.json"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Write_NoSuchBucket_FailsAndSaysSo()
    {
        var failure = await Assert.ThrowsAsync<ResultWriterException>(
            () => WriteAsync(WriterConfig.Default, [], bucket: "none"));

        Assert.Contains("s3://none", failure.Message, StringComparison.Ordinal);
        Assert.Contains("NoSuchBucket", failure.Message, StringComparison.Ordinal);
    }

    private static ChildResult Succeeded(string name, string output) => new()
    {
        ExecutionArn = "arn:" + name,
        Name = name,
        Status = ExecutionStatus.Succeeded,
        StartedAt = s_noon,
        StoppedAt = s_noon.AddSeconds(1.5),
        Input = $$"""{"item":"{{name}}"}""",
        Output = output,
    };

    private static ChildResult Failed(string name, ExecutionStatus status) =>
        Succeeded(name, "") with { Status = status, Output = null, Error = "E", Cause = "why" };

    private async Task<JsonValue> WriteAsync(
        WriterConfig config, IReadOnlyList<ChildResult> results, string bucket = "out", int fileBytes = 1 << 20) =>
        await new S3ResultWriter(_store) { FileBytes = fileBytes }.WriteAsync(
            new ResultDestination(
                new ServiceIntegration(
                    "arn:aws:states:::s3:putObject", "s3", "putObject", IntegrationPattern.RequestResponse),
                JsonObject.Of(("Bucket", bucket), ("Prefix", "results")),
                config),
            s_run,
            results.ToAsyncEnumerable(),
            default);

    private string Read(string file) =>
        File.ReadAllText(_folder[$"buckets/out/results/{Id}/{file}"], Encoding.UTF8);
}
