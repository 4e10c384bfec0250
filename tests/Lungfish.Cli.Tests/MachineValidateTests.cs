using Lungfish.Json;

namespace Lungfish.Cli.Tests;

public sealed class MachineValidateTests : IDisposable
{
    private const string Good = """{"StartAt":"A","States":{"A":{"Type":"Succeed"}}}""";

    private const string Dangling =
        """
        {
          "StartAt": "A",
          "States": {
            "A": { "Type": "Pass", "Next": "a" },
            "B": { "Type": "Fail", "Error": "$.error" }
          }
        }
        """;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("lungfish-validate");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task Validate_GoodFile_SaysSoAndEndsWith0()
    {
        var file = Write("good.asl.json", Good);

        var run = await CliRun.Of(new NoServer(), "machine", "validate", file);

        Assert.Equal((0, ""), (run.ExitCode, run.Out));
        Assert.Contains("is valid", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Validate_Errors_AreToldAsCompilersDoAndEndWith1()
    {
        var file = Write("bad.asl.json", Dangling);

        var run = await CliRun.Of(new NoServer(), "machine", "validate", file);

        Assert.Equal(1, run.ExitCode);
        Assert.Equal(
            $"""
            {file}:5:28: warning NO_PATH: The value of the field 'Error' looks like a path
              /States/B/Error: It is taken as it is written; name the field 'ErrorPath' to have it evaluated.
            {file}:4:28: error MISSING_TRANSITION_TARGET: Missing 'Next' target: a
              /States/A/Next: Did you mean 'A'? Case matters.
            {file}:5:5: error MISSING_TRANSITION_TARGET: State "B" is not reachable.
              /States/B: Let another state lead to it, or remove it.

            """,
            run.Out);
    }

    [Fact]
    public async Task Validate_WarningsAlone_EndWith0()
    {
        var run = await CliRun.WithInput(
            """{"StartAt":"A","States":{"A":{"Type":"Fail","Error":"$.e"}}}""",
            new NoServer(), "machine", "validate", "-");

        Assert.Equal(0, run.ExitCode);
        Assert.StartsWith("<stdin>:1:45: warning NO_PATH: ", run.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Validate_NoJson_IsOneLineAtItsPlace()
    {
        var run = await CliRun.WithInput("not a definition", new NoServer(), "machine", "validate", "-");

        Assert.Equal(1, run.ExitCode);
        Assert.Equal(
            "<stdin>:1:4: error INVALID_JSON_DESCRIPTION: Unrecognized token 'not': was expecting (JSON String, "
                + "Number, Array, Object or token 'null', 'true' or 'false')\n"
                + "  Check the JSON at that place: quotes, commas and brackets.\n",
            run.Out);
    }

    [Theory]
    [InlineData("standard", 0)]
    [InlineData("express", 1)]
    public async Task Validate_Type_SaysWhatTheMachineCanDo(string type, int exitCode)
    {
        const string definition =
            """
            {"StartAt":"A","States":{"A":{"Type":"Task","End":true,
             "Resource":"arn:aws:states:::lambda:invoke.waitForTaskToken",
             "Parameters":{"FunctionName":"f","t.$":"$$.Task.Token"}}}}
            """;

        var run = await CliRun.WithInput(definition, new NoServer(), "machine", "validate", "-", "--type", type);

        Assert.Equal(exitCode, run.ExitCode);
    }

    [Theory]
    [InlineData("--json")]
    [InlineData("--output=json")]
    public async Task Validate_AsJson_HasEveryMember(string option)
    {
        var run = await CliRun.WithInput(
            """{"Version":"2","StartAt":"A","States":{"A":{"Type":"Fail"}}}""",
            new NoServer(), "machine", "validate", "-", option);

        Assert.Equal(1, run.ExitCode);
        var finding = Assert.IsType<JsonObject>(Assert.Single(Assert.IsType<JsonArray>(JsonValue.Parse(run.Out))));
        Assert.Equal(
            JsonValue.Parse(
                """
                {"severity":"ERROR","code":"SCHEMA_VALIDATION_FAILED",
                 "message":"Value should be one of the following: [1.0]",
                 "location":"/Version","pointer":"/Version","hint":"Write '1.0'; case matters.",
                 "file":"<stdin>","line":1,"column":2}
                """).ToText(),
            finding.ToText());
    }

    [Fact]
    public async Task Validate_DistributedMapOverS3_IsKnownHere()
    {
        const string definition =
            """
            {"StartAt":"M","States":{"M":{"Type":"Map","End":true,
             "ItemReader":{"Resource":"arn:aws:states:::s3:getObject","Parameters":{"Bucket":"b","Key":"k"},
              "ReaderConfig":{"InputType":"JSON"}},
             "ResultWriter":{"Resource":"arn:aws:states:::s3:putObject","Parameters":{"Bucket":"b","Prefix":"p"}},
             "ItemProcessor":{"ProcessorConfig":{"Mode":"DISTRIBUTED","ExecutionType":"STANDARD"},
              "StartAt":"P","States":{"P":{"Type":"Pass","End":true}}}}}}
            """;

        var run = await CliRun.WithInput(definition, new NoServer(), "machine", "validate", "-");

        Assert.Equal((0, ""), (run.ExitCode, run.Out));
    }

    [Fact]
    public async Task Validate_FileThatIsNotThere_EndsWith2()
    {
        var run = await CliRun.Of(
            new NoServer(), "machine", "validate", Path.Combine(_folder.FullName, "missing.json"));

        Assert.Equal(2, run.ExitCode);
    }

    private string Write(string name, string text)
    {
        var path = Path.Combine(_folder.FullName, name);
        File.WriteAllText(path, text);
        return path;
    }
}
