using System.Text;
using Lungfish.Deployment.CloudFormation;
using Lungfish.Deployment.Packaging;

namespace Lungfish.Deployment.Tests;

/// <summary>A few lines that would become gigabytes, or lead on for ever, are refused by the limit that they meet.
/// </summary>
public sealed class ResolutionBombTests
{
    private const int StackBytes = 1024 * 1024; // Less than any thread has that reads files.
    private const int Many = 100_000;

    [Theory]
    [InlineData("[\"${self:custom.a#}\", \"${self:custom.a#}\"]")]
    [InlineData("\"${self:custom.a#}${self:custom.a#}\"")]
    [InlineData("{x: \"${self:custom.a#}\", y: {z: \"${self:custom.a#}\"}}")]
    public void Read_VariablesOfVariables_AreRefusedBeforeTheyFillTheMemory(string twice)
    {
        var custom = string.Join(
            ", ",
            Enumerable.Range(1, 60).Select(i => $"a{i}: {twice.Replace("#", $"{i - 1}", StringComparison.Ordinal)}"));

        RefusesService($"custom: {{a0: text, {custom}}}\n", "a60", "the file has more than");
    }

    [Fact]
    public void Read_VariablesInALongRow_AreRefusedBeforeTheyFillTheStack()
    {
        var custom = string.Join(", ", Enumerable.Range(1, Many).Select(i => $"a{i}: \"${{self:custom.a{i - 1}}}\""));

        RefusesService($"custom: {{a0: text, {custom}}}\n", $"a{Many}", "levels and names");
    }

    [Fact]
    public void Read_VariablesInVariables_AreRefusedBeforeTheyFillTheStack() => RefusesService(
        $"custom: {{a: '{string.Concat(Enumerable.Repeat("${self:", Many))}{new string('}', Many)}'}}\n",
        "a",
        "stands in more than 50 others");

    [Theory]
    [InlineData("NaN")]
    [InlineData("Infinity")]
    [InlineData("1e999")]
    public void Read_FallbackIsNoFiniteNumber_IsNoValue(string number)
    {
        var refusal = Refused(() => Services.Read(
            Services.Head + "stepFunctions: {activities: [\"${opt:nothing, " + number + "}\"]}\n"));

        Assert.Contains("are not read yet", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_NamesOfTwoNamesEach_AreRefusedBeforeTheyFillTheMemory() => RefusesTemplate(
        Resources(60, i => $"Name: {(i == 0 ? "text" : $"!Sub '${{R{i - 1}}}${{R{i - 1}}}'")}"),
        "the file has more than");

    [Fact]
    public void Read_NamesInALongRow_AreReadOnASmallStack() => OnASmallStack(
        () => Templates.Read(Resources(150, i => $"Name: {(i == 0 ? "text" : $"!Ref R{i - 1}")}")));

    [Fact]
    public void Read_ConditionsInALongRow_AreRefusedBeforeTheyFillTheStack()
    {
        var conditions = string.Concat(Enumerable.Range(1, Many).Select(i => $"  C{i}: {{Condition: C{i - 1}}}\n"));

        RefusesTemplate(
            $"Conditions:\n  C0: !Equals [a, a]\n{conditions}Resources:\n"
            + $"  A: {{Type: AWS::StepFunctions::Activity, Condition: C{Many}, Properties: {{Name: a}}}}\n",
            "levels and names");
    }

    [Fact]
    public void Read_MoreResourcesThanAStackHas_AreRefused() => RefusesTemplate(
        Resources(501, i => $"Name: a{i}"), "there are 501 of these, more than 500");

    [Fact]
    public void Read_OneTextInEveryPlaceOfALongOne_IsRefusedBeforeItFillsTheMemory()
    {
        var places = string.Concat(Enumerable.Repeat("${S}", Many));

        RefusesTemplate(
            "Resources:\n  M:\n    Type: AWS::StepFunctions::StateMachine\n    Properties:\n"
            + $"      StateMachineName: m\n      DefinitionString: '{places}'\n"
            + $"      DefinitionSubstitutions: {{S: {new string('s', Many)}}}\n",
            "the file has more than");
    }

    [Fact]
    public void Read_ALongTextReferredToByAll_IsRefusedBeforeItFillsTheMemory()
    {
        var references = string.Join(", ", Enumerable.Repeat("!Ref P", Many));

        RefusesTemplate(
            $"Parameters: {{P: {{Type: String, Default: {new string('p', Many)}}}}}\n"
            + $"Resources: {{}}\nOutputs: {{O: {{Value: !Join ['', [{references}]]}}}}\n",
            "the file has more than");
    }

    [Fact]
    public void Read_NothingButProblems_SaysSomeOfThem()
    {
        var unknown = string.Concat(Enumerable.Range(0, Many).Select(i => $"k{i}: 1\n"));

        var refusal = Refused(() => Services.Read(Services.Head + unknown));

        Assert.Equal(200, refusal.Problems.Count);
    }

    [Fact]
    public void Read_LongKeysWithinLongKeys_AreRefusedBeforeTheirPathsFillTheMemory()
    {
        var key = new string('k', 1_000);
        var open = string.Concat(Enumerable.Range(0, 150).Select(i => $"{{{key}: "));

        RefusesTemplate(
            "Resources:\n  M:\n    Type: AWS::Serverless::StateMachine\n    Properties:\n      Name: m\n"
            + $"      Definition: {open}[{string.Join(',', Enumerable.Repeat("1", Many))}]{new string('}', 150)}\n",
            "the file has more than");
    }

    [Fact]
    public void Read_SubstitutesAreAFunctionThemselves_IsRefused() => Assert.Contains(
        "Fn::Sub has arguments of another form",
        Refused(() => Templates.ValueOf("!Sub ['${a}', {Ref: Orders}]")).Message,
        StringComparison.Ordinal);

    [Fact]
    public void Read_AssemblyThatHoldsItself_IsRefused()
    {
        const string Manifest =
            """{"artifacts": {"S": {"type": "cdk:cloud-assembly", "properties": {"directoryName": ""}}}}""";

        var refusal = Refused(() => CloudAssemblyReader.Read("", _ => Manifest, Templates.Options));

        Assert.Contains("or one holds itself", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_ArtifactsInALongRow_AreReadOnASmallStack()
    {
        var artifacts = string.Join(
            ", ", Enumerable.Range(0, Many).Select(i => $"\"a{i}\": {{\"dependencies\": [\"a{i + 1}\"]}}"));

        var refusal = Refused(() => CloudAssemblyReader.Read(
            "", _ => $"{{\"artifacts\": {{{artifacts}}}}}", Templates.Options));

        Assert.Contains("there is no stack in it", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Compile_GlobOfManyStars_DoesNotGoBackAndForth()
    {
        var glob = string.Concat(Enumerable.Repeat("*a", 60)) + "b";

        Assert.True(new PackagePatterns([$"!{glob}"]).Compile()(new string('a', 2_000)));
    }

    private static string Resources(int count, Func<int, string> properties) => "Resources:\n" + string.Concat(
        Enumerable.Range(0, count).Select(
            i => $"  R{i}: {{Type: AWS::Lambda::CapacityProvider, Properties: {{{properties(i)}}}}}\n"
                .Replace("Name:", "CapacityProviderName:", StringComparison.Ordinal)))
        + $"Outputs: {{O: {{Value: !Ref R{count - 1}}}}}\n";

    private static void RefusesService(string custom, string key, string message)
    {
        var text = new StringBuilder(Services.Head).Append(custom)
            .Append("stepFunctions: {activities: [\"${self:custom.").Append(key).Append("}\"]}\n").ToString();

        var refusal = Refused(() => Services.Read(text));

        Assert.Contains(message, refusal.Message, StringComparison.Ordinal);
    }

    private static void RefusesTemplate(string text, string message) =>
        Assert.Contains(message, Refused(() => Templates.Read(text)).Message, StringComparison.Ordinal);

    private static DeploymentException Refused(Action read) =>
        Assert.IsType<DeploymentException>(Record.Exception(() => OnASmallStack(read)));

    private static void OnASmallStack(Action read)
    {
        Exception? failure = null;
        var thread = new Thread(() => failure = Record.Exception(read), StackBytes);
        thread.Start();
        thread.Join();
        if (failure is not null)
        {
            System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(failure);
        }
    }
}
