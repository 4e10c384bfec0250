namespace Lungfish.Cli.Tests;

/// <summary>Runs <c>lungfish dev</c> on what <c>cdk synth</c> writes.</summary>
public sealed class DevCloudAssemblyTests : IDisposable
{
    private readonly DirectoryInfo _project = Directory.CreateTempSubdirectory("lungfish-cdk");

    public void Dispose() => _project.Delete(recursive: true);

    [Theory]
    [InlineData("cdk.out")]
    [InlineData("cdk.out/")]
    [InlineData("cdk.out/manifest.json")]
    [InlineData("")]
    public async Task Dev_Assembly_KeepsItsDataBesideIt(string path)
    {
        Synthesise("First");

        await using var dev = await DevRun.StartAsync(Path.Combine(_project.FullName, path));

        Assert.Equal([".lungfish", "cdk.out"], _project.GetDirectories().Select(d => d.Name).Order());
        Assert.False(Directory.Exists(Path.Combine(_project.FullName, "cdk.out/.lungfish")));
    }

    [Fact]
    public async Task Dev_AssemblyIsThrownAwayAndMadeAgain_IsStillWatched()
    {
        Synthesise("First");
        await using var dev = await DevRun.StartAsync(Path.Combine(_project.FullName, "cdk.out"));

        Directory.Delete(Path.Combine(_project.FullName, "cdk.out"), recursive: true);
        await dev.Error.UntilAsync("the file is not there");
        Synthesise("Second");
        await dev.Error.UntilAsync("deployed Second");
        Synthesise("Third");
        await dev.Error.UntilAsync("deployed Third");

        var machines = await dev.RunAsync("machine", "list", "-o", "id");
        Assert.Equal(3, machines.Out.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
    }

    /// <param name="machine">The logical id of its only resource.</param>
    private void Synthesise(string machine)
    {
        var assembly = _project.CreateSubdirectory("cdk.out").FullName;
        File.WriteAllText(
            Path.Combine(assembly, "manifest.json"),
            """
            {"version": "55.0.0", "artifacts": {"Flow": {"type": "aws:cloudformation:stack",
              "environment": "aws://unknown-account/unknown-region",
              "properties": {"templateFile": "Flow.template.json"}}}}
            """);
        File.WriteAllText(
            Path.Combine(assembly, "Flow.template.json"),
            $$"""
            {"Resources": {"{{machine}}": {"Type": "AWS::StepFunctions::StateMachine", "Properties": {
              "RoleArn": "any",
              "DefinitionString": "{\"StartAt\": \"A\", \"States\": {\"A\": {\"Type\": \"Succeed\"} } }"
            } } } }
            """);
    }
}
